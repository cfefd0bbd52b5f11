import Foundation
import ReceiverModels
import Reports
import TestSupport
import Testing

/// The open catalogue: the published file, and what a reader sees of it.
@Suite struct CatalogueTests {
    @Test func `the published catalogue is what the code says`() throws {
        try Golden.expect(
            try CatalogueJSON.render(),
            in: Fixtures.package.appending(path: "docs/receivers/catalogue.json"))
    }

    @Test func `is sorted, whatever the order of the code`() throws {
        #expect(try CatalogueJSON.render(Receiver.all.reversed()) == CatalogueJSON.render())
    }

    @Test func `every rule has a source, a month and a stage`() {
        for receiver in Receiver.all {
            for rule in receiver.rules {
                #expect(!rule.source.document.isEmpty, "\(receiver.id) \(rule.id)")
                #expect(rule.source.checked.wholeMatch(of: /20[0-9]{2}-[01][0-9]/) != nil)
                let name = Set("abcdefghijklmnopqrstuvwxyz0123456789_-")
                #expect(rule.id.allSatisfy(name.contains), "\(receiver.id) \(rule.id)")
            }
        }
    }

    @Test(arguments: [40, 60, 80])
    func `no line is wider than the terminal`(width: Int) {
        var texts = [ReceiverCatalogue.list(month: "2026-11", width: width)]
        texts += Receiver.all.map { ReceiverCatalogue.page($0, month: "2026-11", width: width) }
        for text in texts {
            for line in text.split(separator: "\n") {
                #expect(line.unicodeScalars.count <= width, "\(line)")
                #expect(line.last != " ", "\(line)|")
            }
        }
    }

    @Test func `a page shows setting, default, replies, source and basis`() {
        let page = ReceiverCatalogue.page(.maddy, month: "2026-11")
        for part in [
            "maddy (maddy)", "fail_action: quarantine (default), reject",
            "check … --receiver maddy:fail_action=reject", "require_matching_rdns: off by default",
            "550 5.7.25 No PTR record found", "internal/check/dns/dns.go, 0.9.4",
            "documented 2026-11",
        ] {
            #expect(page.contains(part), "\(part)\n\(page)")
        }
    }

    @Test(arguments: [
        ("2026-11", false), ("2028-11", false), ("2028-12", true), ("2026-01", false),
        ("nonsense", false),
    ])
    func `a rule checked more than 24 months ago is stale`(month: String, isStale: Bool) {
        #expect(ReceiverCatalogue.list(month: month).contains("2026-11 stale") == isStale)
        #expect(ReceiverCatalogue.page(.mox, month: month).contains("stale") == isStale)
    }

    /// A brace without a known name would be printed as it stands.
    @Test func `every brace in a reply is a placeholder`() {
        for receiver in Receiver.all {
            for reply in receiver.rules.flatMap({ receiver.replies(of: $0) }) {
                for case .literal(let text) in reply.effect.text {
                    #expect(!text.contains("{") && !text.contains("}"), "\(receiver.id): \(text)")
                }
            }
        }
    }
}
