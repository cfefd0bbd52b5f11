package import NIOCore
import Synchronization

/// Ready bodies of kept reports, so that a report that many look at is rendered once.
///
/// A report may be deleted while its body is being made: such a body is given to those who asked
/// before, and not kept.
package final class BodyCache: Sendable {
    package struct Key: Hashable, Sendable {
        package let id: String
        package let form: ReportForm

        package init(id: String, form: ReportForm) {
            self.id = id
            self.form = form
        }
    }

    /// A body, whose it is, and when its report is deleted.
    package struct Entry: Sendable {
        package let body: ByteBuffer
        /// Where the owner's form goes, as a number of bytes; nil where the form has none.
        package let ownerPlace: Int?
        /// The digest of the owner's token.
        package let owner: OwnerDigest
        /// Seconds since 1970-01-01 UTC.
        package let expires: Int64

        package init(
            body: ByteBuffer, ownerPlace: Int? = nil, owner: OwnerDigest, expires: Int64
        ) {
            self.body = body
            self.ownerPlace = ownerPlace
            self.owner = owner
            self.expires = expires
        }
    }

    /// A page with its evidence takes about 130 kB.
    static let mostBytes = 32 << 20
    /// Bodies being made at once: the processors are few, and each may take megabytes meanwhile.
    static let mostMakers = 64

    private struct State {
        var entries: [Key: Entry] = [:]
        /// From the oldest to the newest.
        var order: [Key] = []
        var bytes = 0
        /// Bodies being made, by report.
        var makers: [String: Int] = [:]
        var makerCount = 0
        /// Reports that are gone since a body of theirs began to be made.
        var goneMeanwhile: Set<String> = []
    }

    private let state = Mutex(State())

    package init() {}

    /// The ready body, or the one that is made now.
    /// - Parameters:
    ///   - key: Which body.
    ///   - now: Seconds since 1970-01-01 UTC.
    ///   - make: Reads the report and renders it.
    /// - Returns: The body.
    /// - Throws: ``WebError`` when too many are being made, or what `make` throws.
    package func entry(
        _ key: Key, at now: Int64, make: () async throws -> Entry
    ) async throws -> Entry {
        if let ready = ready(key, at: now) { return ready }
        return try await making(key.id) {
            let made = try await make()
            store(made, as: key)
            return made
        }
    }

    /// Does the work of rendering, unless too many do.
    /// - Throws: ``WebError``, or what `work` throws.
    func making<Value>(_ id: String, _ work: () async throws -> Value) async throws -> Value {
        guard begin(id) else { throw WebError.crowded }
        defer { end(id) }
        return try await work()
    }

    /// Forgets reports that were deleted, and what is being made of them.
    package func forget(_ ids: [String]) {
        guard !ids.isEmpty else { return }
        state.withLock { state in
            for id in ids where state.makers[id] != nil { state.goneMeanwhile.insert(id) }
            let gone = Set(ids)
            for key in state.order where gone.contains(key.id) {
                state.bytes -= state.entries.removeValue(forKey: key)?.body.readableBytes ?? 0
            }
            state.order.removeAll { gone.contains($0.id) }
        }
    }

    private func ready(_ key: Key, at now: Int64) -> Entry? {
        state.withLock { state in
            guard let entry = state.entries[key], entry.expires > now else { return nil }
            return entry
        }
    }

    private func begin(_ id: String) -> Bool {
        state.withLock { state in
            guard state.makerCount < Self.mostMakers else { return false }
            state.makerCount += 1
            state.makers[id, default: 0] += 1
            return true
        }
    }

    private func end(_ id: String) {
        state.withLock { state in
            state.makerCount -= 1
            let left = (state.makers[id] ?? 1) - 1
            state.makers[id] = left > 0 ? left : nil
            if left <= 0 { state.goneMeanwhile.remove(id) }
        }
    }

    private func store(_ entry: Entry, as key: Key) {
        state.withLock { state in
            guard !state.goneMeanwhile.contains(key.id), state.entries[key] == nil,
                entry.body.readableBytes <= Self.mostBytes
            else { return }
            state.entries[key] = entry
            state.order.append(key)
            state.bytes += entry.body.readableBytes
            while state.bytes > Self.mostBytes, let oldest = state.order.first {
                state.order.removeFirst()
                state.bytes -= state.entries.removeValue(forKey: oldest)?.body.readableBytes ?? 0
            }
        }
    }
}

/// The forms in which a kept report can be had.
package enum ReportForm: String, Hashable, Sendable, CaseIterable {
    case html
    case json
    case markdown = "md"
    case text = "txt"

    var contentType: String {
        switch self {
        case .html: "text/html; charset=utf-8"
        case .json: "application/json"
        case .markdown: "text/markdown; charset=utf-8"
        case .text: "text/plain; charset=utf-8"
        }
    }
}
