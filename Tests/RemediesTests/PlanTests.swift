import DNSModel
import Foundation
import NetNames
import ReceiverModels
import Remedies
import Reports
import SenderIdentity
import TestSupport
import Testing

/// A plan, carried out, must help: over all scenarios.
@Suite struct PlanTests {
    /// The scenarios whose plan prints records of its own.
    static let withRecords = Scenario.names.filter { name in
        guard let report = try? Scenario(name).report() else { return false }
        return report.plan.steps.contains { !$0.records.isEmpty }
    }

    @Test func `many scenarios print records`() {
        #expect(Self.withRecords.count > 20)
    }

    @Test(arguments: withRecords)
    func `no receiver is worse off after the plan`(name: String) throws {
        let report = try Scenario(name).report()
        guard let after = report.plan.after else {
            // Which servers a delegation names is nothing that receivers see.
            #expect(report.plan.steps.flatMap(\.records).allSatisfy { $0.type == .ns })
            return
        }
        for (before, planned) in zip(report.replies, after) where before.outcome == .accept {
            #expect(planned.outcome == .accept, "\(before.receiver.id) \(before.rule.id)")
        }
    }

    @Test(arguments: withRecords)
    func `the printed records read back as master-file lines`(name: String) throws {
        let report = try Scenario(name).report()
        for record in report.plan.steps.flatMap(\.records) {
            let line = MasterFilePrinter.line(record)
            let read = try MasterFileReader.read(Array(line.utf8)).entries.map(\.record)
            #expect(read == [record])
        }
    }

    /// Laying the plan's records over the world and looking again: the faults on the side of DNS
    /// must be gone.
    @Test(arguments: withRecords)
    func `looking again with the records in place, the DNS faults are gone`(name: String) throws {
        let scenario = try Scenario(name)
        let report = try scenario.report()
        let steps = report.plan.steps
        let records = steps.flatMap(\.records) + AppliedPlan.presentRecords(steps)
        let after = Report(
            subject: scenario.subject, evidence: try scenario.evidence(planning: records))
        let groups: Set<FindingGroup> = [.pointerStatus, .pointerForward, .pointerForm]
        let faults = after.verdict.findings.filter {
            $0.severity == .error && groups.contains($0.finding.code.group)
        }
        #expect(faults.isEmpty, "\(faults.map(\.finding.code.rawValue))")
    }

    @Test func `the pool's plan acts at the receiver only`() throws {
        let report = try Scenario("article-b-pool-outside").report()
        #expect(report.plan.steps.map(\.owner) == [.receiverAdmin, .you])
        #expect(report.plan.steps.map(\.action) == [.changeReceiverRule, .nothingInPool])
        #expect(report.plan.after == nil)
    }

    @Test func `article A's plan ends in the exact record, and all accept`() throws {
        let report = try Scenario("article-a-no-ptr").report()
        let lines = report.plan.steps.flatMap(\.records).map { MasterFilePrinter.line($0) }
        #expect(lines == ["25.100.51.198.in-addr.arpa. 3600 IN PTR mail.example.org."])
        #expect(report.plan.stillRefusing(among: report.replies).isEmpty)
        #expect(report.plan.accepted(among: report.replies).count >= 5)
    }
}
