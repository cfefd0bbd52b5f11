import LookupEngine
import NIOCore
import NIOPosix
import NetNames
import Reports
import Resolution
import SenderIdentity
import TestSupport
import Testing

/// The walks of the scenarios, through real name servers on addresses of the loopback.
@Suite(.timeLimit(.minutes(3)), .serialized)
struct RealWalkTests {
    private static let walked = Scenario.names.filter {
        (try? Scenario($0))?.roots != nil
    }

    @Test(.enabled(if: RealServerTests.canRun, RealServerTests.hint), arguments: walked)
    func `a walk through real servers leads to the same codes`(name: String) async throws {
        let scenario = try Scenario(name)
        let roots = try #require(scenario.roots)
        let report = try await Self.withInternet(of: scenario) { port, resolver in
            let evidence = try await DNSClient.withOwnThread(servers: [resolver]) { client in
                var evidence = try await Collector.collect(
                    startedAt: Scenario.startedAt,
                    sources: [.init(kind: .resolver, name: resolver.description)], client: client
                ) { LookupPlan.questions(for: scenario.subject, knowing: $0) }
                evidence.walk = try await Walker.walk(
                    to: scenario.subject.address, from: roots, port: port, client: client)
                return evidence
            }
            return Report(subject: scenario.subject, evidence: evidence)
        }
        #expect(report.verdict.findings.map(\.finding.code.rawValue).sorted() == scenario.codes)
        let real = try #require(report.evidence.walk)
        let scripted = try #require(try scenario.evidence().walk)
        #expect(Self.words(real) == Self.words(scripted))
        #expect(real.packets <= EvidenceLimits.delegationPackets)
        // Whoever does not serve the zone is named, with the address.
        let text = TextReport.render(report, .init(width: 200))
        for reply in real.visits.last?.replies ?? [] where !reply.reply.isAuthoritative {
            #expect(text.contains("\(reply.name) \(reply.address.map { "\($0)" } ?? ""): "))
        }
    }

    /// What each zone's servers said; those of zones on the way may be overtaken by a referral.
    private static func words(_ trace: DelegationTrace) -> [String] {
        trace.visits.map { visit in
            let isLast = visit == trace.visits.last
            let replies = visit.replies.filter { isLast || $0.reply.isAuthoritative }
                .map { "\($0.name) \($0.address.map { "\($0)" } ?? "-") \($0.reply)" }
            return "\(visit.zone) for \(visit.asked): \(replies.sorted())"
        }
    }

    /// Starts the scenario's servers, each at its own address, all on one port.
    private static func withInternet<Result: Sendable>(
        of scenario: Scenario, _ body: (UInt16, ResolverAddress) async throws -> Result
    ) async throws -> Result {
        let port = try await NameServerDaemon.freePort()
        var daemons: [NameServerDaemon] = []
        var silent: [any Channel] = []
        defer { for daemon in daemons { daemon.stop() } }
        daemons.append(try await NameServerDaemon.start(try ZoneWorld(files: scenario.files)))
        let resolver = daemons[0].address
        for server in scenario.servers {
            if server.faults == nil {
                daemons.append(
                    try await NameServerDaemon.start(
                        server.world, at: ResolverAddress(server.address, port: port)))
            } else {
                // The only fault of these scenarios is silence: a socket that nobody reads.
                silent.append(
                    try await DatagramBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                        .bind(host: "\(server.address)", port: Int(port)).get())
            }
        }
        let result = try await body(port, resolver)
        for channel in silent { try await channel.close() }
        return result
    }
}
