import NetNames
import Testing

/// A text, the address it means, and how that is printed.
private struct Spelling: Sendable, CustomTestStringConvertible {
    let text: String
    let address: IPAddress
    let printed: String
    var testDescription: String { text }

    static func v4(_ text: String, _ value: UInt32) -> Spelling {
        Spelling(text: text, address: .v4(value), printed: text)
    }

    static func v6(_ text: String, _ high: UInt64, _ low: UInt64, _ printed: String) -> Spelling {
        Spelling(text: text, address: .v6(high: high, low: low), printed: printed)
    }

    static func mapped(_ text: String, _ value: UInt32, _ printed: String) -> Spelling {
        Spelling(text: text, address: .v4(value), printed: printed)
    }

    static let all: [Spelling] = [
        v4("0.0.0.0", 0), v4("255.255.255.255", .max), v4("157.56.110.65", 0x9d38_6e41),
        v4("10.0.0.1", 0x0a00_0001),
        v6("::", 0, 0, "::"), v6("::1", 0, 1, "::1"), v6("1::", 1 << 48, 0, "1::"),
        v6("2001:db8::25", 0x2001_0db8_0000_0000, 0x25, "2001:db8::25"),
        v6("2001:0DB8:0:0:0:0:0:0025", 0x2001_0db8_0000_0000, 0x25, "2001:db8::25"),
        v6(
            "2001:db8:0:1:1:1:1:1", 0x2001_0db8_0000_0001, 0x1_0001_0001_0001,
            "2001:db8:0:1:1:1:1:1"),
        v6("2001:db8:0:0:1:0:0:1", 0x2001_0db8_0000_0000, 0x1_0000_0000_0001, "2001:db8::1:0:0:1"),
        v6("2001:0:0:1:0:0:0:1", 0x2001_0000_0000_0001, 1, "2001:0:0:1::1"),
        v6("1:2:3:4:5:6:7::", 0x1_0002_0003_0004, 0x5_0006_0007_0000, "1:2:3:4:5:6:7:0"),
        v6("::2:3:4:5:6:7:8", 0x2_0003_0004, 0x5_0006_0007_0008, "0:2:3:4:5:6:7:8"),
        v6("1:2:3:4:5:6:7:8", 0x1_0002_0003_0004, 0x5_0006_0007_0008, "1:2:3:4:5:6:7:8"),
        v6("FF02::ABCD", 0xff02_0000_0000_0000, 0xabcd, "ff02::abcd"),
        v6("64:ff9b::192.0.2.33", 0x0064_ff9b_0000_0000, 0xc000_0221, "64:ff9b::c000:221"),
        v6("1:2:3:4:5:6:1.2.3.4", 0x1_0002_0003_0004, 0x5_0006_0102_0304, "1:2:3:4:5:6:102:304"),
        v6("::1.2.3.4", 0, 0x0102_0304, "::102:304"),
        v6("::ffff:0:1.2.3.4", 0, 0xffff_0000_0102_0304, "::ffff:0:102:304"),
        mapped("::ffff:1.2.3.4", 0x0102_0304, "1.2.3.4"),
        mapped("::FFFF:0102:0304", 0x0102_0304, "1.2.3.4"),
        mapped("0:0:0:0:0:ffff:1.2.3.4", 0x0102_0304, "1.2.3.4"),
    ]
}

/// A text that is no address, and why.
private struct Refusal: Sendable, CustomTestStringConvertible {
    let text: String
    let error: AddressError
    var testDescription: String { text.debugDescription }

    static func row(_ text: String, _ error: AddressError) -> Refusal {
        Refusal(text: text, error: error)
    }

