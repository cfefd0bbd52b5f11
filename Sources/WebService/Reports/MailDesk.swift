import NetNames
package import Reports
import SenderIdentity
import Synchronization

/// What came of a mail.
package enum MailArrival: Sendable {
    /// Judged; the report's address where the service knows its own.
    case told(Report, url: String?)
    /// There is no such address, or no longer.
    case unknown
    /// The check could not be carried out; another mail may find it out.
    case failed
}

/// One-time mail addresses, each with the report that waits for its mail.
///
/// The first mail to an address is judged, and its report kept; later ones are told the same. Who
/// does not know an address gets nothing looked up.
final class MailDesk: Sendable {
    let domain: String
    private let desk: CheckDesk

    struct Address: Sendable {
        /// Of the report that the mail will have.
        let id: String
        let mailbox: String
        /// Proves that somebody may delete the report.
        let token: String
    }

    private struct Entry {
        let job: CheckJob
        let localPart: String
        let token: String
        let expires: Int64
        /// Whether a mail is being judged, or was.
        var isTaken = false
        /// Of the mail that was judged; without its evidence where there was no room for it.
        var found: (subject: Subject, evidence: Evidence?)?
    }

    private struct State {
        /// By the report's name.
        var entries: [String: Entry] = [:]
        var names: [String: String] = [:]
        /// Of all evidence that is kept here for later mails.
        var bytes = 0
    }

    private let state = Mutex(State())

    /// Seconds that an address waits: the time to write a mail, and for a queue to send it.
    static let lifetime: Int64 = 1800
    /// Addresses at once.
    static let most = 1000
    /// Evidence kept for later mails to the same addresses, beyond which they are put off.
    ///
    /// Some twenty kilobytes a mail, a mebibyte where somebody's DNS wants to fill us up.
    static let mostBytes = 32 << 20

    init(domain: String, desk: CheckDesk) {
        self.domain = domain
        self.desk = desk
    }

    /// Makes an address.
    /// - Returns: It, and the report's name.
    /// - Throws: ``WebError`` when too many wait.
    func make() throws(WebError) -> Address {
        sweep()
        let job = CheckJob(id: RandomName.make())
        let localPart = RandomName.localPart()
        let token = RandomName.make()
        let expires = desk.now + Self.lifetime
        let hasRoom = state.withLock { state in
            guard state.entries.count < Self.most else { return false }
            state.entries[job.id] = Entry(
                job: job, localPart: localPart, token: token, expires: expires)
            state.names[localPart] = job.id
            return true
        }
        guard hasRoom else { throw .overloaded }
        return Address(id: job.id, mailbox: "\(localPart)@\(domain)", token: token)
    }

    /// The address that a report waits for; nil when its time is over.
    func address(_ id: String) -> Address? {
        let time = desk.now
        return state.withLock { state in
            guard let entry = state.entries[id], entry.expires > time else { return nil }
            return Address(
                id: id, mailbox: "\(entry.localPart)@\(domain)", token: entry.token)
        }
    }

    func job(_ id: String) -> CheckJob? { state.withLock { $0.entries[id]?.job } }

    /// The job of a report whose mail has come; who asks for others would wait for long.
    func endedJob(_ id: String) -> CheckJob? {
        state.withLock { state in
            state.entries[id].flatMap { $0.found == nil ? nil : $0.job }
        }
    }

    /// Forgets addresses past their time, and tells those who still watch.
    func sweep() {
        let time = desk.now
        let gone = state.withLock { state in
            let gone = state.entries.filter { $0.value.expires <= time }
            for (id, entry) in gone {
                state.entries[id] = nil
                state.names[entry.localPart] = nil
                state.bytes -= entry.found?.evidence?.weight ?? 0
            }
            return gone.values.filter { !$0.isTaken }.map(\.job)
        }
        for job in gone { job.end(.failed(.gone), at: time) }
    }

    // MARK: Mails

    private enum Course {
        /// The first one: it is judged.
        case first(Entry)
        case known(Subject, Evidence)
        /// Another connection's mail to this address is being judged, or was, and is not at hand.
        case busy
    }

    func arrival(
        of recipient: [UInt8], from client: Subject, publicURL: String
    ) async -> MailArrival {
        let localPart = Self.localPart(of: recipient)
        let time = desk.now
        let found = state.withLock { state -> (id: String, course: Course)? in
            guard let id = state.names[localPart], let entry = state.entries[id],
                entry.expires > time
            else { return nil }
            if let found = entry.found {
                return (id, found.evidence.map { .known(found.subject, $0) } ?? .busy)
            }
            guard !entry.isTaken else { return (id, .busy) }
            state.entries[id]?.isTaken = true
            return (id, .first(entry))
        }
        guard let (id, course) = found else { return .unknown }
        let url = publicURL.isEmpty ? nil : "\(publicURL)/r/\(id)"
        switch course {
        case .known(let subject, let evidence):
            return .told(Report(subject: subject, evidence: evidence), url: url)
        case .busy: return .failed
        case .first(let entry):
            entry.job.report("\(client.address) has connected")
            guard let evidence = try? await desk.evidence(about: client) else {
                state.withLock { $0.entries[id]?.isTaken = false }
                return .failed
            }
            desk.metrics.countMail()
            await end(entry, client, evidence)
            return .told(Report(subject: client, evidence: evidence), url: url)
        }
    }

    /// Keeps the report and wakes those who wait for it.
    private func end(_ entry: Entry, _ subject: Subject, _ evidence: Evidence) async {
        let outcome: CheckJob.Outcome
        do {
            try await desk.keep(evidence, of: subject, as: entry.job.id, token: entry.token)
            outcome = .kept
        } catch {
            // Without its store the service still says what it found out.
            outcome = .unkept(subject, evidence)
        }
        state.withLock { state in
            guard state.entries[entry.job.id] != nil else { return }
            let isKept = state.bytes + evidence.weight <= Self.mostBytes
            if isKept { state.bytes += evidence.weight }
            state.entries[entry.job.id]?.found = (subject, isKept ? evidence : nil)
        }
        entry.job.end(outcome, at: desk.now)
    }

    /// What stands before the last `@`, in lower case: servers on the way may change the case.
    private static func localPart(of recipient: [UInt8]) -> String {
        let end = recipient.lastIndex(of: UInt8(ascii: "@")) ?? recipient.endIndex
        return String(decoding: recipient[..<end].map(Ascii.lowercased), as: UTF8.self)
    }
}
