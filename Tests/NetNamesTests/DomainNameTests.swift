import NetNames
import Testing

/// A name as text, as wire bytes, and as printed with its closing dot.
private struct Spelling: Sendable, CustomTestStringConvertible {
    let text: String
    let wire: [UInt8]
    let printed: String
    var testDescription: String { text }

    static func row(_ text: String, _ labels: [[UInt8]], prints printed: String? = nil) -> Spelling
    {
        Spelling(
            text: text, wire: labels.flatMap { [UInt8($0.count)] + $0 } + [0],
            printed: printed ?? text)
    }

    static let all: [Spelling] = [
        row(".", []),
        row("org.", [Array("org".utf8)]),
        row(
            "mail.example.org", ["mail", "example", "org"].map { Array($0.utf8) },
            prints: "mail.example.org."),
        row("MaiL.Example.", ["MaiL", "Example"].map { Array($0.utf8) }),
        row("_dmarc.a.", [Array("_dmarc".utf8), [0x61]]),
        row("1.0/25.a.", [[0x31], Array("0/25".utf8), [0x61]]),
        row("a\\.b.c.", [Array("a.b".utf8), [0x63]]),
        row("a\\\\b.", [Array("a\\b".utf8)]),
        row("\\000\\127\\255.", [[0, 127, 255]]),
        row("\\032\\009.", [[32, 9]]),
        row("\\065\\b.", [Array("Ab".utf8)], prints: "Ab."),
        row("\\\"\\;\\(\\)\\@\\$.", [Array("\";()@$".utf8)]),
        row("\";()@$.", [Array("\";()@$".utf8)], prints: "\\\"\\;\\(\\)\\@\\$."),
        row("bücher.", [Array("bücher".utf8)], prints: "b\\195\\188cher."),
        row("*.a.", [[0x2a], [0x61]]),
        row("<script>.", [Array("<script>".utf8)]),
        row(
            String(repeating: "x", count: 63) + ".",
            [Array(repeating: 0x78, count: 63)]),
    ]
}

@Suite struct `A domain name` {
    @Test(arguments: Spelling.all)
    private func `is one in text, wire and print`(spelling: Spelling) throws {
        let name = try DomainName(parsing: spelling.text.utf8)
        #expect(name.wire == spelling.wire)
        #expect(name.absolute == spelling.printed)
        #expect(name.description == (name.isRoot ? "." : String(spelling.printed.dropLast())))
        #expect(try DomainName(wire: spelling.wire) == name)
        #expect(try DomainName(labels: name.labels) == name)
        #expect(DomainName(name.absolute)?.wire == name.wire)
        #expect(name.labelCount == name.labels.count)
    }

    @Test(
        arguments: [
            ("", .empty), (".a", .emptyLabel), ("a..b", .emptyLabel), ("..", .emptyLabel),
            ("a\\", .badEscape(offset: 1)), ("a\\25", .badEscape(offset: 1)),
            ("\\256.", .badEscape(offset: 0)), ("\\1x2.", .badEscape(offset: 0)),
            (String(repeating: "x", count: 64), .labelTooLong),
            (String(repeating: "abc.", count: 64), .nameTooLong),
        ] as [(String, DomainNameError)])
    func `is refused as text with its reason`(text: String, error: DomainNameError) {
        #expect(throws: error) { try DomainName(parsing: text.utf8) }
        #expect(DomainName(text) == nil)
    }

