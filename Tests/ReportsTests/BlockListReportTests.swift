import DNSModel
import Foundation
import NetNames
import ReceiverModels
import Reports
import SenderIdentity
import TestSupport
import Testing

/// What a report makes of block lists: the headline, the exit code, the order, and their words.
@Suite struct BlockListReportTests {
    @Test(
        arguments: [
            (0x7fff_fffc, "look at how bl.example is spelt"),
            (0x7fff_fffe, "through a resolver of your own (--resolver), or register"),
        ] as [(UInt32, String)])
    func `a list's refusal is answered by its code`(code: UInt32, words: String) throws {
        let client = try #require(IPAddress("192.0.2.25"))
        let host = try #require(DomainName("mail.example.org"))
        let zone = try BlockListZone(parsing: "bl.example".utf8)
        let questions = BlockListQuestions(to: zone, about: client)
        var evidence = Evidence(startedAt: 0, sources: [.init(kind: .zone, name: "z")])
        let pointer = Question(ReverseName.name(of: client), .ptr)
        let answers: [(Question, RecordData)] =
            [(pointer, .ptr(host)), (Question(host, .a), .address(client))]
            + questions.all.filter { $0.type == .a }.map { ($0, .address(.v4(code))) }
        for (question, data) in answers {
            evidence.add(
                Observation(
                    question: question, stage: .verdict,
                    response: Response(
                        code: .noError, answers: [.init(name: question.name, ttl: 60, data: data)]),
                    attempts: [], elapsed: .zero))
        }
        let report = Report(
            subject: Subject(address: client, blockLists: [zone]), evidence: evidence)
        let text = TextReport.render(report, .init(width: 200))
        #expect(text.contains(words), "\(text)")
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let scenario: String
        let headline: String
        let exitCode: Int32
        var testDescription: String { scenario }
    }

    @Test(arguments: [
        Row(scenario: "dnsbl-not-listed", headline: "OK  Nothing to fix", exitCode: 0),
        Row(
            scenario: "dnsbl-zen-policy-listing",
            headline: "FAIL  192.0.2.6 is listed at zen.spamhaus.org: 127.0.0.10 (PBL", exitCode: 1),
        Row(
            scenario: "dnsbl-public-resolver",
            headline: "UNKNOWN  Could not find out whether 192.0.2.6 is listed at zen.spamhaus.org",
            exitCode: 75),
        Row(
            scenario: "dnsbl-beside-no-ptr", headline: "FAIL  IP Address 192.0.2.6 does not have",
            exitCode: 1),
        Row(
            scenario: "dnsbl-beside-weak-helo",
            headline: "WARN  HELO name outbound.example.com has", exitCode: 75),
        Row(
            scenario: "dnsbl-beside-reverse-servfail",
            headline: "FAIL  192.0.2.6 is listed at bl.example.net", exitCode: 1),
        Row(
            scenario: "dnsbl-in-a-pool",
            headline: "FAIL  157.56.110.65 is listed at zen.spamhaus.org", exitCode: 1),
        Row(
            scenario: "dnsbl-private-without-source", headline: "NOTE  10.0.0.1 is a", exitCode: 0),
    ])
    func `PTR and HELO come first, then the list`(row: Row) throws {
        let report = try Scenario(row.scenario).report()
        #expect(TextReport.render(report).hasPrefix(row.headline), "\(TextReport.render(report))")
        #expect(report.exitCode == row.exitCode)
    }

    @Test func `what was mended comes before the request for removal`() throws {
        let report = try Scenario("dnsbl-beside-no-ptr").report()
        let lines = TextReport.render(report).split(separator: "\n").map(String.init)
        let record = try #require(lines.firstIndex { $0.contains("IN PTR") })
        let removal = try #require(lines.firstIndex { $0.contains("ask bl.example.net") })
        #expect(record < removal)
    }

