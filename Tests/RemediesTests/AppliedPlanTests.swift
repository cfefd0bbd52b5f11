import DNSModel
import LookupEngine
import NetNames
import ReceiverModels
import Remedies
import Reports
import SPF
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

    /// What is left over is another's to do: a block list's, or SPF's where no record was printed.
    @Test(arguments: changing)
    func `no error or warning is left`(name: String) throws {
        let scenario = try Scenario(name)
        let before = try scenario.report()
        // A name still to be chosen is no record to apply.
        guard !before.plan.steps.contains(where: \.leavesNameOpen) else { return }
        let withoutRecord = before.plan.steps.contains {
            [.allowInSPF, .mendSPF].contains($0.keyword) && $0.records.isEmpty
        }
        let after = try report(after: before.plan.steps, in: scenario)
        let left = after.verdict.findings.filter {
            let group = $0.finding.code.group
            return $0.severity.reaches(.warning) && group != .blockLists
                && !(withoutRecord && group == .spf)
        }
        #expect(
            left.isEmpty,
            "\(before.plan.steps.map(\.keyword)) leaves \(left.map(\.finding.code.rawValue))")
    }

    /// Every fault that a walk found has a step of its own, and goes when the plan is carried out at
    /// the name servers themselves.
    @Test(arguments: walkedToFault)
    func `the fault of the reverse tree is gone`(name: String) throws {
        let scenario = try Scenario(name)
        let before = try scenario.report()
        let keywords = before.plan.steps.map(\.keyword)
        #expect(keywords != [.nothing])
        #expect(!keywords.contains(.askAgain) || name == "walk-delegation-silent")
        let after = try report(after: before.plan.steps, in: scenario)
        #expect(after.facts.reverseTree?.fault == nil)
        #expect(!after.verdict.findings.contains { $0.finding.code.group == .reverseTree })
        #expect(after.facts.confirmedName != nil)
    }

    static let walkedToFault = Scenario.names.filter { name in
        guard let report = try? Scenario(name).report() else { return false }
        return report.facts.reverseTree?.fault != nil
    }

    @Test func `each of the seven faults of the reverse tree has a scenario`() throws {
        let codes = try Self.walkedToFault.flatMap { try Scenario($0).codes }
        let wanted: [FindingCode] = [
            .reverseDelegationMissing, .reverseDelegationLame, .classlessParentWithoutAlias,
            .classlessChildEmpty, .classlessChildLame, .classlessAliasDangling, .serversDisagree,
        ]
        for code in wanted { #expect(codes.contains(code.rawValue), "\(code.rawValue)") }
    }

    /// The same for SPF, where a record follows from the published one.
    @Test(arguments: changing)
    func `a printed SPF record makes its finding disappear`(name: String) throws {
        let scenario = try Scenario(name)
        let before = try scenario.report()
        let printed = before.plan.steps.flatMap(\.records).filter { $0.type == .txt }.map(\.name)
        guard !printed.isEmpty else { return }
        let after = try report(after: before.plan.steps, in: scenario)
        for spf in before.facts.spf {
            guard let domain = spf.report.request.domain, printed.contains(domain) else { continue }
            let now = after.facts.spf.first { $0.identity == spf.identity }
            #expect(now != nil && now?.result != spf.result, "\(spf.result)")
            if [.fail, .softfail].contains(spf.result) { #expect(now?.result == .pass) }
        }
    }

    /// The report once the steps are carried out in the scenario's files.
    private func report(after steps: [RemedyStep], in scenario: Scenario) throws -> Report {
        let helo = AppliedPlan.helo(steps).map { HELOArgument($0.description) }
        let subject = Subject(
            address: scenario.subject.address, helo: helo ?? scenario.subject.helo,
            mailFrom: scenario.subject.mailFrom, blockLists: scenario.subject.blockLists)
        let files = AppliedPlan.files(scenario.files, steps)
        let servers = try scenario.roots.map { _ in
            try AppliedInternet.servers(scenario.servers, steps)
        }
        return Report(
            subject: subject,
            evidence: try scenario.evidence(in: files, for: subject, walking: servers))
    }
}