    @Test func `may be 255 bytes in wire form, with or without its dot, and no longer`() throws {
        let longest = String(repeating: "abc.", count: 63) + "a"
        #expect(try DomainName(parsing: longest.utf8).wire.count == 255)
        #expect(try DomainName(parsing: (longest + ".").utf8).wire.count == 255)
        #expect(throws: DomainNameError.nameTooLong) {
            try DomainName(parsing: (longest + "b").utf8)
        }
        let origin = try #require(DomainName("b"))
        #expect(throws: DomainNameError.nameTooLong) {
            try DomainName(parsing: longest.utf8, origin: origin)
        }
        #expect(try DomainName(parsing: (longest + ".").utf8, origin: origin).wire.count == 255)
    }

    @Test(
        arguments: [
            ([], .emptyLabel), ([1], .emptyLabel), ([1, 0x61], .emptyLabel), ([0, 0], .emptyLabel),
            ([1, 0x61, 0, 0], .emptyLabel), ([2, 0x61, 0], .emptyLabel),
            ([0xc0, 0], .labelTooLong),
            ([64] + Array(repeating: 0x61, count: 64) + [0], .labelTooLong),
            (Array(repeating: [1, 0x61], count: 127).flatMap { $0 } + [1, 0], .nameTooLong),
        ] as [([UInt8], DomainNameError)])
    func `is refused as wire bytes with its reason`(wire: [UInt8], error: DomainNameError) {
        #expect(throws: error) { try DomainName(wire: wire) }
    }

    @Test func `is refused from labels that are empty, long or too many`() {
        #expect(throws: DomainNameError.emptyLabel) { try DomainName(labels: [[0x61], []]) }
        #expect(throws: DomainNameError.labelTooLong) {
            try DomainName(labels: [[UInt8](repeating: 0x61, count: 64)])
        }
        #expect(throws: DomainNameError.nameTooLong) {
            try DomainName(labels: Array(repeating: [UInt8(0x61)], count: 128))
        }
    }

    @Test func `hangs below an origin unless it is absolute`() throws {
        let origin = try #require(DomainName("example.org"))
        let parse = { try DomainName(parsing: ($0 as String).utf8, origin: origin).description }
        #expect(try parse("mail") == "mail.example.org")
        #expect(try parse("mail.") == "mail")
        #expect(try parse("mail\\.") == "mail\\..example.org")
        #expect(try parse(".") == ".")
    }

    @Test func `compares and hashes without ASCII case and only that`() throws {
        let one = try #require(DomainName("MAIL[.Example"))
        let other = try #require(DomainName("mail[.eXAMPLE"))
        #expect(one == other)
        #expect(Set([one]).contains(other))
        #expect(one.lowercased.wire == other.lowercased.wire)
        let different = [
            ("K.a", "\u{212a}.a"), ("é.a", "É.a"), ("[.a", "{.a"), ("@.a", "`.a"), ("a.b", "a\\.b"),
            ("a.b", "a.b.c"), ("a", "."), ("ab.c", "a.bc"),
        ]
        for (left, right) in different {
            let left = try #require(DomainName(left))
            let right = try #require(DomainName(right))
            #expect(left != right)
        }
    }

    @Test(arguments: [1, 6, 7, 8, 9, 15, 16, 17, 40])
    func `hashes alike what is equal, whatever bytes and lengths`(length: Int) throws {
        for byte in UInt8.min...UInt8.max {
            let label = [UInt8](repeating: byte, count: length)
            let folded = label.map { $0 >= 0x41 && $0 <= 0x5a ? $0 + 0x20 : $0 }
            let one = try DomainName(labels: [label])
            let other = try DomainName(labels: [folded])
            #expect(one == other && one.hashValue == other.hashValue)
        }
    }

    @Test func `knows its parent, suffixes and place in the tree`() throws {
        let name = try #require(DomainName("a.b.C"))
        #expect(name.parent == DomainName("b.c"))
        #expect(DomainName.root.parent == nil)
        #expect(name.suffix(labels: 0) == .root)
        #expect(name.suffix(labels: 2) == DomainName("b.c"))
        #expect(name.suffix(labels: 3) == name)
        #expect(name.suffix(labels: 4) == nil)
        for ancestor in ["a.b.c", "B.c", "c", "."] {
            #expect(name.isSubdomain(of: try #require(DomainName(ancestor))))
        }
        for other in ["b", "x.b.c", "z.a.b.c", "a.b", "\\002.b.c"] {
            #expect(!name.isSubdomain(of: try #require(DomainName(other))))
        }
        // The bytes of the suffix stand inside a label, so they are no label of their own.
        let hidden = try DomainName(labels: [[0x78, 1, 0x63]])
        #expect(!hidden.isSubdomain(of: try #require(DomainName("c"))))
    }

    @Test func `grows by a label or a suffix up to the limit`() throws {
        let name = try #require(DomainName("example.org"))
        #expect(try name.prepending("mail".utf8).description == "mail.example.org")
        #expect(try DomainName.root.prepending([0x2e]).description == "\\.")
        #expect(throws: DomainNameError.emptyLabel) { try name.prepending([]) }
        #expect(throws: DomainNameError.labelTooLong) {
            try name.prepending(Array(repeating: 0x61, count: 64))
        }
        #expect(try name.appending(.root) == name)
        #expect(try DomainName.root.appending(name) == name)
        let long = try #require(DomainName(String(repeating: "abc.", count: 63)))
        #expect(try long.prepending([0x61]).wire.count == 255)
        #expect(throws: DomainNameError.nameTooLong) { try long.prepending([0x61, 0x61]) }
        #expect(throws: DomainNameError.nameTooLong) { try long.appending(name) }
    }

    /// The example of RFC 4034 §6.1, in order.
    @Test func `sorts in canonical order`() throws {
        let texts = [
            ".", "example", "a.example", "yljkjljk.a.example", "Z.a.example", "zABC.a.EXAMPLE",
            "z.example", "\\001.z.example", "*.z.example", "\\200.z.example",
        ]
        let names = try texts.map { try #require(DomainName($0)) }
        #expect(names.shuffled().sorted() == names)
    }
}

@Suite struct `ASCII bytes` {
    @Test func `fold and classify only ASCII`() {
        let letters = (UInt8.min ... .max).filter(Ascii.isLetter)
        #expect(letters == Array(0x41...0x5a) + Array(0x61...0x7a))
        #expect((UInt8.min ... .max).filter { Ascii.lowercased($0) != $0 } == Array(0x41...0x5a))
        #expect((UInt8.min ... .max).filter(Ascii.isDigit) == Array(0x30...0x39))
        #expect((UInt8.min ... .max).filter(Ascii.isPrintable) == Array(0x20...0x7e))
        let hex = (UInt8.min ... .max).filter { Ascii.hexValue($0) != nil }
        #expect(hex == Array(0x30...0x39) + Array(0x41...0x46) + Array(0x61...0x66))
        #expect("09aFf".utf8.compactMap(Ascii.hexValue) == [0, 9, 10, 15, 15])
    }

    @Test func `make decimals of digits only`() {
        #expect(Ascii.decimal("0255".utf8, as: UInt8.self) == 255)
        #expect(Ascii.decimal("32767".utf8, as: Int16.self) == 32_767)
        for text in ["", "256", "300", "+1", "-1", "1 ", "٣", "1e1"] {
            #expect(Ascii.decimal(text.utf8, as: UInt8.self) == nil)
        }
    }
}
