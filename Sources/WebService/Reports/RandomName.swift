/// Names that nobody can guess: what protects a report is that its address is not known.
enum RandomName {
    /// 128 bits, as RFC 4122's random identifiers nearly have.
    private static let bytes = 16

    /// 22 characters of the URL-safe Base64 alphabet (RFC 4648 §5).
    static func make() -> String {
        var generator = SystemRandomNumberGenerator()
        return text((0..<bytes).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
    }

    /// The local part of a mail address: 80 bits in letters of one case and digits that no eye
    /// mixes up.
    static func localPart() -> String {
        var generator = SystemRandomNumberGenerator()
        return String(
            decoding: (0..<16).map { _ in
                mailAlphabet[Int.random(in: mailAlphabet.indices, using: &generator)]
            }, as: UTF8.self)
    }

    private static let mailAlphabet = Array("abcdefghijkmnpqrstuvwxyz23456789".utf8)

    /// Whether a path's part has the form of such a name.
    static func isOne(_ text: some StringProtocol) -> Bool {
        text.utf8.count == (bytes * 4 + 2) / 3 && text.utf8.allSatisfy { alphabet.contains($0) }
    }

    /// Compares in a time that does not tell how much of a guess is right.
    static func areEqual(_ one: String, _ other: String) -> Bool {
        guard one.utf8.count == other.utf8.count else { return false }
        // The parentheses count: both operators bind alike, from the left.
        return zip(one.utf8, other.utf8).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }

    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    private static func text(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        var buffer: UInt32 = 0
        var bits = 0
        for byte in bytes {
            buffer = buffer << 8 | UInt32(byte)
            bits += 8
            while bits >= 6 {
                bits -= 6
                text.append(alphabet[Int(buffer >> UInt32(bits) & 63)])
            }
            buffer &= (1 << UInt32(bits)) - 1
        }
        if bits > 0 { text.append(alphabet[Int(buffer << UInt32(6 - bits) & 63)]) }
        return String(decoding: text, as: UTF8.self)
    }
}
