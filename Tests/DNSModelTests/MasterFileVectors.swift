import DNSModel
import NetNames
import Testing

/// One record, its printed line, and other spellings that mean the same below `example.org.`.
///
/// The one table of reader and printer.
struct MasterFileVector: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let record: ResourceRecord
    let line: String
    let spellings: [String]

    static func row(
        _ description: String, _ owner: String, _ data: RecordData?, prints line: String,
        also spellings: String...
    ) -> MasterFileVector? {
        guard let name = DomainName(owner), let data else { return nil }
        return MasterFileVector(
            testDescription: description,
            record: ResourceRecord(name: name, ttl: 3600, data: data), line: line,
            spellings: spellings)
    }

    private static let soa: RecordData? = {
        guard let primary = DomainName("ns1.example.org"),
            let mailbox = DomainName("host\\.master.example.org")
        else { return nil }
        return .soa(
            StartOfAuthority(
                primary: primary, mailbox: mailbox, serial: 4_294_967_295, refresh: 7200,
                retry: 600, expire: 1_209_600, minimum: 5400))
    }()

    /// Rows whose literals do not parse would be nil; a test counts them.
    static let rows: [MasterFileVector?] = [
        row(
            "an IPv4 address", "mail.example.org", IPAddress("198.51.100.25").map { .address($0) },
            prints: "mail.example.org. 3600 IN A 198.51.100.25",
            also: "mail 3600 IN A 198.51.100.25", "mail IN 1h A 198.51.100.25",
            "mail 60m A 198.51.100.25 ; a comment", "MAIL 3600 in a 198.51.100.25",
            "mail CLASS1 TYPE1 \\# 4 c6336419", "mail TYPE1 198.51.100.25",
            "mail ( 3600\n IN ; here\n A\n 198.51.100.25 )\n"),
        row(
            "an IPv6 address", "mail.example.org", IPAddress("2001:db8::25").map { .address($0) },
            prints: "mail.example.org. 3600 IN AAAA 2001:db8::25",
            also: "mail AAAA 2001:0DB8:0:0::0025",
            "mail AAAA \\# 16 20010db8 00000000 00000000 00000025"),
        row(
            "a mapped address in an AAAA", "mail.example.org",
            .other(.aaaa, Array(repeating: 0, count: 10) + [255, 255, 192, 0, 2, 1]),
            prints: "mail.example.org. 3600 IN AAAA \\# 16 00000000000000000000ffffc0000201",
            also: "mail AAAA ::ffff:192.0.2.1"),
        row(
            "a PTR", "25.100.51.198.in-addr.arpa", DomainName("mail.example.org").map { .ptr($0) },
            prints: "25.100.51.198.in-addr.arpa. 3600 IN PTR mail.example.org.",
            also: "25.100.51.198.in-addr.arpa. IN PTR mail",
            "$ORIGIN 100.51.198.in-addr.arpa.\n25 PTR mail.example.org.",
            "$GENERATE 25-25 $.100.51.198.in-addr.arpa. PTR mail"),
        row(
            "a PTR in a classless zone", "1.0/25.2.0.192.in-addr.arpa",
            DomainName("mail.example.org").map { .ptr($0) },
            prints: "1.0/25.2.0.192.in-addr.arpa. 3600 IN PTR mail.example.org."),
        row(
            "a name server", "example.org", DomainName("ns1.example.org").map { .ns($0) },
            prints: "example.org. 3600 IN NS ns1.example.org.",
            also: "@ NS ns1", "example.org. NS ns1.example.org."),
        row(
            "an alias", "www.example.org", DomainName("example.org").map { .cname($0) },
            prints: "www.example.org. 3600 IN CNAME example.org.", also: "www CNAME @",
            "www TYPE5 \\# 13 07 6578616d706c65 03 6f7267 00"),
        row(
            "a mail exchange", "example.org",
            DomainName("mail.example.org").map { .mx(preference: 10, exchange: $0) },
            prints: "example.org. 3600 IN MX 10 mail.example.org.", also: "@ MX 10 mail"),
        row(
            "a null MX", "example.org", .mx(preference: 0, exchange: .root),
            prints: "example.org. 3600 IN MX 0 ."),
        row(
            "a start of authority", "example.org", soa,
            prints: "example.org. 3600 IN SOA ns1.example.org. host\\.master.example.org. "
                + "4294967295 7200 600 1209600 5400",
            also: "@ 1h SOA ns1 host\\.master (\n 4294967295 ; serial\n 2h 10m 2W\n 1h30m )"),
        row(
            "a text", "example.org", .txt([Array("v=spf1 -all".utf8)]),
            prints: "example.org. 3600 IN TXT \"v=spf1 -all\"",
            also: "@ TXT v=spf1\\ -all", "@ TXT \"v=spf1\\032-all\""),
        row(
            "a text of several strings, one empty", "example.org",
            .txt([Array("one".utf8), [], Array("two".utf8)]),
            prints: "example.org. 3600 IN TXT \"one\" \"\" \"two\"",
            also: "@ TXT one \"\" ( two )"),
        row(
            "a text with quotes, backslash, syntax and odd bytes", "example.org",
            .txt([[0x22, 0x5c, 0x3b, 0x28, 0x00, 0x0a, 0x7f, 0xff]]),
            prints: "example.org. 3600 IN TXT \"\\\"\\\\;(\\000\\010\\127\\255\"",
            also: "@ TXT \\\"\\\\\\;\\(\\000\\010\\127\\255"),
        row(
            "an unknown type", "example.org", .other(RecordType(rawValue: 65_280), [0xab, 0x01]),
            prints: "example.org. 3600 IN TYPE65280 \\# 2 ab01",
            also: "@ type65280 \\# 2 A B01"),
        row(
            "an unknown type without data", "example.org",
            .other(RecordType(rawValue: 731), []),
            prints: "example.org. 3600 IN TYPE731 \\# 0"),
        row(
            "data that does not fit its type", "example.org", .other(.a, [1, 2, 3]),
            prints: "example.org. 3600 IN A \\# 3 010203"),
        row(
            "an owner of odd bytes", "a\\.b\\032\\@\\000\\255\\$.example.org",
            .mx(preference: 65_535, exchange: .root),
            prints: "a\\.b\\032\\@\\000\\255\\$.example.org. 3600 IN MX 65535 .",
            also: "a\\046b\\ \\@\\000\\255$ MX 65535 ."),
        row(
            "an owner named at-sign", "\\@.example.org", .mx(preference: 1, exchange: .root),
            prints: "\\@.example.org. 3600 IN MX 1 .", also: "\\@ MX 1 .", "\\064 MX 1 ."),
        row(
            "a wildcard", "*.example.org", .mx(preference: 1, exchange: .root),
            prints: "*.example.org. 3600 IN MX 1 .", also: "* MX 1 ."),
        row(
            "the root", ".", DomainName("a.root-servers.net").map { .ns($0) },
            prints: ". 3600 IN NS a.root-servers.net."),
    ]

    static let all = rows.compactMap { $0 }
}