    static let all: [Refusal] = [
        row("", .empty),
        row("999.1.1.1", .octetOutOfRange), row("256.1.1.1", .octetOutOfRange),
        row("1.2.3.1000", .octetOutOfRange),
        row("1.2.3", .notFourOctets), row("1.2.3.4.5", .notFourOctets), row("1", .notFourOctets),
        row("1.2.3.", .notFourOctets), row(".1.2.3", .notFourOctets), row("1..2.3", .notFourOctets),
        row("3232235521", .notFourOctets),
        row("01.2.3.4", .leadingZero), row("1.2.3.00", .leadingZero),
        row("0256.1.1.1", .leadingZero), row("999.01.1.1", .octetOutOfRange),
        row("999.1.1.x", .unexpectedByte(0x78, offset: 8)), row("...", .notFourOctets),
        row("1.2.3.4/33", .hasPrefixLength), row("::1/64", .hasPrefixLength),
        row("1.2.3.4 ", .unexpectedByte(0x20, offset: 7)),
        row("\n1.2.3.4", .unexpectedByte(0x0a, offset: 0)),
        row("1.2.3.-4", .unexpectedByte(0x2d, offset: 6)),
        row("0x1.2.3.4", .unexpectedByte(0x78, offset: 1)),
        row("١.2.3.4", .unexpectedByte(0xd9, offset: 0)),
        row("mail.example.org", .unexpectedByte(0x6d, offset: 0)),
        row("::g", .unexpectedByte(0x67, offset: 2)),
        row(":", .unexpectedByte(0x3a, offset: 0)), row(":1", .unexpectedByte(0x3a, offset: 0)),
        row("1:", .unexpectedByte(0x3a, offset: 1)), row("::1:", .unexpectedByte(0x3a, offset: 3)),
        row(":::", .groupCount), row("1:::2", .groupCount), row("1:2", .groupCount),
        row("1:2:3:4:5:6:7", .groupCount), row("1:2:3:4:5:6:7:8:9", .groupCount),
        row("1:2:3:4:5:6:7:8::", .groupCount), row("::1:2:3:4:5:6:7:8", .groupCount),
        row("1::2::3", .twoCompressions), row("12345::", .groupTooLong),
        row("::00001", .groupTooLong), row("fe80::1%eth0", .hasZone),
        row("::1.2.3", .notFourOctets), row("::1.2.3.256", .octetOutOfRange),
        row("::01.2.3.4", .leadingZero), row("::a.2.3.4", .unexpectedByte(0x61, offset: 2)),
        row("1.2.3.4::", .unexpectedByte(0x2e, offset: 1)),
        row("1:2:3:4:5:6:7:1.2.3.4", .groupCount), row("[::1]", .unexpectedByte(0x5b, offset: 0)),
    ]
}

@Suite struct `An address` {
    @Test(arguments: Spelling.all)
    private func `is read and printed in canonical form`(spelling: Spelling) throws {
        let address = try IPAddress(parsing: spelling.text.utf8)
        #expect(address == spelling.address)
        #expect(address.description == spelling.printed)
        #expect(IPAddress(address.description) == address)
    }

    @Test(arguments: Refusal.all)
    private func `is refused with its reason`(refusal: Refusal) {
        #expect(throws: refusal.error) { try IPAddress(parsing: refusal.text.utf8) }
        #expect(IPAddress(refusal.text) == nil)
    }

    @Test func `keeps its bytes in network order`() throws {
        let v4 = try #require(IPAddress("1.2.3.4"))
        #expect(v4.bytes == [1, 2, 3, 4])
        let v6 = try #require(IPAddress("102:304:506:708:90a:b0c:d0e:f10"))
        #expect(v6.bytes == Array(1...16))
        #expect(IPAddress(bytes: v4.bytes) == v4)
        #expect(IPAddress(bytes: v6.bytes[...]) == v6)
        #expect(IPAddress(bytes: [1, 2, 3]) == nil)
        #expect(IPAddress(bytes: Array(repeating: 0, count: 10) + [255, 255, 1, 2, 3, 4]) == v4)
    }

