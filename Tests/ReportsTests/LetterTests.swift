import DNSModel
import Foundation
import ReceiverModels
import Remedies
import Reports
import SenderIdentity
import TestSupport
import Testing

/// Letters go to the one who has to act, and to nobody else.
@Suite struct LetterTests {
    @Test(arguments: Scenario.names)
    func `a receiver is written to only for a rule about HELO`(name: String) throws {
        let report = try Scenario(name).report()
        guard let letter = try? Letter.text(to: .receiver, about: report) else { return }
        #expect(report.facts.confirmedName != nil)
        // What SPF and block lists say is no part of the letter.
        let faults = report.verdict.findings.filter {
            $0.severity == .error && ![.spf, .blockLists].contains($0.finding.code.group)
        }
        #expect(faults.isEmpty)
        if case .equals? = report.facts.helo?.relation { Issue.record("HELO is the PTR name") }
        #expect(letter.contains("Rules known to refuse it:\n  - "))
        #expect(!letter.contains("Heloscope's guard"))
        #expect(letter.contains("RFC 5321 §4.1.4") && letter.contains("RFC 5321 §7.9"))
    }

    @Test(arguments: Scenario.names)
    func `the keeper of the reverse zone gets an exact record`(name: String) throws {
        let report = try Scenario(name).report()
        guard let letter = try? Letter.text(to: .isp, about: report) else { return }
        #expect(!letter.contains("<name of the mail server>"))
        let owner = try #require(report.plan.steps.first { $0.keeper != nil }?.owner)
        let own = report.plan.steps.filter { $0.owner == owner }
        // A letter about servers may have no record to ask for; every other has one.
        let isAboutServers = own.contains { $0.keyword.rawValue == "serve-zone" }
        #expect(letter.contains(" IN PTR ") || letter.contains(" IN CNAME ") || isAboutServers)
        let unfolded = letter.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            .replacing(" ( ", with: " ").replacing(" )", with: "")
        for record in own.flatMap(\.records) {
            #expect(unfolded.contains(MasterFilePrinter.line(record)), "\(letter)")
        }
        // A failed look-up proves nothing; servers that say themselves that they have no zone do.
        #expect(report.facts.pointer.lookup?.outcome.failure == nil || isAboutServers)
    }

    @Test func `silence of servers is no letter's ground`() throws {
        let report = try Scenario("walk-delegation-silent").report()
        #expect(throws: Letter.Refusal.notEstablished) { try Letter.text(to: .isp, about: report) }
    }

    @Test(arguments: Scenario.names, [Letter.Recipient.isp, .receiver, .provider])
    func `every letter fits 78 columns, but for single words`(
        name: String, recipient: Letter.Recipient
    ) throws {
        let report = try Scenario(name).report()
        guard let letter = try? Letter.text(to: recipient, about: report) else { return }
        for line in letter.split(separator: "\n") where line.unicodeScalars.count > 78 {
            let words = line.split(separator: " ").filter { $0 != "(" && $0 != ")" }
            #expect(words.count == 1, "\(line)")
        }
        #expect(letter.hasPrefix("To: ") && letter.contains("\nSubject: "))
    }

    @Test func `a provider's customer gets its steps, the address record first`() throws {
        let report = try Scenario("provider-aws-no-ptr").report()
        let letter = try Letter.text(to: .provider, about: report)
        let forward = try #require(
            letter.firstRange(of: "mail.example.org. 3600 IN A 203.0.113.25"))
        let command = try #require(
            letter.firstRange(of: "aws ec2 modify-address-attribute --allocation-id <id>"))
        #expect(forward.lowerBound < command.lowerBound)
        #expect(letter.contains(" \\\n    mail.example.org\n"))
        #expect(letter.contains("[unverified]"))
        let named = try Scenario("provider-hetzner-default-name").report()
        #expect(
            try Letter.text(to: .provider, about: named).contains(
                "hcloud server set-rdns <server> --ip 203.0.113.25"))
        let other = try Scenario("article-a-no-ptr").report()
        #expect(throws: Letter.Refusal.providerUnknown) {
            try Letter.text(to: .provider, about: other)
        }
    }

    @Test(
        arguments: [
            "article-a-no-ptr", "ipv6-no-ptr", "several-ptrs-none-confirms",
            "walk-classless-child-lame", "walk-classless-cname-dangling",
            "walk-classless-without-anything", "walk-classless-without-cname",
            "walk-delegation-lame", "walk-delegation-missing", "walk-servers-disagree",
            "walk-two-servers-of-three-serve",
        ])
    func `letters to the holder read as recorded`(name: String) throws {
        let scenario = try Scenario(name)
        try Golden.expect(
            Letter.text(to: .isp, about: try scenario.report()),
            in: scenario.folder.appending(path: "letter-isp.txt"))
    }

    @Test func `the other letters read as recorded`() throws {
        let pool = try Scenario("article-b-pool-outside")
        try Golden.expect(
            Letter.text(to: .receiver, about: try pool.report()),
            in: pool.folder.appending(path: "letter-receiver.txt"))
        let named = try Scenario("provider-hetzner-default-name")
        try Golden.expect(
            Letter.text(to: .provider, about: try named.report()),
            in: named.folder.appending(path: "letter-provider.txt"))
    }

    @Test func `both articles end in their letter`() throws {
        let pool = try Scenario("article-b-pool-outside").report()
        #expect(try Letter.text(to: .receiver, about: pool).contains("shared"))
        #expect(throws: Letter.Refusal.nothingForHolder) {
            try Letter.text(to: .isp, about: pool)
        }
        let missing = try Scenario("article-a-no-ptr").report()
        let letter = try Letter.text(to: .isp, about: missing)
        #expect(letter.contains("25.100.51.198.in-addr.arpa. 3600 IN PTR mail.example.org."))
        #expect(throws: Letter.Refusal.faultOnSendingSide) {
            try Letter.text(to: .receiver, about: missing)
        }
    }
}
