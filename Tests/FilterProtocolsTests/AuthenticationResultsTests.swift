import FilterProtocols
import NetNames
import Testing

@Suite struct AuthenticationResultsTests {
    @Test func `results are written as RFC 8601 has them`() throws {
        let address = try #require(IPAddress("2001:db8::25"))
        let results = try #require(
            AuthenticationResults(
                server: ascii("mx.example.org"),
                [
                    .init(.iprev, .fail, comment: ascii("no PTR record"), [.client(address)]),
                    .init(.iprev, .pass, [.client(.v4(0xc000_0201)), .helo(ascii("a b"))]),
                ]))
        let field = try #require(results.field)
        let expected =
            "mx.example.org; iprev=fail (no PTR record)\n"
            + " policy.iprev=\"2001:db8::25\"; iprev=pass policy.iprev=192.0.2.1\n"
            + " smtp.helo=\"a b\""
        #expect(string(field.folded) == expected)
        #expect(string(field.unfolded) == expected.replacing("\n", with: ""))
    }

    @Test func `no results are none, and a server needs a name`() throws {
        let none = try #require(AuthenticationResults(server: ascii("mx/1"), []))
        #expect(none.field.map { string($0.unfolded) } == "\"mx/1\"; none")
        for name in ["", "a b", "a\n", "ü", String(repeating: "x", count: 256)] {
            #expect(AuthenticationResults(server: ascii(name), []) == nil)
        }
        #expect(AuthenticationResults.Keyword("x-ptr")?.text == "x-ptr")
        for word in ["", "a b", "a=b", String(repeating: "x", count: 41)] {
            #expect(AuthenticationResults.Keyword(word) == nil)
        }
    }

    /// Comments and values of every byte, and of bytes that quoting and folding care about.
    @Test func `whatever a peer says is read back as one value of one result`() throws {
        var random = Seeded(state: 8_601)
        let special = Array("\"\\()=;, \t\r\n\0%x".utf8) + [0x80, 0xff]
        for round in 0..<2_000 {
            let isSpecial = round % 2 == 0
            var word: [UInt8] {
                (0..<Int.random(in: 0...90, using: &random)).map { _ in
                    isSpecial
                        ? special[Int.random(in: 0..<special.count, using: &random)]
                        : UInt8.random(in: 0...255, using: &random)
                }
            }
            let (comment, helo, other) = (word, word, word)
            let statements: [AuthenticationResults.Statement] = [
                .init(.iprev, .permerror, comment: comment, [.helo(helo)]),
                .init(.iprev, .temperror, [.helo(other), .client(.v4(1))]),
            ]
            let results = try #require(
                AuthenticationResults(server: ascii("mx.example.org"), statements))
            let field = try #require(results.field)
            let read = try #require(ReadResults(field.folded), "\(string(field.folded))")
            #expect(read.server == "mx.example.org")
            let first = ReadResults.Result(
                method: "iprev", outcome: "permerror",
                comments: words(of: comment).isEmpty ? [] : [words(of: comment)],
                properties: [["smtp.helo", shown(helo)]])
            let second = ReadResults.Result(
                method: "iprev", outcome: "temperror", comments: [],
                properties: [["smtp.helo", shown(other)], ["policy.iprev", "0.0.0.1"]])
            #expect(read.results == [first, second])
        }
    }

    @Test func `lines are no longer than 78 where words allow it`() throws {
        let results = try #require(
            AuthenticationResults(
                server: ascii("mx.example.org"),
                [.init(.iprev, .pass, comment: ascii(String(repeating: "word ", count: 40)), [])]))
        let field = try #require(results.field)
        let text = "Authentication-Results: " + string(field.folded)
        for line in text.split(separator: "\n") { #expect(line.utf8.count <= 78) }
        #expect(field.lines.count == 4)
    }

    @Test func `a field that would be too long is none`() throws {
        let long = [UInt8](repeating: 0x61, count: 255)
        let property = AuthenticationResults.Property.helo(long)
        let results = try #require(
            AuthenticationResults(
                server: ascii("mx.example.org"),
                [.init(.iprev, .pass, [property, property, property, property])]))
        #expect(results.field == nil)
    }

    private func shown(_ bytes: [UInt8]) -> String {
        string(bytes.map { (0x20..<0x7f).contains($0) ? $0 : UInt8(ascii: "?") })
    }

    /// A comment keeps its words, not the spaces between them.
    private func words(of comment: [UInt8]) -> String {
        shown(comment).split(separator: " ").joined(separator: " ")
    }

    struct Owner: CustomTestStringConvertible, Sendable {
        let value: String
        let isForged: Bool
        var testDescription: String { value }

        static let all: [Owner] = [
            .init(value: "mx.example.org; iprev=pass", isForged: true),
            .init(value: "MX.Example.ORG; iprev=pass", isForged: true),
            .init(value: " (a (nested \\) one)) mx.example.org", isForged: true),
            .init(value: "\"mx.example.org\"; none", isForged: true),
            .init(value: "\"mx.\\example.org\" 1; none", isForged: true),
            .init(value: "\r\n\t mx.example.org(x); none", isForged: true),
            .init(value: "mx.example.org 1; none", isForged: true),
            .init(value: "mx.example.org.evil; none", isForged: false),
            .init(value: "other; iprev=pass (mx.example.org)", isForged: false),
            .init(value: "(mx.example.org) other; none", isForged: false),
            .init(value: "(mx.example.org", isForged: true),
            .init(value: "\"mx.example.org; none", isForged: true),
            .init(value: "\"other", isForged: false),
            .init(value: "\"mx.example.org\\", isForged: true),
            .init(value: "; mx.example.org", isForged: true),
            .init(value: ")mx.example.org; none", isForged: true),
            .init(value: "", isForged: false),
            // Names that are no token: a reader that stops early finds ours.
            .init(value: "\u{b}mx.example.org; none", isForged: true),
            .init(value: "\u{c}mx.example.org; none", isForged: true),
            .init(value: "mx.example.org/1; none", isForged: true),
            .init(value: "mx.example.org=1; none", isForged: true),
            .init(value: "mx.example.org,; none", isForged: true),
            .init(value: "mx.example.org:x; none", isForged: true),
            .init(value: "<mx.example.org>; none", isForged: true),
            .init(value: "mx.example.org\0; none", isForged: true),
            .init(value: "\"mx.example.org,\"; none", isForged: true),
            .init(value: "\"mx\\.example.org,\"; none", isForged: true),
            .init(value: "mx.example.org.; none", isForged: true),
            .init(value: "\" mx.example.org\"; none", isForged: true),
            .init(value: "\"\tmx.example.org. \"; none", isForged: true),
            .init(value: "\" \"; none", isForged: false),
            .init(value: "other/1; none", isForged: false),
        ]
    }

    @Test(arguments: Owner.all)
    func `a field in our name is found`(owner: Owner) {
        #expect(
            ResultsOwner.isForged(ascii(owner.value), server: ascii("mx.example.org"))
                == owner.isForged)
    }

    @Test func `our own name may end with a dot, or be no token`() {
        #expect(ResultsOwner.isForged(ascii("mx.test; none"), server: ascii("mx.test.")))
        #expect(ResultsOwner.isForged(ascii("\"mx/1\"; none"), server: ascii("mx/1")))
    }

    @Test func `nesting without end is read without recursion`() {
        let deep = [UInt8](repeating: Ascii.openParenthesis, count: 60_000)
        #expect(ResultsOwner(of: deep) == .unreadable)
    }
}
