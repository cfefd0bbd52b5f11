import DNSModel
import LookupEngine
import NetNames
import Testing

@Suite struct `A faults file` {
    @Test(
        arguments: [
            ("SERVFAIL", .code(.serverFailure)), ("refused", .code(.refused)),
            ("FORMERR", .code(.formatError)),
            ("NOTIMP", .code(.notImplemented)), ("NXDOMAIN", .code(.noSuchName)),
            ("RCODE9", .code(ResponseCode(rawValue: 9))), ("EDE 7", .extendedError(7)),
            ("DROP", .drop),
            ("DROP-FIRST 2", .dropFirst(2)), ("SERVFAIL-FIRST 1", .codeFirst(1, .serverFailure)),
            ("RCODE9-FIRST 3", .codeFirst(3, ResponseCode(rawValue: 9))),
            ("DELAY 800", .delay(milliseconds: 800)),
            ("TRUNCATE", .truncate), ("TRUNCATE-ONLY", .truncateOnly),
            ("TRUNCATE-REFUSED", .truncateRefused),
            ("TRICKLE", .trickle), ("BADID", .wrongID), ("BADQUESTION", .wrongQuestion),
            ("BADSOURCE", .wrongSource), ("FORGED-FIRST", .forgedFirst), ("TWICE", .twice),
            ("NOSOA", .noSOA),
            ("LAME", .lame), ("RAW 8180aB", .raw([0x81, 0x80, 0xab])), ("CUTSHORT", .cutShort),
            ("POINTERLOOP", .pointerLoop), ("COUNTS", .countsTooLarge),
            ("REFUSE-EDNS", .refuseEDNS),
            ("DROP-EDNS", .dropEDNS), ("WRONGOWNER", .wrongOwner), ("CONTRADICT", .contradict),
        ] as [(String, Fault)])
    func `has a word for every fault`(text: String, fault: Fault) throws {
        let rules = try FaultRules(parsing: Array("x.example ! \(text)".utf8))
        #expect(rules.faults(for: try question("X.example A")) == [fault])
        #expect(rules.faults(for: try question("y.example A")) == [])
        #expect(!rules.isEmpty)
    }

    @Test(
        arguments: [
            ("1.2.0.192.in-addr.arpa PTR", 0, [.drop, .lame, .twice]),
            ("1.2.0.192.in-addr.arpa TXT", 0, [.drop, .twice]),
            ("1.2.0.192.in-addr.arpa TXT", 1, [.drop, .noSOA, .twice]),
            (
                "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa PTR", 0,
                [.twice, .trickle]
            ),
            ("a.example TYPE65280", 0, [.wrongID, .twice]), ("a.example A", 7, [.twice]),
        ] as [(String, Int, [Fault])])
    func `picks rules by owner, type and server, in its order`(
        text: String, server: Int, faults: [Fault]
    ) throws {
        let file = """
            # addresses stand for their reverse names
            192.0.2.1   !     DROP            # every type
            192.0.2.1   !PTR  LAME @0
            192.0.2.1   !     NOSOA @1
            a.example   !type65280  BADID\r
            \t*  !  TWICE

            2001:db8::1 !PTR TRICKLE @0
            """
        let rules = try FaultRules(parsing: Array(file.utf8))
        #expect(rules.faults(for: try question(text), server: server) == faults)
    }

    @Test(
        arguments: [
            (
                "x.example",
                "f:1: a rule is: owner, ! or !TYPE, fault, and its argument if it has one"
            ),
            (
                "x.example !",
                "f:1: a rule is: owner, ! or !TYPE, fault, and its argument if it has one"
            ),
            (
                "x ! DELAY",
                "f:1: a rule is: owner, ! or !TYPE, fault, and its argument if it has one"
            ),
            (
                "x ! DELAY @1",
                "f:1: a rule is: owner, ! or !TYPE, fault, and its argument if it has one"
            ),
            ("\nx A DROP", "f:2: not ! or ! with a record type, as in !PTR: A"),
            ("x !CAA DROP", "f:1: not ! or ! with a record type, as in !PTR: !CAA"),
            ("a..b ! DROP", "f:1: neither a name nor an address nor *: a..b"),
            ("x ! DORP", "f:1: unknown fault: DORP"),
            ("x ! \u{17f}ERVFAIL", "f:1: unknown fault: \\197\\191ERVFAIL"),
            ("x ! DROP-FRIST 1", "f:1: unknown fault: DROP-FRIST"),
            ("x ! -FIRST 1", "f:1: unknown fault: -FIRST"),
            ("x ! \u{1b}[31m", "f:1: unknown fault: \\027[31m"),
            ("x ! DROP 1", "f:1: more words than the fault takes: 1"),
            ("x ! DELAY 1 2", "f:1: more words than the fault takes: 2"),
            ("x ! DELAY -1", "f:1: not an argument that this fault takes: -1"),
            ("x ! DELAY 600001", "f:1: not an argument that this fault takes: 600001"),
            ("x ! DROP-FIRST 1001", "f:1: not an argument that this fault takes: 1001"),
            ("x ! SERVFAIL-FIRST x", "f:1: not an argument that this fault takes: x"),
            ("x ! EDE 65536", "f:1: not an argument that this fault takes: 65536"),
            ("x ! RAW 123", "f:1: not an argument that this fault takes: 123"),
            ("x ! RAW zz", "f:1: not an argument that this fault takes: zz"),
            ("x ! DROP @", "f:1: not @ with the number of a server, counted from 0: @"),
            ("x ! DROP @-1", "f:1: not @ with the number of a server, counted from 0: @-1"),
            ("x ! DROP @1 @2", "f:1: more words than the fault takes: @1"),
        ])
    func `is refused with line, fault and word`(text: String, sentence: String) throws {
        let error = #expect(throws: FaultRulesError.self) {
            try FaultRules(parsing: Array(text.utf8))
        }
        #expect(error?.located(in: "f") == sentence)
    }

    @Test func `may be empty, but not endless`() throws {
        #expect(try FaultRules(parsing: Array("\n # nothing\n".utf8)).isEmpty)
        let error = #expect(throws: FaultRulesError.self) {
            try FaultRules(parsing: Array(repeating: Ascii.lineFeed, count: 1_048_577))
        }
        #expect(error?.located(in: "f") == "f:1: the file is larger than 1048576 bytes")
    }
}
