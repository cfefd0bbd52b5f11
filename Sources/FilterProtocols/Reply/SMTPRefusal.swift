internal import NetNames

/// The reply that refuses a client: a code of class 4 or 5, an enhanced code of the same class, text.
///
/// Postfix drops a reply whose two classes differ, so they cannot differ here: the class of the
/// enhanced code is the first digit of the code (RFC 2034 §4).
package struct SMTPRefusal: Hashable, Sendable {
    /// 400 to 599.
    package let code: UInt16
    /// The second number of the enhanced code, 0 to 999 (RFC 3463 §2).
    package let subject: UInt16
    /// The third number of the enhanced code, 0 to 999.
    package let detail: UInt16
    /// 1 to ``mostLines``.
    package let lines: [ReplyText]

    /// Sendmail's milter library takes 32 lines of a reply.
    package static let mostLines = 32
    /// Is nil for a number out of its range, or without a line, or with too many.
    package init?(code: UInt16, subject: UInt16, detail: UInt16, _ lines: [ReplyText]) {
        guard (400...599).contains(code), subject <= 999, detail <= 999 else { return nil }
        guard (1...Self.mostLines).contains(lines.count) else { return nil }
        self.code = code
        self.subject = subject
        self.detail = detail
        self.lines = lines
    }

    package var isPermanent: Bool { code >= 500 }

    /// As `5.7.25`.
    package var enhancedCode: String { "\(code / 100).\(subject).\(detail)" }

    /// The text of all lines behind each other.
    package var text: [UInt8] {
        Array(lines.map(\.bytes).joined(separator: [Ascii.space]))
    }

    /// As `550 5.7.25 text`: one line for protocols that have room for one.
    ///
    /// All lines together are as long as one may be: Postfix puts the recipient before them.
    package var oneLine: [UInt8] {
        Array("\(code) \(enhancedCode) ".utf8) + text.prefix(ReplyText.longest)
    }
}
