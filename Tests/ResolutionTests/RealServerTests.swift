import DNSModel
import LookupEngine
import NetNames
import Reports
import Resolution
import SenderIdentity
import TestSupport
import Testing

/// The fault-free scenarios, served by a real name server over real sockets: the same codes.
@Suite(.timeLimit(.minutes(2)), .serialized)
struct RealServerTests {
    static let canRun = NameServerDaemon.isInstalled || NameServerDaemon.isRequired
    static let hint: Comment = "NSD is missing: apt-get install nsd"

    @Test(.enabled(if: canRun, hint), arguments: served)
    func `a real server leads to the same codes`(name: String) async throws {
        let scenario = try Scenario(name)
        let server = try await NameServerDaemon.start(try ZoneWorld(files: scenario.files))
        defer { server.stop() }
        let report = try await report(on: scenario.subject, from: server.address)
        #expect(report.verdict.findings.map(\.finding.code.rawValue).sorted() == scenario.codes)
    }

    /// 200 names do not fit a datagram: the server says so, and the client asks over TCP.
    @Test(.enabled(if: canRun, hint))
    func `a set of 200 names comes whole over TCP`() async throws {
        let names = (1...200).map { "PTR host-\($0).example.net." }
        let zone = """
            $TTL 1h
            $ORIGIN 2.0.192.in-addr.arpa.
            @ SOA ns.example.net. hostmaster.example.net. ( 1 1h 15m 2w 1h )
              NS ns.example.net.
            1 \(names.joined(separator: "\n  "))
            """
        let file = try ZoneFile(name: "many.zone", bytes: Array(zone.utf8))
        let server = try await NameServerDaemon.start(try ZoneWorld(files: [file]))
        defer { server.stop() }
        let report = try await report(
            on: Subject(address: .v4(0xc000_0201)), from: server.address)
        #expect(report.facts.pointer.count == 200)
        #expect(report.verdict.findings.map(\.finding.code).contains(.tooManyPointers))
        let attempts = report.evidence.observations.first?.attempts ?? []
        #expect(attempts.map(\.transport) == [.udp, .tcp])
        #expect(attempts.first?.result == .response(.noError, truncated: true))
    }

    @Test func `most scenarios are served, and the others have a reason`() {
        for name in Scenario.names {
            guard let reason = Self.reasonNotToServe(name) else { continue }
            print("not served by a real server: \(name): \(reason)")
        }
        // A folder format that no longer fits would leave all of them out.
        #expect(Self.served.count > Scenario.names.count / 2)
    }

    private func report(
        on subject: Subject, from server: ResolverAddress
    ) async throws -> Report {
        let evidence = try await DNSClient.withOwnThread(servers: [server]) { client in
            try await Collector.collect(
                startedAt: Scenario.startedAt,
                sources: [.init(kind: .resolver, name: server.description)], client: client
            ) { LookupPlan.questions(for: subject, knowing: $0) }
        }
        return Report(subject: subject, evidence: evidence)
    }

    // MARK: Which scenarios

    private static let served = Scenario.names.filter { reasonNotToServe($0) == nil }

    private static func reasonNotToServe(_ name: String) -> String? {
        guard let scenario = try? Scenario(name) else { return "it cannot be read" }
        if !scenario.hasSource { return "it asks no server" }
        if scenario.faults != nil { return "a real server has no faults" }
        if scenario.overlay != nil { return "planned records are laid over the answers" }
        if scenario.roots != nil { return "RealWalkTests serves it, with the servers walked to" }
        return scenario.files.isEmpty ? "it has no zones" : nil
    }
}
