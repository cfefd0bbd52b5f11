import NetNames
import Reports
import Synchronization

/// One-time mail addresses, each with the report that waits for its mail.
///
/// They are forgotten after their time, and as soon as their report is deleted.
final class MailAddresses: Sendable {
    let domain: String
    private let clock: @Sendable () -> Int64

    struct Address: Sendable {
        /// Of the report that the mail will have.
        let id: String
        let mailbox: String
        /// Proves that somebody may delete the report.
        let token: String
        /// Whether the mail was judged.
        var hasCome = false
    }

    private enum Stage {
        case waiting
        /// A mail is being judged.
        case judging
        /// What later mails are told; nil where there was no room for it.
        case judged(SMTPReport?)
    }

    private struct Entry {
        /// Nil once nobody can ask for its end any more.
        var job: CheckJob?
        let localPart: String
        let token: String
        let expires: Int64
        var stage = Stage.waiting
        /// Bytes that it holds: of the reply, and of what no store would take.
        var weight = 0

        var reply: SMTPReport? {
            guard case .judged(let reply) = stage else { return nil }
            return reply
        }

        var isJudged: Bool {
            guard case .judged = stage else { return false }
            return true
        }
    }

    private struct State {
        /// By the report's name.
        var entries: [String: Entry] = [:]
        /// The reports' names by local part.
        var names: [String: String] = [:]
        var bytes = 0

        mutating func forget(_ id: String) {
            guard let entry = entries.removeValue(forKey: id) else { return }
            names[entry.localPart] = nil
            bytes -= entry.weight
        }
    }

    private let state = Mutex(State())

    /// Seconds that an address waits: the time to write a mail, and for a queue to send it.
    static let lifetime: Int64 = 1800
    /// Addresses at once.
    static let most = 1000
    /// Bytes of replies for later mails, some two kilobytes each, and of reports that no store would
    /// take, a mebibyte where somebody's DNS wants to fill us up.
    private static let mostBytes = 16 << 20

    /// - Parameters:
    ///   - domain: What stands behind the `@`.
    ///   - clock: Seconds since 1970-01-01 UTC.
    init(domain: String, clock: @escaping @Sendable () -> Int64) {
        self.domain = domain
        self.clock = clock
    }

    /// Makes an address.
    /// - Returns: It, and the report's name.
    /// - Throws: ``WebError`` when too many wait.
    func make() throws(WebError) -> Address {
        sweep()
        let job = CheckJob(id: RandomName.make())
        let entry = Entry(
            job: job, localPart: RandomName.localPart(), token: RandomName.make(),
            expires: clock() + Self.lifetime)
        let hasRoom = state.withLock { state in
            guard state.entries.count < Self.most else { return false }
            state.entries[job.id] = entry
            state.names[entry.localPart] = job.id
            return true
        }
        guard hasRoom else { throw .overloaded }
        return address(job.id, entry)
    }

    /// The address that a report waits for; nil when its time is over.
    func address(_ id: String) -> Address? {
        let time = clock()
        return state.withLock { state in
            guard let entry = state.entries[id], entry.expires > time else { return nil }
            return address(id, entry)
        }
    }

    private func address(_ id: String, _ entry: Entry) -> Address {
        Address(
            id: id, mailbox: "\(entry.localPart)@\(domain)", token: entry.token,
            hasCome: entry.isJudged)
    }

    func job(_ id: String) -> CheckJob? { state.withLock { $0.entries[id]?.job } }

    /// The job of a report whose mail has come; who asks for others would wait for long.
    func endedJob(_ id: String) -> CheckJob? {
        let time = clock()
        return state.withLock { state in
            guard let entry = state.entries[id], entry.isJudged, let job = entry.job,
                !job.isStale(at: time)
            else { return nil }
            return job
        }
    }

    // MARK: Mails

    enum Claim {
        /// The first one: it is to be judged, then ``settle(_:_:evidence:)`` or ``release(_:)``.
        case first(CheckJob, token: String)
        case known(SMTPReport)
        /// Another connection's mail to this address is being judged, or was, and is not at hand.
        case busy
    }

    /// Whether a mail to this recipient is judged, and by whom.
    /// - Returns: Nil if there is no such address, or no longer.
    func claim(_ recipient: [UInt8]) -> Claim? {
        let localPart = Self.localPart(of: recipient)
        let time = clock()
        return state.withLock { state in
            guard let id = state.names[localPart], let entry = state.entries[id],
                entry.expires > time
            else { return nil }
            if let reply = entry.reply { return .known(reply) }
            guard case .waiting = entry.stage, let job = entry.job else { return .busy }
            state.entries[id]?.stage = .judging
            return .first(job, token: entry.token)
        }
    }

    /// The mail could not be judged: another one may.
    func release(_ id: String) {
        state.withLock { $0.entries[id]?.stage = .waiting }
    }

    /// Keeps the reply for later mails.
    /// - Parameters:
    ///   - id: Of the report.
    ///   - reply: What the first mail is told.
    ///   - evidence: Bytes that the job will hold, for no store would take them.
    /// - Returns: Whether there is room for those bytes; the address may be gone meanwhile.
    func settle(_ id: String, _ reply: SMTPReport, evidence: Int) -> Bool {
        state.withLock { state in
            guard state.entries[id] != nil else { return false }
            let room = Self.mostBytes - state.bytes
            let words = reply.weight <= room ? reply.weight : 0
            let hasRoom = words + evidence <= room
            let weight = words + (hasRoom ? evidence : 0)
            state.entries[id]?.stage = .judged(words > 0 ? reply : nil)
            state.entries[id]?.weight = weight
            state.bytes += weight
            return hasRoom
        }
    }

    // MARK: Forgetting

    /// Forgets the addresses of reports that are gone.
    func forget(_ ids: [String]) {
        state.withLock { state in
            for id in ids { state.forget(id) }
        }
    }

    /// Forgets addresses past their time and tells those who still watch; forgets what no store
    /// would take a minute after it was found out.
    func sweep() {
        let time = clock()
        let gone = state.withLock { state in
            var gone: [CheckJob] = []
            for (id, entry) in state.entries {
                if entry.expires <= time {
                    state.forget(id)
                    if case .waiting = entry.stage { entry.job.map { gone.append($0) } }
                } else if let job = entry.job, job.isStale(at: time) {
                    let weight = entry.reply?.weight ?? 0
                    state.entries[id]?.job = nil
                    state.entries[id]?.weight = weight
                    state.bytes -= entry.weight - weight
                }
            }
            return gone
        }
        for job in gone { job.end(.failed(.gone), at: time) }
    }

    /// What stands before the last `@`, in lower case: servers on the way may change the case.
    private static func localPart(of recipient: [UInt8]) -> String {
        let end = recipient.lastIndex(of: UInt8(ascii: "@")) ?? recipient.endIndex
        return String(decoding: recipient[..<end].map(Ascii.lowercased), as: UTF8.self)
    }
}

extension SMTPReport {
    /// Bytes in memory; an array's place for a line has sixteen.
    fileprivate var weight: Int { lines.reduce(0) { $0 + $1.utf8.count + 16 } }
}