    @Test func `knows its family, and a mapped address is IPv4`() {
        #expect(IPAddress("::ffff:192.0.2.1")?.family == .v4)
        #expect(IPAddress("::fffe:192.0.2.1")?.family == .v6)
        #expect(IPAddress("1::ffff:192.0.2.1")?.family == .v6)
    }

    @Test func `sorts IPv4 first, then by value`() {
        let texts = ["1.2.3.4", "1.2.4.0", "200.0.0.0", "::", "::2", "1::", "1::1", "ffff::"]
        let addresses = texts.compactMap { IPAddress($0) }
        #expect(addresses.reversed().sorted().map(\.description) == texts)
    }
}

@Suite struct `A block` {
    @Test(
        arguments: [
            ("192.0.2.0/24", "192.0.2.255", "192.0.3.0"), ("0.0.0.0/0", "255.255.255.255", "::"),
            ("192.0.2.1/32", "192.0.2.1", "192.0.2.0"),
            ("2001:db8::/32", "2001:db8:ffff::", "2001:db9::"),
            ("2001:db8::/64", "2001:db8::ffff:0:0:0", "2001:db8:0:1::"),
            ("2001:db8::/65", "2001:db8::7fff:0:0:0", "2001:db8::8000:0:0:0"),
            ("2001:db8::8/125", "2001:db8::f", "2001:db8::10"), ("::/0", "ffff::", "0.0.0.0"),
            ("::1/128", "::1", "::"),
        ])
    func `holds what shares its prefix`(block: String, inside: String, outside: String) throws {
        let range = try #require(AddressBlock(block))
        #expect(range.contains(try #require(IPAddress(inside))))
        #expect(!range.contains(try #require(IPAddress(outside))))
        #expect(range.description == block)
    }

    @Test(
        arguments: [
            "", "192.0.2.0", "192.0.2.1/24", "1.2.3.4/33", "::/129", "::1/127", "192.0.2.0/-1",
            "192.0.2.0/+8", "192.0.2.0/", "/24", "192.0.2.0/24/1", "192.0.2.0/2 4",
            "192.0.2.0/99999999999999999999", "::ffff:192.0.2.0/120", "192.0.2/24",
        ])
    func `is refused when badly written or when bits stand below its prefix`(text: String) {
        #expect(AddressBlock(text) == nil)
    }
}

@Suite struct `A special range` {
    @Test(
        arguments: [
            ("0.1.2.3", .thisNetwork), ("10.255.0.1", .privateUse),
            ("100.64.0.1", .sharedAddressSpace),
            ("100.127.255.255", .sharedAddressSpace), ("127.0.0.1", .loopback),
            ("169.254.1.1", .linkLocal),
            ("172.16.0.1", .privateUse), ("172.31.255.255", .privateUse),
            ("192.0.0.8", .protocolAssignment),
            ("192.0.2.1", .documentation), ("192.88.99.1", .reserved), ("192.168.1.1", .privateUse),
            ("198.18.0.1", .benchmarking), ("198.19.255.255", .benchmarking),
            ("198.51.100.25", .documentation),
            ("203.0.113.1", .documentation), ("224.0.0.1", .multicast),
            ("239.255.255.255", .multicast),
            ("240.0.0.1", .reserved), ("255.255.255.255", .reserved), ("::", .unspecified),
            ("::1", .loopback),
            ("64:ff9b::1.2.3.4", .translation), ("64:ff9b:1::1", .translation),
            ("100::1", .discardOnly),
            ("2001::1", .tunnel), ("2001:2::1", .benchmarking), ("2001:2:1::", .protocolAssignment),
            ("2001:20::1", .protocolAssignment), ("2001:db8::25", .documentation),
            ("2002:102:304::1", .tunnel),
            ("3fff:fff::1", .documentation), ("5f00::1", .reserved), ("fc00::1", .uniqueLocal),
            ("fdff::1", .uniqueLocal), ("fe80::1", .linkLocal), ("febf::1", .linkLocal),
            ("ff02::1", .multicast),
            ("::ffff:10.0.0.1", .privateUse),
        ] as [(String, SpecialPurpose.Kind)])
    func `is known by its narrowest block`(text: String, kind: SpecialPurpose.Kind) throws {
        let address = try #require(IPAddress(text))
        let purpose = try #require(SpecialAddresses.purpose(of: address))
        #expect(purpose.kind == kind)
        #expect(purpose.block.contains(address))
        #expect(purpose.source.hasPrefix("RFC "))
    }

