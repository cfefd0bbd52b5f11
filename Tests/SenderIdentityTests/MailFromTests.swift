import SenderIdentity
import Testing

@Suite struct `A reverse-path` {
    @Test(
        arguments: [
            ("bounce@example.org", "bounce", "example.org"),
            ("<bounce@example.org>", "bounce", "example.org"),
            ("\"a@b\"@example.org", "\"a@b\"", "example.org"), ("@example.org", "", "example.org"),
            ("<@relay.example,@other.example:a@example.org>", "a", "example.org"),
            ("<@[IPv6:2001:db8::1]:a@example.org>", "a", "example.org"),
            ("a@[192.0.2.1]", "a", "[192.0.2.1]"), ("", "", ""), ("<>", "", ""),
            ("pät@example.org", "pät", "example.org"),
        ])
    func `is read with and without brackets`(text: String, local: String, domain: String) throws {
        let path = try MailFrom(text.utf8)
        #expect(path.localPart == Array(local.utf8))
        #expect(path.domain == Array(domain.utf8))
        #expect(path.isNull == domain.isEmpty)
        #expect(try MailFrom(path.raw) == path)
    }

    @Test(
        arguments: [
            ("a@example.org\r\nRCPT TO:<b@example.org>", .controlCharacter),
            ("a@example.org\n", .controlCharacter), ("a\0@example.org", .controlCharacter),
            ("a\u{7f}@example.org", .controlCharacter), ("<a@example.org", .brackets),
            ("a@example.org>", .brackets), ("<", .brackets), ("a", .noDomain), ("a@", .noDomain),
            ("a@bücher.example", .domainNotASCII), ("a@example.org ", .domainByte(0x20)),
            ("a@exam ple.org", .domainByte(0x20)), ("a@example.org,b", .domainByte(0x2c)),
            ("a@example.org>x", .domainByte(0x3e)), ("<@relay.example:>", .noDomain),
            (String(repeating: "a", count: 243) + "@example.org", .tooLong(255)),
        ] as [(String, MailFromError)])
    func `is refused where SMTP could not carry it`(text: String, error: MailFromError) {
        #expect(throws: error) { try MailFrom(text.utf8) }
    }

    @Test func `may be as long as RFC 5321 allows`() throws {
        #expect(
            try MailFrom((String(repeating: "a", count: 242) + "@example.org").utf8).isNull == false
        )
    }
}
