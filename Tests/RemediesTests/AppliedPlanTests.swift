import DNSModel
import LookupEngine
import NetNames
import ReceiverModels
import Remedies
import Reports
import SenderIdentity
import TestSupport
import Testing

/// The printed records, put into the scenario's zones: what the plan promised comes true.
@Suite struct AppliedPlanTests {
    /// The scenarios whose plan changes a record or the HELO name.
    static let changing = Scenario.names.filter { name in
        guard let report = try? Scenario(name).report() else { return false }
        return report.plan.after != nil
    }

    @Test func `most scenarios with a fault have a plan to carry out`() {
        #expect(Self.changing.count > 40)
    }

    @Test(arguments: changing)
    func `receivers do what the plan said they would`(name: String) throws {
        let scenario = try Scenario(name)
        let before = try scenario.report()
        let after = try report(after: before.plan.steps, in: scenario)
        let promised = try #require(before.plan.after)
        for (said, done) in zip(promised, after.replies) {
            // Names that nobody looked up before may fail to be looked up then.
            #expect(
                said.outcome == done.outcome, "\(said.receiver.id) \(said.rule.id)")
        }
    }

    @Test(arguments: changing)
    func `receivers do what each alternative said they would`(name: String) throws {
        let scenario = try Scenario(name)
        let before = try scenario.report()
        for alternative in before.plan.alternatives {
            let after = try report(after: alternative.steps, in: scenario)
            for (said, done) in zip(alternative.after, after.replies) {
                #expect(
                    said.outcome == done.outcome,
                    "\(alternative.kind) \(said.receiver.id) \(said.rule.id)")
            }
            #expect(!alternative.accepted(among: before.replies).isEmpty)
        }
    }

    @Test(arguments: changing)
    func `the finding behind the verdict is gone`(name: String) throws {
        let scenario = try Scenario(name)
        let before = try scenario.report()
        let finding: Finding
        switch before.verdict.outcome {
        case .fault(let cause), .weakness(let cause): finding = cause
        default: return
        }
        // A name still to be chosen is no record to apply.
        let open = before.plan.steps.contains {
            if case .chooseName = $0.action { true } else { $0.action == .setHELOToOwnName }
        }
        guard !open else { return }
        let after = try report(after: before.plan.steps, in: scenario)
        #expect(!after.verdict.findings.map(\.finding.code).contains(finding.code))
    }

    /// The report once the steps are carried out in the scenario's files.
    private func report(after steps: [RemedyStep], in scenario: Scenario) throws -> Report {
        let helo = AppliedPlan.helo(steps).map { HELOArgument($0.description) }
        let subject = Subject(
            address: scenario.subject.address, helo: helo ?? scenario.subject.helo,
            blockLists: scenario.subject.blockLists)
        let files = AppliedPlan.files(scenario.files, steps)
        return Report(subject: subject, evidence: try scenario.evidence(in: files, for: subject))
    }
}