    @Test(
        arguments: [
            "1.0.0.0", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "128.0.0.1",
            "157.56.110.65", "172.15.255.255", "172.32.0.0", "192.0.1.0", "192.167.255.255",
            "198.17.255.255",
            "198.20.0.0", "207.46.163.150", "223.255.255.255", "2001:200::1", "2003::1", "2a00::1",
            "64:ff9a::1", "64:ff9b:2::", "100:0:0:1::", "3fff:1000::", "fec0::1", "fbff::1",
        ])
    func `does not hold ordinary addresses at its edges`(text: String) throws {
        #expect(SpecialAddresses.purpose(of: try #require(IPAddress(text))) == nil)
    }

    @Test(
        arguments: zip(
            ["192.0.0.8", "64:ff9b::1", "2002::1", "10.0.0.1", "127.0.0.1", "198.51.100.25", "::"],
            [false, false, false, true, true, true, true]))
    func `rules out a public reverse name only where nobody could have one`(
        text: String, excludes: Bool
    ) throws {
        let address = try #require(IPAddress(text))
        let purpose = try #require(SpecialAddresses.purpose(of: address))
        #expect(purpose.excludesPublicReverse == excludes)
    }

    @Test(
        arguments: [
            // Private addresses, and IPv6 addresses that hold one.
            ("10.0.0.5", true), ("::ffff:10.0.0.5", true), ("fe80::1", true), ("fc00::1", true),
            ("64:ff9b::10.0.0.5", true), ("64:ff9b::127.0.0.1", true), ("64:ff9b:1::1", true),
            ("64:ff9b:1:ffff::808:808", true), ("2002:a00:5::1", true), ("2002:c0a8:101::", true),
            // The same around public ones, and what is nobody's own.
            ("8.8.8.8", false), ("192.0.0.8", false), ("64:ff9b::8.8.8.8", false),
            ("2002:808:808::1", false), ("2001::1", false), ("2a00::1", false),
            ("64:ff9b::1:a00:5", false), ("64:ff9b:2::", false),
        ])
    func `is asked about or not, itself and what it holds`(text: String, excludes: Bool) throws {
        let address = try #require(IPAddress(text))
        #expect(SpecialAddresses.excludesPublicReverse(address) == excludes)
        #expect(SpecialAddresses.excludesPublicReverse(ReverseName.name(of: address)) == excludes)
    }

    @Test(
        arguments: [
            ("10.in-addr.arpa", true), ("x.10.IN-ADDR.ARPA", true), ("31.172.in-addr.arpa", true),
            ("5.0/26.0.0.10.in-addr.arpa", true), ("168.192.in-addr.arpa", true),
            ("8.e.f.ip6.arpa", true), ("c.f.ip6.arpa", true), ("d.f.ip6.arpa", true),
            ("1.0.0.0.b.9.f.f.4.6.0.0.ip6.arpa", true),
            // Wider than what is private.
            ("in-addr.arpa", false), ("172.in-addr.arpa", false), ("192.in-addr.arpa", false),
            ("e.f.ip6.arpa", false), ("ip6.arpa", false), ("32.172.in-addr.arpa", false),
            ("10.in-addr.arpa.example.org", false), ("10.0.0.5", false), ("arpa", false),
        ])
    func `makes its zones and what lies in them unasked, too`(name: String, excludes: Bool) throws {
        let name = try #require(DomainName(name))
        #expect(SpecialAddresses.excludesPublicReverse(name) == excludes)
    }
}
