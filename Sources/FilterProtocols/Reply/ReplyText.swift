internal import NetNames

/// One line of words for an SMTP client: printable ASCII that begins with words of ours.
///
/// Everything that a filter tells a mail server ends in a reply, a log or a header, so the text is
/// made safe once, here: no CR, LF or NUL, nothing above 0x7E, and a peer's words only behind ours,
/// because a server reads the first word of a text as a code or a keyword.
package struct ReplyText: Hashable, Sendable {
    package enum Part: Hashable, Sendable {
        /// Words of ours, or of the administrator.
        case own(String)
        /// What a peer or the DNS said.
        case untrusted([UInt8])
    }

    /// Printable ASCII, 1 to ``longest`` bytes, no space at either end.
    package let bytes: [UInt8]

    /// A reply line has at most 512 octets with its code and CR LF (RFC 5321 §4.5.3.1.5), and the
    /// server puts the recipient and words of its own in front of ours.
    package static let longest = 400
    /// A name in the DNS has at most 255 octets (RFC 1035 §2.3.4); what is longer is no name.
    package static let longestUntrusted = 255
    /// Stands before a text that would begin with a peer's words.
    package static let opening = "Notice:"

    package init(_ parts: [Part]) {
        var text: [UInt8] = []
        for part in parts {
            switch part {
            case .own(let words):
                text += words.utf8.map(Self.safe)
            case .untrusted(let said):
                if !text.contains(where: Ascii.isLetter) {
                    text += Self.opening.utf8
                    text.append(Ascii.space)
                }
                text += said.prefix(Self.longestUntrusted).map(Self.safe)
                if said.count > Self.longestUntrusted { text += "...".utf8 }
            }
        }
        let start = text.drop { $0 == Ascii.space }.prefix(Self.longest)
        let end = start.lastIndex { $0 != Ascii.space }
        bytes = end.map { Array(start[...$0]) } ?? Array(Self.opening.utf8)
    }

    package init(_ words: String) {
        self.init([.own(words)])
    }

    /// The byte itself, or a question mark for what is not printable ASCII.
    static func safe(_ byte: UInt8) -> UInt8 {
        Ascii.isPrintable(byte) ? byte : UInt8(ascii: "?")
    }
}
