import DNSModel
import NetNames
import SPF
import Testing

/// What an evaluation asks beforehand, and what its trace says.
@Suite struct `An SPF evaluation` {
    private static let zone = """
        orchard.example. TXT "v=spf1 a mx include:_a.example include:_b.example -all exp=why.example"
        orchard.example. A 192.0.2.1
        orchard.example. MX 10 mx1.example.
        orchard.example. MX 20 mx2.example.
        mx1.example. A 192.0.2.11
        mx2.example. A 192.0.2.12
        _a.example. TXT "v=spf1 ip4:198.51.100.0/24 -all"
        _b.example. TXT "v=spf1 a:mail.example ~all"
        mail.example. A 192.0.2.25
        why.example. TXT "not from %{i}"
        """

    private let world = SPFWorld(lines: Self.zone.split(separator: "\n"))

    private static func name(_ text: String) throws -> DomainName {
        try #require(DomainName(text))
    }

    private func request(_ client: String) throws -> SPFRequest {
        SPFRequest(
            mailFrom: Array("pat".utf8), at: Array("orchard.example".utf8), helo: nil,
            client: try #require(IPAddress(client)), time: 0)
    }

    @Test func `asks all that the record needs in one wave`() throws {
        let world = try #require(world)
        let record = Question(try Self.name("orchard.example"), .txt)
        let wants = SPFEvaluation(
            try request("192.0.2.25"), known: { $0 == record ? world.answer($0) : nil })
        #expect(
            wants
                == .wants([
                    Question(try Self.name("orchard.example"), .a),
                    Question(try Self.name("orchard.example"), .mx),
                    Question(try Self.name("_a.example"), .txt),
                    Question(try Self.name("_b.example"), .txt),
                    Question(try Self.name("why.example"), .txt),
                ]))
    }

    @Test func `of a shallow record takes three waves`() throws {
        let world = try #require(world)
        let check = Check(try request("192.0.2.25"), in: world)
        #expect(check.waves == 3)
        #expect(check.report?.result == .pass)
        #expect(Check(try request("192.0.2.99"), in: world).waves == 3)
    }

    @Test func `stops asking behind a mechanism that matches whatever is missing`() throws {
        var world = try #require(world)
        world.publish(
            Array("v=spf1 a:one.example ip4:192.0.2.25 a:two.example".utf8), at: "orchard.example")
        let check = Check(try request("192.0.2.25"), in: world)
        #expect(check.asked.map(\.name.description).sorted() == ["one.example", "orchard.example"])
    }

    @Test func `asks for ten terms at most, whatever stands in the record`() throws {
        var world = try #require(world)
        let many = (0..<40).map { "include:_\($0).example" }.joined(separator: " ")
        world.publish(Array("v=spf1 \(many)".utf8), at: "orchard.example")
        let record = world
        let wants = SPFEvaluation(
            try request("192.0.2.25"),
            known: { $0.name.labelCount == 2 && $0.name.wire[1] == 0x6f ? record.answer($0) : nil })
        guard case .wants(let questions) = wants else {
            Issue.record("finished")
            return
        }
        #expect(questions.count == SPFLimits.lookupTerms)
    }

    @Test func `tells every step`() throws {
        let check = Check(try request("192.0.2.25"), in: try #require(world))
        let report = try #require(check.report)
        let lines = report.steps.map { step in
            let text = String(decoding: step.text, as: UTF8.self)
            let target = step.target.map { " (\($0))" } ?? ""
            return "\(step.depth) \(step.domain) \(text)\(target) \(step.found.count):"
                + " \(step.outcome)"
        }
        #expect(
            lines == [
                "0 orchard.example v=spf1 a mx include:_a.example include:_b.example -all"
                    + " exp=why.example 0: result(SPF.SPFResult.pass)",
                "0 orchard.example a 1: noMatch",
                "0 orchard.example mx 4: noMatch",
                "0 orchard.example include:_a.example (_a.example) 0: noMatch",
                "1 _a.example v=spf1 ip4:198.51.100.0/24 -all 0: result(SPF.SPFResult.fail)",
                "1 _a.example ip4:198.51.100.0/24 0: noMatch",
                "1 _a.example -all 0: match(SPF.SPFResult.fail)",
                "0 orchard.example include:_b.example (_b.example) 0: match(SPF.SPFResult.pass)",
                "1 _b.example v=spf1 a:mail.example ~all 0: result(SPF.SPFResult.pass)",
                "1 _b.example a:mail.example (mail.example) 1: match(SPF.SPFResult.pass)",
            ])
        #expect(report.lookupTerms == 5)
        #expect(report.decisive?.text == Array("include:_b.example".utf8))
        #expect(report.decisive?.domain == DomainName("orchard.example"))
    }

    @Test func `names the look-ups that failed beside an exchange that agrees`() throws {
        var lines = Self.zone.split(separator: "\n")
        lines.append("fail mx1.example. A")
        let world = try #require(SPFWorld(lines: lines))
        let report = try #require(Check(try request("192.0.2.12"), in: world).report)
        #expect(report.result == .pass)
        let failed = report.steps.flatMap(\.failed)
        #expect(failed == [Question(try Self.name("mx1.example"), .a)])
    }

    @Test func `keeps two hundred steps and counts the others`() throws {
        var world = try #require(world)
        let many = String(repeating: "ip4:1.1.1.1 ", count: 500)
        world.publish(Array("v=spf1 \(many)-all".utf8), at: "orchard.example")
        let check = Check(try request("192.0.2.25"), in: world)
        let report = try #require(check.report)
        #expect(report.steps.count == SPFLimits.traceSteps)
        #expect(report.steps.count + report.omittedSteps == 502)
    }

    @Test func `of a local part in UTF-8 never matches by it`() throws {
        var world = try #require(world)
        world.publish(Array("v=spf1 exists:%{l}.example ~all".utf8), at: "orchard.example")
        let sender = SPFRequest(
            mailFrom: Array("pät".utf8), at: Array("orchard.example".utf8), helo: nil,
            client: .v4(1), time: 0)
        let check = Check(sender, in: world)
        #expect(check.report?.result == .softfail)
        #expect(check.asked.count == 1)
    }

    @Test func `cuts an explanation that is too long`() throws {
        let text = String(repeating: "why ", count: 200)
        var world = try #require(world)
        world.publish(Array("v=spf1 -all exp=long.example".utf8), at: "orchard.example")
        world.publish(Array(text.utf8), at: "long.example")
        let check = Check(try request("192.0.2.25"), in: world)
        let report = try #require(check.report)
        #expect(report.explanation?.count == SPFLimits.explanation)
    }
}