@Suite struct `Master-file lines` {
    @Test func `every row of the table is well formed`() {
        #expect(MasterFileVector.all.count == MasterFileVector.rows.count)
    }

    @Test(arguments: MasterFileVector.all)
    func `print as the table says`(vector: MasterFileVector) {
        #expect(MasterFilePrinter.line(vector.record) == vector.line)
    }

    @Test(arguments: MasterFileVector.all)
    func `are read as the table says, in every spelling`(vector: MasterFileVector) throws {
        let origin = try #require(DomainName("example.org"))
        for line in [vector.line] + vector.spellings {
            let file = try MasterFileReader.read(Array(line.utf8), origin: origin)
            #expect(file.entries.map(\.record) == [vector.record], "\(line)")
        }
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `survive printing and reading, a thousand random records`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<1000 {
            let record = try randomRecord(&generator)
            #expect(
                MasterFileRoundTrip.holds(for: record), "\(MasterFilePrinter.line(record))")
        }
    }
}

private func randomRecord(_ generator: inout SeededGenerator) throws -> ResourceRecord {
    ResourceRecord(
        name: try randomName(&generator),
        ttl: UInt32.random(in: 0...MasterFileLimits.ttl, using: &generator),
        data: try randomData(&generator))
}

private func randomName(_ generator: inout SeededGenerator) throws -> DomainName {
    var labels: [[UInt8]] = []
    for _ in 0..<Int.random(in: 0...5, using: &generator) {
        labels.append(generator.bytes(count: 1...(labels.isEmpty ? 63 : 40)))
    }
    return try DomainName(labels: labels)
}

private func randomData(_ generator: inout SeededGenerator) throws -> RecordData {
    switch Int.random(in: 0...8, using: &generator) {
    case 0: return .address(.v4(UInt32.random(in: .min ... .max, using: &generator)))
    case 1: return .address(IPAddress(high: generator.next(), low: generator.next()))
    case 2: return .ns(try randomName(&generator))
    case 3: return .cname(try randomName(&generator))
    case 4: return .ptr(try randomName(&generator))
    case 5:
        return .mx(
            preference: UInt16.random(in: .min ... .max, using: &generator),
            exchange: try randomName(&generator))
    case 6:
        return .soa(
            StartOfAuthority(
                primary: try randomName(&generator), mailbox: try randomName(&generator),
                serial: UInt32(truncatingIfNeeded: generator.next()),
                refresh: UInt32(truncatingIfNeeded: generator.next()),
                retry: UInt32(truncatingIfNeeded: generator.next()),
                expire: UInt32(truncatingIfNeeded: generator.next()),
                minimum: UInt32(truncatingIfNeeded: generator.next())))
    case 7:
        let count = Int.random(in: 0...4, using: &generator)
        return .txt((0..<count).map { _ in generator.bytes(count: 0...255) })
    default:
        // Private use (RFC 6895 §3.1): no such type will ever be read here.
        let type = RecordType(rawValue: .random(in: 65_280...65_534, using: &generator))
        return .other(type, generator.bytes(count: 0...300))
    }
}
