import NetNames
import Reports
import SenderIdentity
import TestSupport
import Testing

/// Answers of registries, in the shapes they have.
@Suite struct RegistrationTests {
    private func read(_ json: String, _ address: String = "198.51.100.25") throws -> Registration {
        let client = try #require(IPAddress(address))
        return try RegistrationReader.registration(
            Array(json.utf8), of: client, from: "https://rdap.example/ip/\(address)")
    }

    private static let range = #""startAddress":"198.51.100.0","endAddress":"198.51.100.255""#

    @Test func `contacts nested in the registrant are found, abuse first`() throws {
        let found = try read(
            #"{\#(Self.range),"handle":"NET-1","name":"EX","entities":[{"roles":["registrant"],"#
                + #""vcardArray":["vcard",[["fn",{},"text","Example Networks"],["kind",{},"text","org"]]],"#
                + #""entities":[{"roles":["technical"],"vcardArray":["vcard",[["fn",{},"text","NOC"],"#
                + #"["email",{},"text","noc@isp.example"]]]},{"roles":["abuse"],"vcardArray":["vcard","#
                + #"[["email",{},"text",["abuse@isp.example","other@isp.example"]]]]}]}]}"#)
        #expect(found.holder?.description == "Example Networks")
        #expect(found.contacts.map(\.role) == [.abuse, .technical, .registrant])
        #expect(found.contacts.first?.mail?.description == "abuse@isp.example")
        #expect(found.contactForReverseDNS?.mail?.description == "noc@isp.example")
    }

    @Test func `an organization goes before a maintainer, and a missing card is nobody`() throws {
        let found = try read(
            #"{\#(Self.range),"country":["NL"],"name":7,"entities":[{"roles":["registrant"],"#
                + #""vcardArray":["vcard",[["fn",{},"text","EX-MNT"],["kind",{},"text","individual"]]]},"#
                + #"{"roles":["abuse"]},{"roles":"registrant"},{"roles":["registrant"],"vcardArray":"#
                + #"["vcard",[["kind",{},"text","org"],["fn",{},"text","Example BV"]]]}]}"#)
        #expect(found.holder?.description == "Example BV")
        #expect(found.country?.description == "NL")
        #expect(found.networkName == nil)
        #expect(found.contacts.map(\.role) == [.registrant, .registrant])
    }

    @Test func `hostile text is one bounded line, and no mail address`() throws {
        let long = String(repeating: "x", count: 10_000)
        let found = try read(
            #"{\#(Self.range),"handle":"a\u001b[2J\r\nTo: b\u202ec\u009b","entities":[{"roles":["abuse","#
                + #""registrant"],"vcardArray":["vcard",[["fn",{},"text","\#(long)"],"#
                + #"["email",{},"text","a@isp.example\r\nBcc: b@c.example"]]]}]}"#)
        #expect(found.handle?.description == "a [2J To: b c")
        #expect((found.holder?.description.count ?? 0) <= RegistrationText.longest + 1)
        #expect(found.contacts.allSatisfy { $0.mail == nil })
    }

    @Test func `what is no registration of the address is an error`() throws {
        #expect(throws: RegistrationFailure.notJSON) { try read("<html>") }
        #expect(throws: RegistrationFailure.unreadable) { try read("{}") }
        #expect(throws: RegistrationFailure.otherNetwork) {
            try read("{\(Self.range)}", "192.0.2.1")
        }
        #expect(throws: RegistrationFailure.notJSON) {
            try read(String(repeating: "[", count: 100_000))
        }
    }

    @Test func `the longest prefix names the registry`() throws {
        let file = Array(
            #"{"services":[[["198.0.0.0/8"],["https://a.example/"]],[["198.51.0.0/16","x"],["http://b.example/","https://b.example/"]],7]}"#
                .utf8)
        let inside = try #require(IPAddress("198.51.100.25"))
        let outside = try #require(IPAddress("2001:db8::1"))
        #expect(
            try RegistrationReader.servers(file, for: inside)
                == ["https://b.example/", "http://b.example/"])
        #expect(throws: RegistrationFailure.noRegistry) {
            try RegistrationReader.servers(file, for: outside)
        }
    }

    @Test func `every format shows it, saved evidence keeps it`() throws {
        let scenario = try Scenario("walk-article-a")
        var evidence = try scenario.evidence()
        let address = scenario.subject.address
        let found = try read(
            #"{"startAddress":"\#(address)","endAddress":"\#(address)","entities":[{"roles":["registrant","abuse"],"vcardArray":["vcard",[["fn",{},"text","Example Networks"],["email",{},"text","abuse@isp.example"]]]}]}"#,
            "\(address)")
        evidence.registration = found
        let saved = try EvidenceCodec.encode(evidence, of: scenario.subject)
        let (subject, read) = try EvidenceCodec.decode(saved)
        #expect(read.registration == found)
        let report = Report(subject: subject, evidence: read)
        #expect(TextReport.render(report, .init(width: 200)).contains("holder    Example Networks"))
        #expect(MarkdownReport.render(report).contains("| holder | Example Networks"))
        #expect(try ReportJSON.render(report).contains("\"holder\" : \"Example Networks\""))
        let letter = try Letter.text(to: .isp, about: report)
        #expect(letter.contains("abuse@isp.example (abuse contact, RDAP)"))
    }
}
