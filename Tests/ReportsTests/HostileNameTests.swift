import DNSModel
import Foundation
import LookupEngine
import NetNames
import ReceiverModels
import Reports
import SenderIdentity
import TestSupport
import Testing

/// Names that an attacker chose, in every format: one field, printable ASCII, the bytes kept.
@Suite struct HostileNameTests {
    /// First labels of a PTR name below example.com.
    static let labels: [[UInt8]] = [
        Array("\u{1b}[31mred".utf8),
        Array("a\nb".utf8),
        Array("a\r\nX-Header: y".utf8),
        Array("\"quoted\"".utf8),
        Array("'single'".utf8),
        Array("<script>alert(1)</script>".utf8),
        Array("a|b".utf8),
        Array("`code`*bold*_it_".utf8),
        Array("[text](http://example.com)".utf8),
        Array("a.b".utf8),
        Array("a\\b".utf8),
        Array("$(id)".utf8),
        Array("a;b(c)".utf8),
        [0xff, 0xfe], [0x00], [0x7f], [0xc2, 0x9b], [0xe2, 0x80, 0xae], Array("a b".utf8),
        [UInt8](repeating: 0x61, count: 63),
    ]

    private func report(_ label: [UInt8]) throws -> Report {
        let client = try #require(IPAddress("192.0.2.66"))
        let domain = try #require(DomainName("example.com"))
        var name = try domain.prepending(label)
        // As long as a name can be, so that nothing is cut where it must not be.
        if label.count == 63 {
            for _ in 0..<2 { name = try name.prepending(label) }
            name = try name.prepending([UInt8](repeating: 0x62, count: 253 - name.wire.count))
        }
        let records = [
            ResourceRecord(name: ReverseName.name(of: client), ttl: 60, data: .ptr(name)),
            ResourceRecord(
                name: try #require(DomainName("2.0.192.in-addr.arpa")), ttl: 60, data: .soa(soa)),
            ResourceRecord(name: domain, ttl: 60, data: .soa(soa)),
            ResourceRecord(name: name, ttl: 60, data: .address(client)),
        ]
        let world = try ZoneWorld(
            files: [ZoneFile(name: "world", contents: MasterFile(records: records))])
        var network = ScriptedNetwork([
            ScriptedServer(label: "zone", latency: .zero, reply: { world.reply(to: $0) })
        ])
        let subject = Subject(address: client, helo: HELOArgument(label))
        let evidence = ScriptedCollector.collect(
            startedAt: Scenario.startedAt, sources: [.init(kind: .zone, name: "world")],
            network: &network
        ) { LookupPlan.questions(for: subject, knowing: $0) }
        return Report(subject: subject, evidence: evidence)
    }

    private var soa: StartOfAuthority {
        StartOfAuthority(
            primary: .root, mailbox: .root, serial: 1, refresh: 1, retry: 1, expire: 1, minimum: 1)
    }

    /// Our own words hold a few signs beyond ASCII; nothing else may.
    private static let ownSigns = Set("§…–→·«»≥".unicodeScalars)

    private func holdsOnlySafeText(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy {
            $0 == "\n" || ("\u{20}"..."\u{7e}").contains($0) || Self.ownSigns.contains($0)
        }
    }

    @Test(arguments: labels)
    func `come out escaped on the terminal, and no line gets wider`(label: [UInt8]) throws {
        let report = try report(label)
        for width in [40, 80, 132] {
            let text = TextReport.render(report, .init(width: width, showsAll: true))
            #expect(holdsOnlySafeText(text))
            let widest = text.split(separator: "\n").map(\.unicodeScalars.count).max() ?? 0
            #expect(widest <= width)
        }
    }

    @Test(arguments: labels)
    func `come out escaped in Markdown: no markup, no extra cell`(label: [UInt8]) throws {
        let text = MarkdownReport.render(try report(label))
        #expect(holdsOnlySafeText(text))
        // What stands in an indented block is shown as it is.
        for line in text.split(separator: "\n") where !line.hasPrefix("        ") {
            var isEscaped = false
            var bars = 0
            for scalar in line.unicodeScalars {
                if isEscaped {
                    isEscaped = false
                    continue
                }
                isEscaped = scalar == "\\"
                if scalar == "|" { bars += 1 }
                #expect(!["<", ">", "`"].contains(scalar), "\(line)")
            }
            #expect([0, 3, 4, 5].contains(bars), "\(line)")
        }
    }

    @Test func `no text becomes a link of a renderer that finds bare ones`() {
        #expect(
            MarkdownReport.escape("see https://evil.example, WWW.evil.example or a@evil.example.")
                == "see https\\://evil.example, WWW\\.evil.example or a\\@evil.example.")
        #expect(MarkdownReport.escape("2001:db8::1 www2.example") == "2001:db8::1 www2.example")
    }

    @Test(arguments: labels)
    func `come out of JSON as they went in`(label: [UInt8]) throws {
        let report = try report(label)
        let text = try ReportJSON.render(report)
        #expect(holdsOnlySafeText(text))
        let parsed = try #require(
            JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        let pointer = try #require(parsed["ptr"] as? [String: Any])
        let names = try #require(pointer["names"] as? [[String: Any]])
        let shown = try #require(names.first?["name"] as? String)
        let name = try DomainName(parsing: shown.utf8)
        #expect(name == report.facts.pointer.names.first?.name)
    }

    @Test(arguments: labels)
    func `come out of evidence and letters safely`(label: [UInt8]) throws {
        let report = try report(label)
        let saved = try EvidenceCodec.encode(report.evidence, of: report.facts.subject)
        let (subject, evidence) = try EvidenceCodec.decode(saved)
        #expect(subject == report.facts.subject)
        #expect(evidence == report.evidence)
        if let letter = try? Letter.text(to: .isp, about: report) {
            #expect(holdsOnlySafeText(letter))
        }
        #expect(holdsOnlySafeText(NagiosReport(report).line))
        #expect(NagiosReport(report).line.filter { $0 == "|" }.count == 1)
    }
}
