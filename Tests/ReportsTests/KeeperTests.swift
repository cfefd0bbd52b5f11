import DNSModel
import Foundation
import NetNames
import Remedies
import Reports
import SenderIdentity
import TestSupport
import Testing

/// The section about the keeper of the reverse zone, in every format.
@Suite struct KeeperTests {
    private static let walked = Scenario.names.filter {
        (try? Scenario($0))?.roots != nil
    }

    @Test(arguments: walked)
    func `every server that does not serve the zone is named with its address`(
        name: String
    ) throws {
        let report = try Scenario(name).report()
        let keeper = try #require(report.facts.reverseTree?.keeper)
        let last = try #require(report.evidence.walk?.visits.last { $0.zone == keeper.zone })
        let text = TextReport.render(report, .init(width: 200))
        let markdown = MarkdownReport.render(report)
        let json = try ReportJSON.render(report)
        for reply in last.replies where !reply.reply.isAuthoritative {
            let server = "\(reply.name) \(reply.address.map { "\($0)" } ?? "")"
            #expect(text.contains(server + ": "))
            #expect(markdown.contains(server + ": "))
            #expect(json.contains("\"\(reply.name)\""))
        }
        #expect(text.contains("zone      \(keeper.zone) ("))
        #expect(TextReport.renderKeeper(report, .init(width: 200)).contains("\(keeper.zone)"))
    }

    @Test(arguments: walked)
    func `all shows every server that was asked`(name: String) throws {
        let report = try Scenario(name).report()
        let text = TextReport.render(report, .init(width: 200, showsAll: true))
        for visit in report.evidence.walk?.visits ?? [] {
            #expect(text.contains("cut       \(visit.zone)"))
            for reply in visit.replies {
                #expect(text.contains("\(reply.name) \(reply.address.map { "\($0)" } ?? "")"))
            }
        }
    }

    /// Screen A: the agreement of the servers stands in the first lines, the keeper in the plan.
    @Test func `article A is told with the servers' agreement and the zone's keeper`() throws {
        let report = try Scenario("walk-article-a").report()
        let text = TextReport.render(report)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let words = lines.prefix(4).joined(separator: " ").split(separator: " ")
        let first = words.joined(separator: " ")
        #expect(first.contains("A real absence; 2 of 2 authoritative servers agree."))
        #expect(text.contains("keeps 100.51.198.in-addr.arpa (ns1.isp.example)"))
        #expect(text.contains("hostmaster@isp.example (low confidence: often unread)"))
    }

    @Test func `the cause stands below the verdict, and the failing side is named`() throws {
        let cases = [
            ("walk-delegation-missing", "in-addr.arpa denies its name"),
            ("walk-delegation-lame", "ns1.isp.example (127.0.53.3) refuses"),
            ("walk-delegation-silent", "ns1.isp.example (127.0.53.3) is silent"),
            ("walk-classless-without-cname", "25.100.51.198.in-addr.arpa has no CNAME"),
            ("walk-classless-child-empty", "0/26.100.51.198.in-addr.arpa has no PTR record"),
            ("walk-classless-child-lame", "ns.customer.example (127.0.53.6) refuses"),
            ("walk-classless-cname-dangling", "100.51.198.in-addr.arpa denies it"),
            ("walk-classless-cname-loop", "leads nowhere: the aliases (CNAME) form a loop"),
            ("walk-servers-disagree", "ns2.isp.example (127.0.53.4) says there is none"),
            ("walk-resolvers-lag-behind", "the resolvers say there is none"),
        ]
        for (name, words) in cases {
            let headline = Headline(try Scenario(name).report())
            #expect(headline.lines.joined(separator: " ").contains(words), "\(name)")
        }
    }

    @Test func `old evidence without a walk is read, and a walk that makes no sense is not`()
        throws
    {
        let scenario = try Scenario("walk-article-a")
        let saved = String(
            decoding: try EvidenceCodec.encode(scenario.evidence(), of: scenario.subject),
            as: UTF8.self)
        let object = try #require(
            JSONSerialization.jsonObject(with: Data(saved.utf8)) as? [String: Any])
        var old = object
        old["walk"] = nil
        let (_, without) = try EvidenceCodec.decode(
            Array(try JSONSerialization.data(withJSONObject: old)))
        #expect(without.walk == nil)
        for broken in ["\"no-such-name\"", "\"127.0.53.3\"", "\"25.100.51.198.in-addr.arpa\""] {
            let bytes = Array(saved.replacing(broken, with: "\"..\"").utf8)
            #expect(throws: EvidenceCodec.ReadError.self) { try EvidenceCodec.decode(bytes) }
        }
    }

    @Test func `a keeper from the walk goes before one from an answer`() throws {
        let report = try Scenario("walk-resolvers-lag-behind").report()
        let keeper = ZoneKeeper(of: report.facts)
        #expect(keeper.zone.description == "100.51.198.in-addr.arpa")
        #expect(keeper.primary?.description == "ns1.isp.example")
        #expect(!keeper.isGuess)
        // None of the resolvers' answers names the zone here.
        let lame = ZoneKeeper(of: try Scenario("walk-delegation-lame").report().facts)
        #expect(lame.zone.description == "100.51.198.in-addr.arpa")
        #expect(!lame.isGuess)
    }
}

/// The section alone: its reader is told what sets the exit code.
@Suite struct KeeperAloneTests {
    @Test(arguments: ["walk-article-a", "walk-classless-without-cname", "walk-delegation-lame"])
    func `the section alone says why the exit code is what it is`(name: String) throws {
        let report = try Scenario(name).report()
        let text = TextReport.renderKeeper(report)
        let codes = report.verdict.findings.filter { $0.severity.reaches(report.failOn) }
            .map(\.finding.code.rawValue)
        #expect((report.exitCode == ExitCode.fault) == !codes.isEmpty)
        for code in codes { #expect(text.contains("heloscope explain \(code)\n"), "\(text)") }
        if report.exitCode == ExitCode.undetermined {
            #expect(text.contains("\nUNKNOWN  "), "\(text)")
        }
    }
}
