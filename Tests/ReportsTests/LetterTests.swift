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
        // A failed look-up proves nothing; what servers say themselves does: that they have no zone,
        // or aliases in a circle.
        let isLoop = report.facts.pointer.lookup?.outcome.failure == .aliasLoop
        #expect(
            report.facts.pointer.lookup?.outcome.failure == nil || isAboutServers
                || isLoop && report.facts.reverseTree?.fault != nil)
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

    /// SPF's record is the sender's, too, and no part of the way to a PTR record.
    @Test func `the provider's steps have address records in front, and no others`() throws {
        let report = try SmallReport.report(
            "203.0.113.9", helo: "mail.example.org", mailFrom: "a@example.org",
            zone: """
                $TTL 1h
                113.0.203.in-addr.arpa. SOA ns1.amazonaws.com. h.amazonaws.com. 1 1h 1h 1h 1h
                example.org. SOA ns1.example.org. h.example.org. 1 1h 1h 1h 1h
                example.org. TXT "v=spf1 -all"
                """)
        #expect(report.plan.steps.map(\.keyword).contains(.allowInSPF))
        let letter = try Letter.text(to: .provider, about: report)
        let unfolded = letter.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(!unfolded.contains("SPF") && !unfolded.contains("v=spf1"))
        #expect(
            unfolded.contains(
                "1. AWS refuses a name that does not lead back yet. In your own zone: publish the"
                    + " address record of mail.example.org: mail.example.org. 3600 IN A 203.0.113.9"
                    + " 2. Only an Elastic IP"), "\(letter)")
    }

    @Test func `a keeper whose alias exists is not offered one`() throws {
        let offer = "If you delegate ranges smaller than /24"
        let empty = try Scenario("walk-classless-child-empty").report()
        #expect(!(try Letter.text(to: .isp, about: empty).contains(offer)))
        let missing = try Scenario("article-a-no-ptr").report()
        #expect(try Letter.text(to: .isp, about: missing).contains(offer))
    }

    /// Without a HELO name the plan only says that a name is to be chosen.
    @Test(arguments: ["walk-delegation-lame", "walk-classless-without-anything"])
    func `no forward record is promised where the name is still to be chosen`(
        scenario: String
    ) throws {
        let scenario = try Scenario(scenario)
        let report = Report(
            subject: Subject(address: scenario.subject.address), evidence: try scenario.evidence())
        #expect(report.plan.steps.map(\.keyword).contains(.chooseName))
        #expect(!(try Letter.text(to: .isp, about: report).contains("forward record")))
    }

    @Test func `a forward record that is in place is called so, whatever HELO says`() throws {
        let scenario = try Scenario("reverse-zone-written-forwards")
        let report = Report(
            subject: Subject(address: scenario.subject.address), evidence: try scenario.evidence())
        #expect(report.plan.steps.map(\.keyword).first == .addressIsRight)
        let letter = try Letter.text(to: .isp, about: report)
        #expect(letter.contains("The forward record is in place"))
        #expect(!letter.contains("is being published"))
    }

    /// Whoever adds the CNAME is told that it will lead to servers without the zone.
    @Test func `servers that refuse the zone which an alias is to lead into are named`() throws {
        let report = try Scenario("walk-classless-without-cname-child-refused").report()
        let step = try #require(report.plan.steps.last)
        #expect(step.keyword == .serveZone && step.owner == .reverseZoneKeeper)
        let letter = try Letter.text(to: .isp, about: report)
            .split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(letter.contains("No server answers for 16-28.100.51.198.in-addr.arpa yet:"))
        #expect(letter.contains("ns.customer.example (127.0.53.6) refuses."))
    }

    @Test(
        arguments: [
            "article-a-no-ptr", "ipv6-no-ptr", "several-ptrs-none-confirms",
            "walk-classless-child-empty", "walk-classless-child-lame",
            "walk-classless-cname-dangling", "walk-classless-cname-loop",
            "walk-classless-without-anything", "walk-classless-without-cname",
            "walk-classless-without-cname-child-refused", "walk-delegation-lame",
            "walk-delegation-missing", "walk-servers-disagree",
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
