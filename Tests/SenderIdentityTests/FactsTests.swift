import DNSModel
import NetNames
import SenderIdentity
import Testing

/// Facts that decide who is blamed: iprev, topology, the forms of PTR names.
@Suite struct FactsTests {
    @Test func `the confirming name is the first that leads back, not the first`() throws {
        var world = Build()
        try world.pointer(of: "192.0.2.8", to: ["a.example.com", "b.example.com", "c.example.com"])
        try world.addresses(of: "a.example.com", ["192.0.2.99"])
        try world.addresses(of: "b.example.com", ["192.0.2.8"])
        try world.addresses(of: "c.example.com", ["192.0.2.8"])
        #expect(try world.facts("192.0.2.8").iprev == .pass(#require(DomainName("b.example.com"))))
    }

    @Test func `one failed name beside a confirming one does not matter`() throws {
        var world = Build()
        try world.pointer(of: "192.0.2.9", to: ["a.example.com", "b.example.com"])
        try world.addresses(of: "a.example.com", ["192.0.2.9"])
        try world.fail("b.example.com", .a, .serverFailure)
        let facts = try world.facts("192.0.2.9")
        #expect(facts.iprev.keyword == "pass")
    }

    @Test func `one failed name beside a foreign one leaves it open`() throws {
        var world = Build()
        try world.pointer(of: "192.0.2.9", to: ["a.example.com", "b.example.com"])
        try world.addresses(of: "a.example.com", ["192.0.2.77"])
        try world.fail("b.example.com", .a, .timeout)
        let facts = try world.facts("192.0.2.9")
        let verdict = Verdict(Check.findings(in: facts), facts: facts)
        #expect(facts.iprev.keyword == "temperror")
        #expect(verdict.outcome == .undetermined(.forward(.timeout)))
        #expect(verdict.exitCode(failOn: .error) == 75)
    }

    @Test func `an address of the other family does not confirm`() throws {
        var world = Build()
        try world.pointer(of: "2001:db8::19", to: ["v6a.example.com"])
        try world.addresses(of: "v6a.example.com", ["192.0.2.6"])
        let facts = try world.facts("2001:db8::19")
        #expect(facts.iprev.keyword == "fail")
        #expect(facts.pointer.names.first?.match == .elsewhere([.v4(0xc000_0206)]))
    }

    @Test func `a mapped address is the IPv4 client`() throws {
        var world = Build()
        try world.host("mail.example.com", "192.0.2.6")
        #expect(try world.facts("::ffff:192.0.2.6").iprev.keyword == "pass")
    }

    @Test(arguments: ["192.0.2.6", "2001:db8::6"])
    func `a mapped address in an AAAA record is no address`(client: String) throws {
        var world = Build()
        try world.pointer(of: client, to: ["mail.example.com"])
        let mapped: [UInt8] = Array(repeating: 0, count: 10) + [0xff, 0xff, 192, 0, 2, 6]
        try world.answer("mail.example.com", .a, [])
        try world.answer("mail.example.com", .aaaa, [.other(.aaaa, mapped)])
        let facts = try world.facts(client)
        #expect(facts.iprev == .fail)
        #expect(facts.pointer.names.first?.match == .noAddress)
    }

    struct DotCase: CustomTestStringConvertible {
        let name: String
        let intended: String?
        var testDescription: String { "\(name) was meant as \(intended ?? "itself")" }
    }

    static let dots: [DotCase] = [
        DotCase(name: "mail.example.org.2.0.192.in-addr.arpa", intended: "mail.example.org"),
        DotCase(name: "mail.example.org.0-127.2.0.192.in-addr.arpa", intended: "mail.example.org"),
        DotCase(
            name: "mail.example.org.0.0.8.b.d.0.1.0.0.2.ip6.arpa", intended: "mail.example.org"),
        DotCase(name: "mail.example.org.example.org", intended: "mail.example.org"),
        DotCase(name: "a.mail.example.org.mail.example.org", intended: "a.mail.example.org"),
        DotCase(name: "mail.example.org", intended: nil),
        DotCase(name: "mail.mail.example.org", intended: nil),
        DotCase(name: "example.org.example.com", intended: nil),
    ]

    @Test(arguments: dots)
    func `sees a forgotten final dot`(_ one: DotCase) throws {
        var world = Build()
        try world.pointer(of: "192.0.2.6", to: [one.name])
        let facts = try world.facts("192.0.2.6")
        #expect(facts.pointer.names.first?.intended == one.intended.flatMap { DomainName($0) })
    }

    struct GenericCase: CustomTestStringConvertible {
        let name: String
        let client: String
        let rule: GenericRule?
        var testDescription: String { "\(name) for \(client): \(rule?.rawValue ?? "its own")" }

        init(_ name: String, _ client: String, _ rule: GenericRule?) {
            self.name = name
            self.client = client
            self.rule = rule
        }
    }

    static let generics: [GenericCase] = [
        GenericCase("192-0-2-6.isp.example", "192.0.2.6", .octetsInName),
        GenericCase("host-6-2-0-192.isp.example", "192.0.2.6", .octetsInName),
        GenericCase("host192.0.2.6.isp.example", "192.0.2.6", .octetsInName),
        GenericCase("h192000002006.isp.example", "192.0.2.6", .octetsInName),
        GenericCase("c0000206.isp.example", "192.0.2.6", .hexInName),
        GenericCase("x7.dyn.isp.example", "192.0.2.6", .accessLineWord),
        GenericCase("adsl-17.isp.example", "192.0.2.6", .accessLineWord),
        GenericCase("mail.dynamic-isp.example", "192.0.2.6", nil),
        GenericCase("mail6.example.org", "192.0.2.6", nil),
        GenericCase("192-0-2-7.isp.example", "192.0.2.6", nil),
        GenericCase("mail-bn1on0065.outbound.protection.outlook.com", "157.56.110.65", nil),
        GenericCase("20010db8000000000000000000000006.isp.example", "2001:db8::6", .nibblesInName),
        GenericCase("mail.example.org", "2001:db8::6", nil),
    ]

    @Test(arguments: generics)
    func `tells a provider's name from one's own`(_ one: GenericCase) throws {
        let name = try #require(DomainName(one.name))
        let client = try #require(IPAddress(one.client))
        #expect(GenericRule.matching(name, client: client) == one.rule)
    }

    @Test func `every name with odd bytes has a defect, and none is compared`() throws {
        for byte in UInt8.min...UInt8.max where !isHostByte(byte) {
            let name = try DomainName(labels: [[0x61, byte], [0x62], [0x63]])
            #expect(HostnameDefect.of(name) == .character(byte))
            #expect(HostnameDefect.allowsLookup(of: name) == (byte == 0x5f))
        }
    }

    private func isHostByte(_ byte: UInt8) -> Bool {
        Ascii.isLetter(byte) || Ascii.isDigit(byte) || byte == Ascii.hyphen
    }
}
