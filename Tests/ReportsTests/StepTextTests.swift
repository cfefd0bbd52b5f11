import NetNames
import Remedies
import Reports
import SenderIdentity
import TestSupport
import Testing

/// What `--all` shows of a step and of SPF, where a wrong line would mislead or be pasted.
@Suite struct StepTextTests {
    // MARK: SPF's trace

    /// The world has example.net alone: what is asked of any other name is refused.
    private static let world = """
        $TTL 1h
        example.net. SOA ns1.example.net. h.example.net. 1 1h 1h 1h 1h
        none.example.net. A 192.0.2.1
        two.example.net. TXT "v=spf1 ip4:192.0.2.1 -all"
        two.example.net. TXT "v=spf1 ip4:192.0.2.2 -all"
        two.example.net. TXT "v=spf1 -all"
        outer.example.net. TXT "v=spf1 include:two.example.net -all"
        far.example.net. TXT "v=spf1 include:missing.example -all"
        near.example.net. TXT "v=spf1 a:missing.example -all"
        leads.example.net. TXT "v=spf1 redirect=none.example.net"

        """

    @Test(arguments: [
        ("missing.example", ["temperror missing.example: look-up failed"]),
        ("two.example.net", ["permerror two.example.net: 3 records"]),
        ("none.example.net", ["none none.example.net: no record"]),
        ("outer.example.net", ["permerror two.example.net: 3 records"]),
        ("far.example.net", ["temperror missing.example: look-up failed"]),
        ("leads.example.net", ["none none.example.net: no record"]),
        (
            "near.example.net",
            ["temperror a:missing.example missing.example A: failed"]
        ),
    ])
    func `a record that is not there is told from one that could not be asked for`(
        domain: String, rows: [String]
    ) throws {
        let report = try SmallReport.report(
            "203.0.113.9", mailFrom: "news@\(domain)", zone: Self.world)
        let text = TextReport.render(report, .init(width: 200, showsAll: true))
        let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let others = ["look-up failed", "records", "no record", "A: nothing"].filter { other in
            !rows.contains { $0.contains(other) }
        }
        // The trace alone: findings have words of their own.
        let trace = try #require(words.firstRange(of: "MAIL FROM domain \(domain): "))
        let tail = words[trace.upperBound...]
        for row in rows { #expect(tail.contains(row), "\(tail)") }
        for other in others { #expect(!tail.contains(other), "\(tail)") }
        let markdown = MarkdownReport.render(report)
        let shown = try #require(rows.first?.split(separator: ": ").last)
        #expect(markdown.contains(shown), "\(markdown)")
    }

    // MARK: Lines for nsupdate

    /// A line broken inside quotes is a syntax error once it is pasted.
    @Test(arguments: Scenario.names)
    func `a line for nsupdate is whole, or not shown`(name: String) throws {
        let report = try Scenario(name).report()
        let steps = report.plan.steps + report.plan.optional
        let scripts = steps.compactMap { UpdateScript($0)?.lines }
        let lines = Set(scripts.joined())
        for width in [40, 80, 120, 400] {
            let text = TextReport.render(report, .init(width: width, showsAll: true))
            let shown = text.split(separator: "\n").map { $0.drop { $0 == " " } }
            for line in shown where line.hasPrefix("update ") {
                #expect(lines.contains(String(line)), "\(width): \(line)")
            }
            let whole = scripts.filter { $0.allSatisfy { $0.utf8.count + 4 <= width } }
            #expect(shown.count { $0 == "send" } == whole.count, "\(width)")
            let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            let pointers = words.split(separator: "heloscope check … --nsupdate").count - 1
            // It prints the plan, without what is good to have.
            let planned = report.plan.steps.count { UpdateScript($0) != nil }
            #expect(pointers == planned, "\(width)")
        }
    }
}
