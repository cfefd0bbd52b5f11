import FilterProtocols
import MailListener
import NetNames
import Reports
import SenderIdentity
import Synchronization

/// One server's connection to the listener: its checks, which begin when it says who it is.
///
/// MAIL FROM makes another subject than EHLO alone. Its look-ups wait for those under way: by then
/// the answers they share are remembered.
final class MailVisit: Sendable {
    typealias Check = Task<Report, any Error>

    private struct State {
        var checks: [Subject: Check] = [:]
        var last: Subject?
        /// Asked for at a recipient, each once, in order.
        var told: [Subject] = []
    }

    let address: IPAddress
    private let collect: @Sendable (Subject) async throws -> Report
    private let state = Mutex(State())

    /// Subjects whose look-ups begin before a recipient wants them: EHLO and MAIL, twice for TLS.
    private static let mostAhead = 4

    init(address: IPAddress, collect: @escaping @Sendable (Subject) async throws -> Report) {
        self.address = address
        self.collect = collect
    }

    func prepare(_ client: SMTPClient) {
        let subject = client.subject
        let hasRoom = state.withLock { $0.checks.count < Self.mostAhead }
        if hasRoom { _ = check(subject) }
    }

    /// The reply to a recipient: the verdict, or why there is none.
    func decide(_ client: SMTPClient) async -> SMTPDecision {
        let subject = client.subject
        let check = check(subject)
        state.withLock { state in
            if !state.told.contains(subject) { state.told.append(subject) }
        }
        guard let report = try? await check.value else { return .unknown }
        return SMTPDecision(SMTPReport(report))
    }

    /// The reports that were told, or, where no recipient came, that of who it said it was.
    func reports() async -> [Report] {
        let checks = state.withLock { state in
            (state.told.isEmpty ? state.last.map { [$0] } ?? [] : state.told)
                .compactMap { state.checks[$0] }
        }
        var reports: [Report] = []
        for check in checks {
            if let report = try? await check.value { reports.append(report) }
        }
        return reports
    }

    private func check(_ subject: Subject) -> Check {
        state.withLock { state in
            if let known = state.checks[subject] {
                state.last = subject
                return known
            }
            let before = state.last.flatMap { state.checks[$0] }
            let collect = collect
            let check = Check {
                _ = try? await before?.value
                return try await collect(subject)
            }
            state.checks[subject] = check
            state.last = subject
            return check
        }
    }
}

/// How many checks ask DNS at once: they outlive the connections of clients that hang up.
final class CheckGate: Sendable {
    private let most: Int
    private let count = Mutex(0)

    private struct IsFull: Error {}

    init(most: Int) {
        self.most = most
    }

    /// Runs a check if there is room for it.
    /// - Throws: What the check throws, or that there is no room.
    func run(_ check: () async throws -> Evidence) async throws -> Evidence {
        let hasRoom = count.withLock { count in
            guard count < most else { return false }
            count += 1
            return true
        }
        guard hasRoom else { throw IsFull() }
        defer { count.withLock { $0 -= 1 } }
        return try await check()
    }
}

extension SMTPClient {
    /// Who is to be judged.
    var subject: Subject {
        // What is no reverse-path is no domain to ask SPF about.
        Subject(
            address: address, helo: HELOArgument(helo),
            mailFrom: sender.flatMap { try? MailFrom($0) })
    }
}

extension SMTPDecision {
    init(_ reply: SMTPReport) {
        let answer = SMTPAnswer(
            reply.code, .init(reply.subject, reply.detail), reply.lines)
        self = answer.map { .tell($0) } ?? .unknown
    }

    /// The check itself failed: nothing is known, so nothing is permanent.
    static let unknown: SMTPDecision = .make(
        451, 3, 0, "The check could not be carried out: try again later")

    static func make(
        _ code: UInt16, _ subject: UInt16, _ detail: UInt16, _ text: String
    ) -> SMTPDecision {
        guard let answer = SMTPAnswer(code, .init(subject, detail), [text]) else {
            preconditionFailure("a code of 200 to 599")
        }
        return .refuse(answer)
    }
}
