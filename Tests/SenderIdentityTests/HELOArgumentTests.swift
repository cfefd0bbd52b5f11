import NetNames
import SenderIdentity
import Testing

/// What a client may say in HELO, and how it is read (RFC 5321 §4.1.1.1, §4.1.3).
@Suite struct HELOArgumentTests {
    struct Case: CustomTestStringConvertible {
        let argument: String
        let form: HELOArgument.Form
        /// The name a receiver could look up.
        let name: String?

        var testDescription: String { "\(argument) is \(form)" }

        init(_ argument: String, _ form: HELOArgument.Form, name: String? = nil) {
            self.argument = argument
            self.form = form
            self.name = name
        }
    }

    private static let own = IPAddress.v4(0xc000_0206)
    private static let own6 = IPAddress(high: 0x2001_0db8_0000_0000, low: 6)

    static let cases: [Case] = [
        Case("mail.example.org", .name, name: "mail.example.org"),
        Case("MAIL.Example.ORG", .name, name: "mail.example.org"),
        Case("1.example.org", .name, name: "1.example.org"),
        Case("mail", .singleLabel, name: "mail"),
        Case("localhost", .localhost, name: "localhost"),
        Case("LOCALHOST", .localhost, name: "localhost"),
        Case("localhost.localdomain", .localhost, name: "localhost.localdomain"),
        Case("host.localdomain", .localhost, name: "host.localdomain"),
        Case("notlocalhost.example.org", .name, name: "notlocalhost.example.org"),
        Case("192.0.2.6", .bareAddress(own)),
        Case("2001:db8::6", .bareAddress(own6)),
        Case("[192.0.2.6]", .literal(own)),
        Case("[IPv6:2001:db8::6]", .literal(own6)),
        Case("[ipv6:2001:db8::6]", .literal(own6)),
        Case("[IPv6:::ffff:192.0.2.6]", .literal(own)),
        Case("[2001:db8::6]", .malformed(.untaggedLiteral(own6))),
        Case("[192.0.2]", .malformed(.brokenLiteral)),
        Case("[IPv6:192.0.2.6]", .malformed(.brokenLiteral)),
        Case("[192.0.2.6", .malformed(.brokenLiteral)),
        Case("[", .malformed(.brokenLiteral)),
        Case("[]", .malformed(.brokenLiteral)),
        Case("", .malformed(.empty)),
        Case("mail.example.org.", .malformed(.trailingDot), name: "mail.example.org"),
        Case(".", .malformed(.emptyLabel)),
        Case("a..b", .malformed(.emptyLabel)),
        Case(".example.org", .malformed(.emptyLabel)),
        Case("a_b.example.org", .malformed(.underscore), name: "a_b.example.org"),
        Case("-a.example.org", .malformed(.hyphenAtEdge), name: "-a.example.org"),
        Case("a-.example.org", .malformed(.hyphenAtEdge), name: "a-.example.org"),
        Case("123.456", .malformed(.numeric), name: "123.456"),
        Case("1.2.3.4.5", .malformed(.numeric), name: "1.2.3.4.5"),
        Case("a b.example.org", .malformed(.character(0x20))),
        Case("a/b.example.org", .malformed(.character(0x2f))),
        Case("a\\b.example.org", .malformed(.character(0x5c))),
        Case("a\u{0}b", .malformed(.character(0))),
        Case("\u{212A}elvin.example.org", .malformed(.character(0xe2))),
        Case(String(repeating: "a", count: 64) + ".example", .malformed(.labelTooLong)),
        Case(String(repeating: "a.", count: 126) + "aa", .malformed(.nameTooLong)),
        Case(String(repeating: "a.", count: 126) + "aa.", .malformed(.nameTooLong)),
        // Of several defects the worst counts.
        Case("a..b c", .malformed(.character(0x20))),
        Case("..", .malformed(.emptyLabel)),
        Case("-a..b", .malformed(.emptyLabel)),
        Case("-" + String(repeating: "a", count: 63) + ".b", .malformed(.labelTooLong)),
        Case("-a_b.1.", .malformed(.hyphenAtEdge), name: "-a_b.1"),
        Case("a_b.1.", .malformed(.underscore), name: "a_b.1"),
        Case("1.2.", .malformed(.numeric), name: "1.2"),
        Case("a.1b", .name, name: "a.1b"),
    ]

    @Test(arguments: cases)
    func `reads the argument`(_ one: Case) {
        let argument = HELOArgument(one.argument)
        #expect(argument.form == one.form)
        #expect(argument.name == one.name.flatMap { DomainName($0) })
        #expect(argument.raw == Array(one.argument.utf8))
    }

    @Test func `keeps any byte, and shows it as printable ASCII`() {
        for byte in UInt8.min...UInt8.max {
            let argument = HELOArgument([0x61, byte, 0x62])
            #expect(argument.raw == [0x61, byte, 0x62])
            #expect(argument.text.utf8.allSatisfy(Ascii.isPrintable))
        }
    }

    @Test func `cuts what no command line can hold`() {
        #expect(HELOArgument([UInt8](repeating: 0x61, count: 600)).raw.count == 512)
    }
}