    @Test func `a list changes neither receivers nor the other findings nor letters`() throws {
        let scenario = try Scenario("dnsbl-beside-no-ptr")
        let evidence = try scenario.evidence()
        let with = Report(subject: scenario.subject, evidence: evidence)
        let without = Report(subject: scenario.subject.asking([]), evidence: evidence)
        #expect(with.replies.map(\.judgement) == without.replies.map(\.judgement))
        #expect(
            with.verdict.findings.filter { $0.finding.code.group != .blockLists }
                == without.verdict.findings)
        #expect(
            try Letter.text(to: .isp, about: with) == Letter.text(to: .isp, about: without))
    }

    @Test func `only a report of everything says that no list was asked`() throws {
        let report = try Scenario("helo-equals-ptr").report()
        #expect(!TextReport.render(report).contains("Block lists"))
        let all = TextReport.render(report, .init(showsAll: true))
        #expect(all.contains("–    Block lists   not tested: add --dnsbl default"))
        #expect(MarkdownReport.render(report).contains("not tested: add --dnsbl default"))
        #expect(!(try ReportJSON.render(report)).contains("\"blockLists\""))
    }

    @Test func `the row stands behind HELO and its hosts`() throws {
        let text = TextReport.render(try Scenario("dnsbl-in-a-pool").report())
        let helo = try #require(text.range(of: "\n note HELO"))
        let pool = try #require(text.range(of: "\n ok   Pool"))
        let lists = try #require(
            text.range(
                of: "\n FAIL Block lists   1 of 1 list: heloscope explain dnsbl-listed\n"))
        #expect(helo.lowerBound < pool.lowerBound && pool.lowerBound < lists.lowerBound)
    }

    // MARK: A stranger's words

    private static let ownSigns = Set("§…–→·«»≥".unicodeScalars)

    private func holdsOnlySafeText(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy {
            $0 == "\n" || ("\u{20}"..."\u{7e}").contains($0) || Self.ownSigns.contains($0)
        }
    }

    @Test func `a list's words come out escaped everywhere, three of them, and cut`() throws {
        let report = try Scenario("dnsbl-hostile-reason").report()
        let listing = try #require(report.facts.blockLists.first?.listing)
        #expect(listing.reasons.count == BlockListLimits.reasons)
        #expect(listing.reasons.map(\.isCut) == [false, true, false])
        #expect(listing.reasons[1].bytes.count == BlockListLimits.reasonBytes)
        for width in [40, 80, 132] {
            for showsAll in [false, true] {
                let text = TextReport.render(report, .init(width: width, showsAll: showsAll))
                #expect(holdsOnlySafeText(text))
            }
        }
        #expect(TextReport.render(report).contains("«\\027[31mred\\013\\010X-Header: y"))
        #expect(holdsOnlySafeText(try ReportJSON.render(report)))
        #expect(holdsOnlySafeText(NagiosReport(report).line))
    }

    @Test func `a list's words make no markup and no link in Markdown`() throws {
        let text = MarkdownReport.render(try Scenario("dnsbl-hostile-reason").report())
        #expect(holdsOnlySafeText(text))
        for bare in ["<script>", "](https", "://", "`a|b`"] {
            #expect(!text.contains(bare), "\(bare)")
        }
        #expect(text.contains("https\\:\\/\\/evil\\.example"))
        for line in text.split(separator: "\n") where line.hasPrefix("|") {
            let bars = line.replacing("\\\\", with: "").replacing("\\|", with: "")
                .filter { $0 == "|" }.count
            #expect([3, 4, 5].contains(bars), "\(line)")
        }
    }

    @Test func `JSON has zone, codes with meanings and reasons`() throws {
        let report = try Scenario("dnsbl-several-lists").report()
        let json = try #require(
            JSONSerialization.jsonObject(with: Data(ReportJSON.render(report).utf8))
                as? [String: Any])
        let lists = try #require(json["blockLists"] as? [[String: Any]])
        #expect(
            lists.compactMap { $0["result"] as? String }
                == ["not-listed", "listed", "listed", "listed", "listed", "listed"])
        let codes = try #require(lists[4]["codes"] as? [[String: String]])
        #expect(
            codes.compactMap { $0["answer"] }
                == ["127.0.0.2", "127.0.0.10", "127.0.0.11", "127.0.0.12"])
        #expect(codes[1]["meaning"] == "worst reputation (L5)")
        let own = try #require(lists[5]["codes"] as? [[String: String]])
        #expect(own == [["answer": "127.0.0.2"]])
        #expect((lists[5]["reasons"] as? [String])?.count == 2)
    }

    @Test func `the documents have every list and every code`() throws {
        let page = try Fixtures.text(of: Fixtures.package.appending(path: "docs/block-lists.md"))
        let sections = page.split(separator: "\n### ").dropFirst().map(String.init)
        #expect(sections.count == KnownBlockList.all.count)
        for (section, list) in zip(sections, KnownBlockList.all) {
            #expect(section.hasPrefix("\(list.zone): \(list.name)\n"))
            let rows = section.split(separator: "\n").filter { $0.hasPrefix("| 127.0.0.") }
            #expect(
                rows.map(String.init)
                    == list.codes.map { "| 127.0.0.\($0.octet) | \($0.meaning) |" })
            #expect(section.contains("<\(list.removal)>") && section.contains("<\(list.source)>"))
        }
    }

    // MARK: Evidence

    @Test func `evidence holds the lists, and refuses bad ones`() throws {
        let scenario = try Scenario("dnsbl-several-lists")
        let saved = try EvidenceCodec.encode(try scenario.evidence(), of: scenario.subject)
        #expect(try EvidenceCodec.decode(saved).0 == scenario.subject)
        let text = String(decoding: saved, as: UTF8.self)
        for bad in ["not a zone", "bl.spamcop.net"] {
            let changed = text.replacing("\"zen.spamhaus.org\"", with: "\"\(bad)\"")
            #expect(changed != text)
            let error = EvidenceCodec.ReadError.badField("subject.blockLists", observation: nil)
            #expect(throws: error) {
                try EvidenceCodec.decode(Array(changed.utf8))
            }
        }
    }

    @Test func `a file from before block lists is still read`() throws {
        let scenario = try Scenario("helo-equals-ptr")
        let saved = try EvidenceCodec.encode(try scenario.evidence(), of: scenario.subject)
        let old = String(decoding: saved, as: UTF8.self)
            .replacing("    \"blockListPackets\" : 4,\n", with: "")
        #expect(old.utf8.count < saved.count)
        #expect(try EvidenceCodec.decode(Array(old.utf8)).0 == scenario.subject)
    }
}
