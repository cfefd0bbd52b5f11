package import NetNames

/// Readings of what mail servers write, common to their protocols.
package enum PeerText {
    /// An address as mail servers write it: bare, in brackets, with `IPv6:` before it.
    ///
    /// Nil for anything else, `unknown`, `local` and addresses with a zone among it: nobody can be
    /// looked up by those.
    package static func address(_ text: some Collection<UInt8>) -> IPAddress? {
        var text = Array(text)[...]
        if text.first == Ascii.openBracket, text.last == Ascii.closeBracket {
            text = text.dropFirst().dropLast()
        }
        if text.contains(Ascii.colon), text.prefix(tag.count).map(Ascii.lowercased) == tag {
            text = text.dropFirst(tag.count)
        }
        return try? IPAddress(parsing: text)
    }

    private static let tag = Array("ipv6:".utf8)

    /// Whether mail to this recipient has to get through to somebody (RFC 5321 §4.5.1).
    package static func isPostmaster(_ recipient: [UInt8]) -> Bool {
        let inner = recipient.filter { $0 != UInt8(ascii: "<") && $0 != UInt8(ascii: ">") }
        let local = inner.prefix { $0 != UInt8(ascii: "@") }
        return local.map(Ascii.lowercased) == Array("postmaster".utf8)
    }
}
