import NIOCore
import Synchronization

/// Ready bodies of kept reports, so that a report that many look at is rendered once.
final class BodyCache: Sendable {
    struct Key: Hashable, Sendable {
        let id: String
        let form: ReportForm
    }

    /// A body and when its report is deleted, in seconds since 1970-01-01 UTC.
    struct Entry: Sendable {
        let body: ByteBuffer
        let expires: Int64
    }

    /// A page with its evidence takes about 130 kB.
    static let mostBytes = 32 << 20

    private struct State {
        var entries: [Key: Entry] = [:]
        /// From the oldest to the newest.
        var order: [Key] = []
        var bytes = 0
    }

    private let state = Mutex(State())

    func entry(_ key: Key, at now: Int64) -> Entry? {
        state.withLock { state in
            guard let entry = state.entries[key], entry.expires > now else { return nil }
            return entry
        }
    }

    func store(_ entry: Entry, as key: Key) {
        state.withLock { state in
            guard state.entries[key] == nil, entry.body.readableBytes <= Self.mostBytes else {
                return
            }
            state.entries[key] = entry
            state.order.append(key)
            state.bytes += entry.body.readableBytes
            while state.bytes > Self.mostBytes, let oldest = state.order.first {
                state.order.removeFirst()
                state.bytes -= state.entries.removeValue(forKey: oldest)?.body.readableBytes ?? 0
            }
        }
    }

    func forget(_ id: String) {
        state.withLock { state in
            for key in state.order where key.id == id {
                state.bytes -= state.entries.removeValue(forKey: key)?.body.readableBytes ?? 0
            }
            state.order.removeAll { $0.id == id }
        }
    }
}

/// The forms in which a kept report can be had.
enum ReportForm: String, Hashable, Sendable, CaseIterable {
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
