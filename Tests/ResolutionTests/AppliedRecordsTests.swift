import DNSModel
import Foundation
import LookupEngine
import NetNames
import ReceiverModels
import Remedies
import Reports
import Resolution
import SPF
import SenderIdentity
import TestSupport
import Testing

/// The printed records and scripts, given to other people's programs.
@Suite(.timeLimit(.minutes(2)), .serialized)
struct AppliedRecordsTests {
    static let canCheck = NameServerDaemon.isInstalled || NameServerDaemon.isRequired
    static let canUpdate = UpdatableServer.isInstalled || UpdatableServer.isRequired
    static let checkHint: Comment = "NSD is missing: apt-get install nsd"
    static let updateHint: Comment = "BIND is missing: apt-get install bind9 bind9-dnsutils"

    /// The scenarios whose plan has records, and whose world a real server can hold.
    private static let scenarios = Scenario.names.filter { name in
        guard let scenario = try? Scenario(name), let report = try? scenario.report() else {
            return false
        }
        return scenario.faults == nil && scenario.overlay == nil
            && UpdateScript.whole(of: report.plan.steps) != nil
    }

    @Test func `many scenarios have a script`() {
        #expect(Self.scenarios.count > 15)
    }

    @Test(.enabled(if: canCheck, checkHint), arguments: scenarios)
    func `nsd-checkzone reads the zones with the records in them`(name: String) throws {
        let scenario = try Scenario(name)
        let steps = try scenario.report().plan.steps
        let world = try ZoneWorld(files: AppliedPlan.files(scenario.files, steps))
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "heloscope-zones-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for zone in world.zones {
            let file = folder.appending(path: "zone")
            let lines = zone.records.map { MasterFilePrinter.line($0) + "\n" }
            try Data(lines.joined().utf8).write(to: file)
            let process = try NameServerDaemon.spawn(
                ["/usr/sbin/nsd-checkzone", "\(zone.apex)", file.path()])
            #expect(NameServerDaemon.exitCode(of: process) == 0, "\(zone.apex)")
        }
    }

    @Test(.enabled(if: canUpdate, updateHint), arguments: scenarios)
    func `nsupdate carries the plan out, and the receivers do as promised`(
        name: String
    ) async throws {
        let scenario = try Scenario(name)
        let before = try scenario.report()
        let script = try #require(UpdateScript.whole(of: before.plan.steps))
        let world = try ZoneWorld(
            files: scenario.files + Self.childZones(scenario, before.plan.steps))
        let server = try await UpdatableServer.start(world)
        defer { server.stop() }
        #expect(try server.update(script) == 0, "\(script)")
        let helo = AppliedPlan.helo(before.plan.steps).map { HELOArgument($0.description) }
        let subject = Subject(
            address: scenario.subject.address, helo: helo ?? scenario.subject.helo,
            mailFrom: scenario.subject.mailFrom, blockLists: scenario.subject.blockLists)
        let evidence = try await DNSClient.withOwnThread(servers: [server.address]) { client in
            try await Collector.collect(
                startedAt: Scenario.startedAt,
                sources: [.init(kind: .resolver, name: server.address.description)],
                client: client
            ) { LookupPlan.questions(for: subject, knowing: $0) }
        }
        let after = Report(subject: subject, evidence: evidence)
        let promised = try #require(before.plan.after)
        for (said, done) in zip(promised, after.replies) {
            #expect(said.outcome == done.outcome, "\(said.receiver.id) \(said.rule.id)")
        }
        let printed = before.plan.steps.flatMap(\.records).filter { $0.type == .txt }.map(\.name)
        for spf in before.facts.spf {
            guard let domain = spf.report.request.domain, printed.contains(domain) else { continue }
            let now = after.facts.spf.first { $0.identity == spf.identity }
            #expect(now != nil && now?.result != spf.result, "\(spf.result)")
        }
    }

    /// The zone that a planned alias leads into: no resolver's world has it before, and where no
    /// server serves it either, its keeper loads it.
    private static func childZones(
        _ scenario: Scenario, _ steps: [RemedyStep]
    ) -> [ZoneFile] {
        let wanted = steps.compactMap { step -> DomainName? in
            if case .createAlias(_, let target, _) = step.action { target.parent } else { nil }
        }
        let served = scenario.servers.flatMap(\.world.zones).filter { wanted.contains($0.apex) }
        return served.map {
            ZoneFile(name: "\($0.apex)", contents: MasterFile(records: $0.records))
        } + AppliedPlan.files([], steps).filter { $0.name.hasPrefix("made-") }
    }
}
