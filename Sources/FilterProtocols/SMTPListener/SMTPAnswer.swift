internal import NetNames

/// A reply to an SMTP client: one code on every line, an enhanced code of the same class, text.
///
/// Whatever was said about the client may hold words of the DNS or of the client itself, so every
/// line is made safe here: printable ASCII, within the length of a line and of a whole reply.
package struct SMTPAnswer: Hashable, Sendable {
    /// 200 to 599.
    package let code: UInt16
    /// The second and third number of the enhanced code (RFC 3463 §2); nil where none belongs, as
    /// in the greeting and the answer to EHLO (RFC 2034 §4).
    package let detail: Detail?
    /// At least one; each behind the codes fits in a line of 510 bytes (RFC 5321 §4.5.3.1.5).
    package let lines: [[UInt8]]

    package struct Detail: Hashable, Sendable {
        /// 0 to 999.
        package let subject: UInt16
        /// 0 to 999.
        package let detail: UInt16

        package init(_ subject: UInt16, _ detail: UInt16) {
            self.subject = min(subject, 999)
            self.detail = min(detail, 999)
        }
    }

    /// A line without its CR LF.
    private static let longestLine = 510
    private static let ellipsis = Array("...".utf8)

    /// Is nil for a code out of its range.
    ///
    /// Lines that would make the reply longer than ``SMTPLimits/reply`` are left out, the last first.
    package init?(_ code: UInt16, _ detail: Detail?, _ lines: [String]) {
        guard (200...599).contains(code) else { return nil }
        self.code = code
        self.detail = detail
        let prefix = Self.prefix(code, detail).count
        var total = 0
        var kept: [[UInt8]] = []
        for line in lines {
            let safe = Self.safe(line, room: Self.longestLine - prefix)
            total += prefix + safe.count + 2
            guard total <= SMTPLimits.reply else { break }
            kept.append(safe)
        }
        self.lines = kept.isEmpty ? [[]] : kept
    }

    private static func safe(_ text: String, room: Int) -> [UInt8] {
        let bytes = text.utf8.map(ReplyText.safe)
        return bytes.count <= room ? bytes : bytes.prefix(room - ellipsis.count) + ellipsis
    }

    /// As `550-5.7.25 `, but for the hyphen.
    private static func prefix(_ code: UInt16, _ detail: Detail?) -> [UInt8] {
        let enhanced = detail.map { "\(code / 100).\($0.subject).\($0.detail) " } ?? ""
        return Array("\(code) \(enhanced)".utf8)
    }

    /// The same text as a reply to a recipient that is accepted.
    package var accepting: SMTPAnswer {
        SMTPAnswer(code: 250, detail: Detail(1, 5), lines: lines)
    }

    private init(code: UInt16, detail: Detail, lines: [[UInt8]]) {
        self.code = code
        self.detail = detail
        // The codes may have become longer by a byte or two.
        let room = Self.longestLine - Self.prefix(code, detail).count
        self.lines = lines.map { Array($0.prefix(room)) }
    }

    /// The bytes to send.
    package var encoded: [UInt8] {
        let prefix = Self.prefix(code, detail)
        var bytes: [UInt8] = []
        for (index, line) in lines.enumerated() {
            var head = prefix
            if index + 1 < lines.count { head[3] = Ascii.hyphen }
            bytes += head + line + [Ascii.carriageReturn, Ascii.lineFeed]
        }
        return bytes
    }
}
