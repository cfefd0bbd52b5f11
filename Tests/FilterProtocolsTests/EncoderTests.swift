import FilterProtocols
import NetNames
import Testing

/// Every byte value goes through every encoder.
@Suite struct EncoderTests {
    private static let bytes = Array(UInt8.min...UInt8.max)

    /// A printable byte stays, others become a question mark.
    private static func shown(_ byte: UInt8) -> UInt8 {
        (0x20..<0x7f).contains(byte) ? byte : UInt8(ascii: "?")
    }

    @Test(arguments: bytes)
    func `a byte from outside is shown in a reply, or a question mark is`(byte: UInt8) throws {
        let text = ReplyText([.own("HELO <"), .untrusted([byte]), .own(">")])
        #expect(text.bytes == ascii("HELO <") + [Self.shown(byte)] + ascii(">"))
        let refusal = try #require(SMTPRefusal(code: 550, subject: 7, detail: 1, [text]))
        #expect(refusal.oneLine == ascii("550 5.7.1 ") + text.bytes)
        for action in [
            PolicyAction.refuse(refusal), .deferIfPermit(subject: 7, detail: 25, text),
        ] {
            let answer = action.encoded
            #expect(answer.count(where: { $0 == Ascii.lineFeed }) == 2)
            #expect(answer.dropLast(2).allSatisfy(Ascii.isPrintable))
        }
    }

    @Test(arguments: bytes)
    func `a byte is one byte in quotes again when Exim takes them off`(byte: UInt8) {
        let quoted = EximReply.quoted([byte])
        var inner = quoted.dropFirst().dropLast()
        if inner.count == 2 { #expect(inner.popFirst() == Ascii.backslash) }
        #expect(Array(inner) == [Self.shown(byte)])
        #expect(quoted.first == Ascii.quote && quoted.last == Ascii.quote)
    }

    @Test(arguments: bytes)
    func `a byte in words of ours is no more trusted`(byte: UInt8) {
        let text = ReplyText("a\(String(UnicodeScalar(byte)))b")
        #expect(text.bytes.allSatisfy(Ascii.isPrintable))
        #expect(text.bytes.first == UInt8(ascii: "a") && text.bytes.last == UInt8(ascii: "b"))
    }

    @Test func `a text does not begin with a peer's words, and is never empty`() {
        for start in ["", " ", "\r\n", "...", "5.7.1 ", "<"] {
            let text = ReplyText([.own(start), .untrusted(ascii("550 DISCARD")), .own(" end")])
            #expect(string(text.bytes).contains("Notice: 550 DISCARD end"))
        }
        #expect(ReplyText("").bytes == ascii("Notice:"))
        #expect(ReplyText([]).bytes == ascii("Notice:"))
        #expect(ReplyText([.untrusted([])]).bytes == ascii("Notice:"))
        #expect(ReplyText(" two  words ").bytes == ascii("two  words"))
    }

    @Test func `long texts are cut to what a reply holds`() throws {
        let name = [UInt8](repeating: 0x61, count: 5_000)
        let text = ReplyText([.own("HELO "), .untrusted(name), .own(" is long")])
        #expect(text.bytes == ascii("HELO ") + name.prefix(255) + ascii("... is long"))
        let words = ReplyText(String(repeating: "long ", count: 200))
        #expect(words.bytes.count <= ReplyText.longest && words.bytes.last != Ascii.space)
        let refusal = try #require(
            SMTPRefusal(code: 599, subject: 999, detail: 999, [words, words, words]))
        // Room for what Postfix puts before it: code, recipient, words of its own.
        #expect(refusal.oneLine.count == "599 5.999.999 ".utf8.count + ReplyText.longest)
        #expect(refusal.enhancedCode == "5.999.999" && refusal.isPermanent)
        #expect(PolicyAction.refuse(refusal).encoded.count <= 512 + "action=".utf8.count)
    }

    @Test func `codes outside of their ranges are no refusal`() throws {
        let lines = [ReplyText("x")]
        for code in [0, 250, 399, 600, 65_535] as [UInt16] {
            #expect(SMTPRefusal(code: code, subject: 7, detail: 1, lines) == nil)
        }
        #expect(SMTPRefusal(code: 550, subject: 1_000, detail: 1, lines) == nil)
        #expect(SMTPRefusal(code: 550, subject: 7, detail: 1_000, lines) == nil)
        #expect(SMTPRefusal(code: 550, subject: 7, detail: 1, []) == nil)
        let many = Array(repeating: ReplyText("x"), count: 33)
        #expect(SMTPRefusal(code: 550, subject: 7, detail: 1, many) == nil)
        #expect(try refusal(450).enhancedCode == "4.7.25")
        #expect(try !refusal(450).isPermanent)
    }

    @Test(arguments: bytes)
    func `a field has a name and printable lines, or is none`(byte: UInt8) {
        let scalar = String(UnicodeScalar(byte))
        let isName = (0x21..<0x7f).contains(byte) && byte != Ascii.colon
        #expect((HeaderField(name: "X\(scalar)", lines: [ascii("a")]) != nil) == isName)
        let isPrintable = (0x20..<0x7f).contains(byte)
        #expect((HeaderField(name: "X", lines: [[0x61, byte]]) != nil) == isPrintable)
        let isVisible = (0x21..<0x7f).contains(byte)
        #expect((HeaderField(name: "X", lines: [[byte]]) != nil) == isVisible)
    }

    @Test func `a field has its limits`() throws {
        let line = [UInt8](repeating: 0x61, count: 990)
        #expect(HeaderField(name: "X-Y", lines: [line]) != nil)
        #expect(HeaderField(name: "X-Yyyyyyy", lines: [line]) == nil)
        #expect(HeaderField(name: "", lines: [line]) == nil)
        #expect(HeaderField(name: String(repeating: "x", count: 77), lines: [[0x61]]) == nil)
        #expect(HeaderField(name: "X", lines: []) == nil)
        #expect(HeaderField(name: "X", lines: [[0x61], []]) == nil)
        let two = try #require(HeaderField(name: "X", lines: [ascii("a;"), ascii("b")]))
        #expect(two.unfolded == ascii("a; b") && two.folded == ascii("a;\n b"))
    }

    @Test(arguments: [
        ("192.0.2.1", true), ("2001:db8::1", true), ("IPv6:2001:db8::1", true),
        ("[ipv6:2001:db8::1]", true), ("[192.0.2.1]", true), ("unknown", false), ("", false),
        ("[", false), ("[]", false), ("IPv6:", false), ("192.0.2.1 ", false), ("local", false),
    ])
    func `addresses are read as servers write them`(text: String, isAddress: Bool) {
        #expect((PeerText.address(ascii(text)) != nil) == isAddress)
    }

    @Test(arguments: [
        ("postmaster", true), ("<PostMaster@example.org>", true), ("postmaster@", true),
        ("notpostmaster@example.org", false), ("", false), ("postmaster+x@example.org", false),
    ])
    func `the postmaster is known`(text: String, isPostmaster: Bool) {
        #expect(PeerText.isPostmaster(ascii(text)) == isPostmaster)
    }
}
