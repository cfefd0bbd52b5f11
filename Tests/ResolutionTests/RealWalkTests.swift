import LookupEngine
import NIOCore
import NIOPosix
import NetNames
import Remedies
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
        let report = try await Self.report(
            of: scenario, from: roots, scenario.files, scenario.servers)
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

    // MARK: The plan's records

    /// The scenarios whose fault goes by printed records alone, put in by whoever keeps each zone.
    private static let mendable = walked.filter { name in
        guard let report = try? Scenario(name).report(), report.facts.reverseTree?.fault != nil
        else { return false }
        return exclusion(report) == nil
    }

    /// Why records alone do not mend it; nil where they do.
    private static func exclusion(_ report: Report) -> String? {
        report.plan.steps.lazy.compactMap { AppliedInternet.reason(againstRecordsAlone: $0) }.first
    }

    @Test func `every fault is mended by records, or by something that no record can do`() throws {
        #expect(
            Self.mendable == [
                "walk-classless-child-empty", "walk-classless-cname-dangling",
                "walk-classless-cname-loop", "walk-classless-without-anything",
                "walk-classless-without-cname", "walk-two-servers-of-three-serve",
            ])
        let reasons = try Self.walked.reduce(into: [String: String]()) { reasons, name in
            let report = try Scenario(name).report()
            if report.facts.reverseTree?.fault != nil { reasons[name] = Self.exclusion(report) }
        }
        let load = "no record makes a server load a zone"
        #expect(
            reasons == [
                "walk-classless-child-lame": load,
                "walk-classless-without-cname-child-refused": load, "walk-delegation-lame": load,
                "walk-delegation-silent": load, "walk-one-server-of-three-serves": load,
                "walk-delegation-missing": "no record makes a zone",
                "walk-resolvers-lag-behind": "what resolvers remember goes by waiting",
                "walk-servers-disagree":
                    "an old copy goes by a transfer, which a record only begins",
            ])
    }

    @Test(.enabled(if: RealServerTests.canRun, RealServerTests.hint), arguments: mendable)
    func `the printed records, put into real servers' zones, mend the fault`(
        name: String
    ) async throws {
        let scenario = try Scenario(name)
        let roots = try #require(scenario.roots)
        let steps = try scenario.report().plan.steps
        let servers = try AppliedInternet.servers(scenario.servers, steps, byRecordsAlone: true)
        let after = try await Self.report(
            of: scenario, from: roots, AppliedPlan.files(scenario.files, steps), servers)
        #expect(after.facts.reverseTree?.fault == nil)
        #expect(after.facts.confirmedName != nil)
        #expect(!after.verdict.findings.contains { $0.severity == .error })
    }

    /// The others: what the step says besides its records is done as well.
    @Test(
        .enabled(if: RealServerTests.canRun, RealServerTests.hint),
        arguments: walked.filter { !mendable.contains($0) })
    func `the plan, carried out at real servers, mends what records alone do not`(
        name: String
    ) async throws {
        let scenario = try Scenario(name)
        let roots = try #require(scenario.roots)
        let steps = try scenario.report().plan.steps
        let servers = try AppliedInternet.servers(scenario.servers, steps)
        let after = try await Self.report(
            of: scenario, from: roots, AppliedPlan.files(scenario.files, steps), servers)
        #expect(after.facts.reverseTree?.fault == nil)
        #expect(after.facts.confirmedName != nil)
    }

    /// Looks everything up at real servers, and walks through them.
    private static func report(
        of scenario: Scenario, from roots: RootHints, _ files: [ZoneFile],
        _ servers: [Scenario.NameServer]
    ) async throws -> Report {
        try await withInternet(files, servers) { port, resolver in
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

    /// Starts a resolver's world and the servers, each at its own address, these all on one port.
    private static func withInternet<Result: Sendable>(
        _ files: [ZoneFile], _ servers: [Scenario.NameServer],
        _ body: (UInt16, ResolverAddress) async throws -> Result
    ) async throws -> Result {
        let port = try await NameServerDaemon.freePort()
        var daemons: [NameServerDaemon] = []
        var silent: [any Channel] = []
        defer { for daemon in daemons { daemon.stop() } }
        daemons.append(try await NameServerDaemon.start(try ZoneWorld(files: files)))
        let resolver = daemons[0].address
        for server in servers {
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
