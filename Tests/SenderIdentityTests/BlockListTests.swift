import DNSModel
import NetNames
import SenderIdentity
import Testing

/// Zones and questions of block lists, and the table of known ones.
@Suite struct BlockListTests {
    @Test(arguments: [
        ("zen.spamhaus.org", "zen.spamhaus.org"), ("bl.example.", "bl.example"),
        ("a_b.example", "a_b.example"), ("xn--bl-3ia.example", "xn--bl-3ia.example"),
        ("1.2.example", "1.2.example"),
    ])
    func `reads a zone`(text: String, name: String) throws {
        #expect(try BlockListZone(parsing: text.utf8).description == name)
    }

    struct Bad: Sendable, CustomTestStringConvertible {
        let text: String
        let error: BlockListZoneError
        var testDescription: String { "\(error)" }
    }

    private static let label63 = String(repeating: "a", count: 63)

    @Test(arguments: [
        Bad(text: "", error: .empty), Bad(text: ".", error: .empty),
        Bad(text: "default", error: .singleLabel), Bad(text: "a..b", error: .emptyLabel),
        Bad(text: ".a.b", error: .emptyLabel),
        Bad(text: "192.0.2.1", error: .address), Bad(text: "bl.example.7", error: .address),
        Bad(text: "2001:db8::1", error: .character(UInt8(ascii: ":"))),
        Bad(text: "https://bl.example", error: .character(UInt8(ascii: ":"))),
        Bad(text: "bl.example/x", error: .character(UInt8(ascii: "/"))),
        Bad(text: "bl example.org", error: .character(UInt8(ascii: " "))),
        Bad(text: "bl.example\r\n", error: .character(0x0d)),
        Bad(text: "b\\046l.example", error: .character(UInt8(ascii: "\\"))),
        Bad(text: "bl.exämple", error: .character(0xc3)),
        Bad(text: "bl.example\0", error: .character(0)),
        Bad(text: "a\(label63).example", error: .labelTooLong),
        Bad(text: "\(label63).\(label63).\(label63).example", error: .tooLong),
    ])
    func `refuses what is no zone`(bad: Bad) {
        #expect(throws: bad.error) { try BlockListZone(parsing: bad.text.utf8) }
    }

