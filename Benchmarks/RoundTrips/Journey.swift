import DNSModel
import Foundation
import LookupEngine
import NetNames
import Resolution
import SenderIdentity

/// A subject whose verdict is timed, and how many round trips it may take.
struct Journey {
    let name: String
    let subject: Subject
    /// Must be found, or the figure means nothing.
    let code: String
    let target: Double

    static let all = [
        Journey(
            name: "address alone", "157.56.110.65", helo: nil, code: "ptr-confirmed", target: 2.4),
        Journey(
            name: "address and HELO, HELO = PTR", "157.56.110.65",
            helo: "mail-bn1on0065.outbound.protection.outlook.com", code: "helo-equals-ptr",
            target: 2.4),
        Journey(
            name: "article B with its member table", "157.56.110.65",
            helo: "na01-bn1-obe.outbound.protection.outlook.com", code: "shared-pool-by-design",
            target: 3.5),
        Journey(
            name: "check with SPF, a record with includes and mx", "157.56.110.65",
            helo: "mail-bn1on0065.outbound.protection.outlook.com", from: "bounce@spf.example",
            code: "spf-pass", target: 4),
        // As many waves as without the lists: they are asked with the first questions.
        Journey(
            name: "check with three block lists", "157.56.110.65",
            helo: "mail-bn1on0065.outbound.protection.outlook.com", code: "dnsbl-not-listed",
            target: 1.4, lists: threeLists),
        Journey(
            name: "check with SPF and three block lists", "157.56.110.65",
            helo: "mail-bn1on0065.outbound.protection.outlook.com", from: "bounce@spf.example",
            code: "spf-pass", target: 4, lists: threeLists),
    ].compactMap { $0 }

    private static let threeLists = ["zen.spamhaus.org", "bl.spamcop.net", "psbl.surriel.com"]

    private init?(
        name: String, _ address: String, helo: String?, from: String? = nil, code: String,
        target: Double, lists: [String] = []
    ) {
        guard let address = IPAddress(address) else { return nil }
        self.name = name
        subject = Subject(
            address: address, helo: helo.map { HELOArgument($0) },
            mailFrom: from.flatMap { try? MailFrom($0.utf8) },
            blockLists: lists.compactMap { try? BlockListZone(parsing: $0.utf8) })
        self.code = code
        self.target = target
    }

    /// As `heloscope check` asks: a client of its own with an empty cache.
    func collect(from server: ResolverAddress) async throws -> Evidence {
        let subject = subject
        return try await DNSClient.withOwnThread(servers: [server]) { client in
            try await Collector.collect(
                startedAt: 0, sources: [.init(kind: .resolver, name: server.description)],
                client: client
            ) { LookupPlan.questions(for: subject, knowing: $0) }
        }
    }

    /// The same questions as a program would ask them that waits for every answer.
    func askInTurn(_ questions: [Question], at server: ResolverAddress) async throws {
        try await DNSClient.withOwnThread(servers: [server]) { client in
            for question in questions {
                _ = try await Collector.collect(startedAt: 0, sources: [], client: client) { _ in
                    [PlannedQuestion(question, stage: .verdict)]
                }
            }
        }
    }

    /// The command, if it has been built beside this program.
    static let program: URL? = {
        let file = Bundle.main.bundleURL.appending(path: "heloscope")
        return FileManager.default.isExecutableFile(atPath: file.path()) ? file : nil
    }()

    /// Runs the command and waits for its end.
    func run(_ program: URL, at server: ResolverAddress) throws {
        let process = Process()
        process.executableURL = program
        process.arguments =
            ["check", subject.address.description, "--resolver", server.description]
            + (subject.helo.map { ["--helo", $0.text] } ?? [])
            + subject.blockLists.flatMap { ["--dnsbl", $0.description] }
            + (subject.mailFrom.map {
                ["--mail-from", String(decoding: $0.raw, as: UTF8.self)]
            } ?? [])
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw ProgramFailed(status: process.terminationStatus)
        }
    }

    struct ProgramFailed: Error {
        let status: Int32
    }
}
