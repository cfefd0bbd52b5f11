import DNSModel
import NetNames
import Testing

/// A file that must be refused, and the sentence the user reads.
private struct Refusal: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let text: String
    let sentence: String

    static func row(_ description: String, _ text: String, _ sentence: String) -> Refusal {
        Refusal(testDescription: description, text: text, sentence: sentence)
    }

    static let words: [Refusal] = [
        row("an octet out of range", "a. A 999.1.1.1", "z:1: not an IPv4 address: 999.1.1.1"),
        row("three octets", "\na. A 1.2.3", "z:2: not an IPv4 address: 1.2.3"),
        row("a leading zero", "a. A 01.2.3.4", "z:1: not an IPv4 address: 01.2.3.4"),
        row("IPv6 in an A", "a. A ::ffff:1.2.3.4", "z:1: not an IPv4 address: ::ffff:1.2.3.4"),
        row("IPv4 in an AAAA", "a. AAAA 1.2.3.4", "z:1: not an IPv6 address: 1.2.3.4"),
        row("no data", "a. A", "z:1: the line ends too early"),
        row("no type", "a. 60 IN", "z:1: the line ends too early"),
        row("an owner alone", "a.", "z:1: the line ends too early"),
        row(
            "two addresses", "a. A 192.0.2.1 192.0.2.2",
            "z:1: text after the end of the record: 192.0.2.2"),
        row("no owner yet", " A 192.0.2.1", "z:1: the first record must name its owner"),
        row(
            "an unknown type", "a. CAA 0 issue x",
            "z:1: not a record type known here; write TYPEnnn \\# length hex: CAA"),
        row(
            "an unknown type without generic data", "a. TYPE257 0",
            "z:1: data of this type must be written as \\# length hex: 0"),
        row("a query type", "a. ANY \\# 0", "z:1: this type is not zone data: ANY"),
        row("a transport type", "a. OPT \\# 0", "z:1: this type is not zone data: OPT"),
        row("type zero", "a. TYPE0 \\# 0", "z:1: this type is not zone data: TYPE0"),
        row("another class", "a. CH A 192.0.2.1", "z:1: only class IN is supported: CH"),
        row(
            "a class twice", "a. IN IN A 192.0.2.1",
            "z:1: not a record type known here; write TYPEnnn \\# length hex: IN"),
        row(
            "a signed type number", "a. TYPE+1 \\# 0",
            "z:1: not a record type known here; write TYPEnnn \\# length hex: TYPE+1"),
        row("an empty label", "a..b. MX 1 .", "z:1: not a name (empty label): a..b."),
        row(
            "a long label", String(repeating: "x", count: 64) + ". MX 1 .",
            "z:1: not a name (a label is longer than 63 bytes): "
                + String(repeating: "x", count: 60) + "…"),
        row(
            "a long name", "$ORIGIN " + String(repeating: "abc.", count: 64),
            "z:1: not a name (longer than 255 bytes): "
                + String(repeating: "abc.", count: 15) + "…"),
        row("a bad escape in a name", "a\\300. MX 1 .", "z:1: not a name (bad escape): a\\300."),
        row("a quoted owner", "\"a.\" MX 1 .", "z:1: a quote must stand around a whole string: a."),
        row("a preference too large", "a. MX 65536 .", "z:1: not a number in range: 65536"),
        row("a signed preference", "a. MX +1 .", "z:1: not a number in range: +1"),
        row("a TTL too large", "a. 2147483648 MX 1 .", time("2147483648")),
        row("a TTL that overflows", "a. 7102w MX 1 .", time("7102w")),
        row("a unit without a number", "$TTL h", time("h")),
        row("a number without its unit", "$TTL 1h30", time("1h30")),
        row("an unknown unit", "$TTL 1y", time("1y")),
        row("a bad SOA time", "a. SOA . . 1 2 3 4 x", time("x")),
        row(
            "a string too long", "a. TXT " + String(repeating: "x", count: 256),
            "z:1: a character string is longer than 255 bytes"),
        row("a bad escape in a string", "a. TXT \\25x", escape("\\25x")),
        row("an escape over 255", "a. TXT \\256", escape("\\256")),
        row("a short escape", "a. TXT \\1", escape("\\1")),
    ]

    static let structure: [Refusal] = [
        row("a backslash at the end", "a. TXT x\\", "z:1: nothing follows the backslash"),
        row("a backslash at the line's end", "a. TXT x\\\nb", "z:1: nothing follows the backslash"),
        row(
            "an open quote", "a. TXT \"x\ny\"", "z:1: the quoted string does not end on its line: x"
        ),
        row(
            "a quote inside a word", "a. TXT x\"y\"",
            "z:1: a quote must stand around a whole string: x\""),
        row(
            "a word behind a quote", "a. TXT \"x\"y",
            "z:1: a quote must stand around a whole string: x"),
        row(
            "an open parenthesis", "a. MX 1 .\nb. (\n MX 1 .\n",
            "z:2: the parenthesis is never closed"),
        row(
            "a stray parenthesis", "a. MX ) 1 .", "z:1: the closing parenthesis has no opening one"),
        row("deep nesting", "((((( a. MX 1 .", "z:1: parentheses are nested more than 4 deep"),
        row("a NUL", "a. TXT \0", "z:1: unexpected byte 0x00; not a text file?"),
        row(
            "a control byte in quotes", "a. TXT \"\u{1b}[31m\"",
            "z:1: unexpected byte 0x1b; not a text file?"),
        row(
            "an endless line", "a. TXT (" + String(repeating: " x", count: 140_000),
            "z:1: the entry is longer than 270000 bytes"),
        row("too little hex", "a. A \\# 4 010203", generic),
        row("too much hex", "a. A \\# 1 0102", generic + ": 0102"),
        row("half a byte", "a. A \\# 1 1", generic),
        row("no hex", "a. A \\# 1 zz", generic + ": zz"),
        row("a length over 16 bits", "a. A \\# 65536", "z:1: not a number in range: 65536"),
        row(
            "an include", "$INCLUDE other.zone",
            "z:1: $INCLUDE is not supported; give the other file by its own option"),
        row("an unknown directive", "$ORIGN a.", "z:1: unknown directive: $ORIGN"),
        row("an origin with more", "$ORIGIN a. b.", "z:1: text after the end of the record: b."),
        row("a TTL directive with more", "$TTL 1 2", "z:1: text after the end of the record: 2"),
        row("an origin without a name", "$ORIGIN", "z:1: the line ends too early"),
        row(
            "escapes of the terminal are not passed on", "a. A \u{9b}31m",
            "z:1: not an IPv4 address: \\194\\15531m"),
    ]

    static let generate: [Refusal] = [
        row("a range without an end", "$GENERATE 1 $ MX 1 .", range("1")),
        row("a range downwards", "$GENERATE 2-1 $ MX 1 .", range("2-1")),
        row("a step of zero", "$GENERATE 1-2/0 $ MX 1 .", range("1-2/0")),
        row("two steps", "$GENERATE 1-2/1/1 $ MX 1 .", range("1-2/1/1")),
        row("a signed range", "$GENERATE -1-2 $ MX 1 .", range("-1-2")),
        row("a range over 31 bits", "$GENERATE 1-2147483648 $ MX 1 .", range("1-2147483648")),
        row("too many steps", "$GENERATE 0-65536 $ A 192.0.2.1", steps(1)),
        row(
            "too many steps in sum", "$GENERATE 0-65534 $. MX 1 .\n$GENERATE 0-1 $. MX 1 .",
            steps(2)),
        row("no data", "$GENERATE 1-2 $ A", "z:1: the line ends too early"),
        row("an open modifier", "$GENERATE 1-2 ${0 A 192.0.2.1", modifier("${0")),
        row("an empty modifier", "$GENERATE 1-2 ${} A 192.0.2.1", modifier("${}")),
        row("a bad base", "$GENERATE 1-2 ${0,1,b} A 192.0.2.1", modifier("${0,1,b}")),
        row("a long base", "$GENERATE 1-2 ${0,1,dd} A 192.0.2.1", modifier("${0,1,dd}")),
        row("a fourth field", "$GENERATE 1-2 ${0,1,d,0} A 192.0.2.1", modifier("${0,1,d,0}")),
        row("a huge width", "$GENERATE 1-2 ${0,256} A 192.0.2.1", modifier("${0,256}")),
        row(
            "a counter below zero", "$GENERATE 1-2 ${-2} A 192.0.2.1",
            "z:1: the offset makes the counter negative: ${-2}"),
        row(
            "a text that grows", "$GENERATE 1-2 a TXT ${0,255}${0,255}${0,255}",
            "z:1: $GENERATE makes a text longer than 512 bytes: ${0,255}${0,255}${0,255}"),
        row(
            "a bad address", "$GENERATE 255-256 a. A 192.0.2.$",
            "z:1: not an IPv4 address: 192.0.2.256"),
    ]

    private static let generic = "z:1: after \\# come a length and that many bytes in hex"
    private static func time(_ word: String) -> String {
        "z:1: not a time such as 3600 or 1h30m, up to 31 bits of seconds: \(word)"
    }
    private static func escape(_ word: String) -> String {
        "z:1: \\ and digits must be three digits up to 255: \(word)"
    }
    private static func range(_ word: String) -> String {
        "z:1: not a range such as 1-254 or 0-255/2: \(word)"
    }
    private static func modifier(_ word: String) -> String {
        "z:1: not a modifier such as ${0,3,d}: \(word)"
    }
    private static func steps(_ line: Int) -> String {
        "z:\(line): $GENERATE takes more than 65536 steps in this file"
    }
}

@Suite struct `Master-file errors` {
    @Test(arguments: Refusal.words + Refusal.structure + Refusal.generate)
    private func `name the line, the fault and the word`(refusal: Refusal) {
        let error = #expect(throws: MasterFileError.self) {
            try MasterFileReader.read(Array(refusal.text.utf8))
        }
        #expect(error?.located(in: "z") == refusal.sentence)
    }
}
