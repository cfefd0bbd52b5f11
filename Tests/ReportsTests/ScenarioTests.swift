import Foundation
import Reports
import SenderIdentity
import TestSupport
import Testing

/// The scenarios: one world each, these codes and no others, these reports to the byte.
@Suite struct ScenarioTests {
    @Test func `there are at least sixty scenarios`() {
        #expect(Scenario.names.count >= 60)
    }

    @Test(arguments: Scenario.names)
    func `finds exactly the expected codes`(name: String) throws {
        let scenario = try Scenario(name)
        let found = try scenario.report().verdict.findings.map(\.finding.code.rawValue).sorted()
        #expect(found == scenario.codes)
    }

    @Test(arguments: Scenario.names)
    func `prints the expected report`(name: String) throws {
        let scenario = try Scenario(name)
        let report = try scenario.report()
        try Golden.expect(
            TextReport.render(report), in: scenario.folder.appending(path: "report.txt"))
        try Golden.expect(
            ReportJSON.render(report), in: scenario.folder.appending(path: "report.json"))
    }

    @Test(arguments: Scenario.names)
    func `gives the same report when saved evidence is replayed`(name: String) throws {
        let scenario = try Scenario(name)
        let evidence = try scenario.evidence()
        let saved = try EvidenceCodec.encode(evidence, of: scenario.subject)
        let (subject, replayed) = try EvidenceCodec.decode(saved)
        let before = Report(subject: scenario.subject, evidence: evidence)
        let after = Report(subject: subject, evidence: replayed)
        #expect(try ReportJSON.render(after) == ReportJSON.render(before))
        #expect(TextReport.render(after) == TextReport.render(before))
        #expect(MarkdownReport.render(after) == MarkdownReport.render(before))
    }

    /// The codes whose groups yield at most one finding for the whole client.
    private static let oncePerClient: Set<FindingGroup> = [
        .address, .pointerStatus, .reverseTree, .heloForm, .heloAndClient, .heloAlias,
        .heloAndPointer, .topology,
    ]

    @Test(arguments: Scenario.names)
    func `yields one code per group at most, and one per name`(name: String) throws {
        let report = try Scenario(name).report()
        let codes = report.verdict.findings.map(\.finding.code)
        for group in Self.oncePerClient {
            #expect(codes.filter { $0.group == group }.count <= 1, "\(group)")
        }
        let names = report.facts.pointer.names.count
        #expect(codes.filter { $0.group == .pointerForward }.count <= names)
        #expect(codes.filter { $0.group == .pointerForm }.count <= names)
    }

    @Test func `every code stands in a scenario and has a page`() throws {
        let expected = Set(try Scenario.names.flatMap { try Scenario($0).codes })
        let pages = Set(FindingPages.pages.map(\.code))
        for code in FindingCode.allCases {
            #expect(expected.contains(code.rawValue), "\(code.rawValue) stands in no scenario")
            #expect(pages.contains(code.rawValue), "\(code.rawValue) has no page")
        }
        let known = Set(FindingCode.allCases.map(\.rawValue))
        #expect(pages.subtracting(known).isEmpty)
        #expect(expected.subtracting(known).isEmpty)
    }
}