    @Test func `the longest zone leaves room for an IPv6 address, one byte more does not`() throws {
        // 64 + 64 + 62 + 1: exactly 191 bytes of wire.
        let longest = "\(Self.label63).\(Self.label63).\(String(repeating: "b", count: 61))"
        let zone = try BlockListZone(parsing: longest.utf8)
        #expect(zone.name.wire.count == BlockListZone.longestWire)
        let client = try #require(IPAddress("2001:db8::6"))
        let question = BlockListQuestions(to: zone, about: client).address
        #expect(question.name.wire.count == DomainName.longestWire)
        #expect(question.name.isSubdomain(of: zone.name))
        #expect(throws: BlockListZoneError.tooLong) {
            try BlockListZone(parsing: (longest + "b").utf8)
        }
    }

    @Test func `IPv4 is asked by octets, IPv6 by nibbles, and both for their test entries`() throws
    {
        let zone = try BlockListZone(parsing: "bl.example".utf8)
        let four = BlockListQuestions(to: zone, about: .v4(0xc000_0263))
        #expect(
            four.all.map { "\($0.name) \($0.type)" } == [
                "99.2.0.192.bl.example A", "2.0.0.127.bl.example A", "1.0.0.127.bl.example A",
                "99.2.0.192.bl.example TXT",
            ])
        // The example of RFC 5782 §2.4.
        let address = try #require(IPAddress("2001:db8:1:2:3:4:567:89ab"))
        let six = BlockListQuestions(to: zone, about: address)
        let zeros = String(repeating: ".0", count: 20)
        #expect(
            six.all.map { "\($0.name) \($0.type)" } == [
                "b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.8.b.d.0.1.0.0.2.bl.example A",
                "2.0.0.0.0.0.f.7.f.f.f.f\(zeros).bl.example A",
                "1.0.0.0.0.0.f.7.f.f.f.f\(zeros).bl.example A",
                "b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.8.b.d.0.1.0.0.2.bl.example TXT",
            ])
    }

    @Test func `everything is asked at once, four questions a list, no list unasked for`() throws {
        let zones = try ["bl.example", "BL.example.net"].map {
            try BlockListZone(parsing: $0.utf8)
        }
        let client = IPAddress.v4(0xc000_0206)
        let nothing = Evidence(startedAt: 0, sources: [.init(kind: .zone, name: "z")])
        let planned = LookupPlan.questions(
            for: Subject(address: client, blockLists: zones), knowing: nothing)
        let lists = planned.filter { $0.stage == .blockList }
        #expect(
            lists.map(\.question)
                == zones.flatMap { BlockListQuestions(to: $0, about: client).all })
        #expect(Set(lists.map(\.blockList)).count == 2)
        #expect(
            LookupPlan.questions(for: Subject(address: client), knowing: nothing).allSatisfy {
                $0.stage != .blockList
            })
    }

    @Test func `the known lists are zones, each once, with codes each once`() throws {
        let zones = KnownBlockList.zones(for: .v4)
        #expect(zones.count == KnownBlockList.all.count)
        #expect(Set(zones).count == zones.count)
        #expect(zones.count <= BlockListLimits.lists)
        #expect(KnownBlockList.zones(for: .v6).map(\.description) == ["zen.spamhaus.org"])
        for list in KnownBlockList.all {
            #expect(Set(list.codes.map(\.octet)).count == list.codes.count)
            #expect(list.codes.count <= BlockListLimits.codes)
            // 127.0.0.1 means refusal, and every list has the code of its test entry.
            #expect(list.codes.allSatisfy { $0.octet >= 2 && !$0.meaning.isEmpty })
            #expect(list.codes.contains { $0.octet == 2 })
            #expect(list.removal.hasPrefix("https://") && list.source.hasPrefix("https://"))
            let zone = try BlockListZone(parsing: list.zone.uppercased().utf8)
            #expect(KnownBlockList.list(at: zone)?.name == list.name)
        }
    }

    @Test(arguments: [
        ("127.0.0.2", true, false), ("127.0.1.2", true, false), ("127.255.254.2", true, false),
        ("127.0.0.1", true, true), ("127.255.255.0", true, true), ("127.255.255.252", true, true),
        ("127.255.255.255", true, true), ("128.0.0.2", false, false),
        ("126.255.255.255", false, false), ("10.0.0.2", false, false),
    ])
    func `tells entries, refusals and foreign answers apart`(
        answer: String, isPossible: Bool, isRefusal: Bool
    ) throws {
        let answer = try #require(IPAddress(answer))
        #expect(KnownBlockList.isPossible(answer) == isPossible)
        #expect(KnownBlockList.isRefusal(answer) == isRefusal)
    }

    @Test func `only 127.0.0.x has a meaning`() throws {
        let zen = try #require(KnownBlockList.all.first)
        #expect(zen.meaning(of: .v4(0x7f00_0002))?.hasPrefix("SBL") == true)
        #expect(zen.meaning(of: .v4(0x7f00_0102)) == nil)
        #expect(zen.meaning(of: .v4(0x7f00_00ff)) == nil)
    }

    @Test func `evidence without the questions lists nobody and acquits nobody`() throws {
        let zone = try BlockListZone(parsing: "bl.example".utf8)
        let facts = IdentityFacts(
            subject: Subject(address: .v4(0xc000_0206), blockLists: [zone]),
            evidence: Evidence(startedAt: 0, sources: [.init(kind: .zone, name: "z")]))
        #expect(facts.blockLists.map(\.result) == [.unknown(.lookupFailed(.notRecorded))])
        #expect(facts.blockLists.first?.ids.isEmpty == true)
    }
}
