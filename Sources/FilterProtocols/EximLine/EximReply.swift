internal import NetNames

/// The answer, one line that Exim's `${extract{verdict}{…}}` takes apart.
///
///     verdict=fail reason=no-ptr code=550 dsn=5.7.25 text="…" header="…"
///
/// `code`, `dsn` and `text` are there only when the client is to be refused or put off.
package struct EximReply: Hashable, Sendable {
    package enum Verdict: String, Hashable, Sendable, CaseIterable {
        case pass
        case fail
        /// The DNS did not answer.
        case temperror
        /// The request names no client.
        case error
    }

    package let verdict: Verdict
    /// A finding's code, as `no-ptr`.
    package let reason: String?
    package let refusal: SMTPRefusal?
    /// A field for Exim's `add_header`.
    package let header: HeaderField?

    package init(
        _ verdict: Verdict, reason: String? = nil, refusal: SMTPRefusal? = nil,
        header: HeaderField? = nil
    ) {
        self.verdict = verdict
        self.reason = reason
        self.refusal = refusal
        self.header = header
    }

    /// The line, with its LF.
    package var encoded: [UInt8] {
        var line = Array("verdict=\(verdict.rawValue)".utf8)
        if let reason { line += Array(" reason=".utf8) + Self.word(reason) }
        if let refusal {
            line += " code=\(refusal.code) dsn=\(refusal.enhancedCode) text=".utf8
            line += Self.quoted(refusal.text)
        }
        if let header {
            let field = header.name + [Ascii.colon, Ascii.space] + header.unfolded
            line += Array(" header=".utf8) + Self.quoted(field)
        }
        return line + [Ascii.lineFeed]
    }

    /// A value in double quotes, with `"` and backslashes escaped; what is not printable ASCII
    /// becomes a question mark, so the value stays one value and the line one line.
    package static func quoted(_ value: [UInt8]) -> [UInt8] {
        let escaped = value.map(ReplyText.safe).flatMap { byte in
            byte == Ascii.quote || byte == Ascii.backslash ? [Ascii.backslash, byte] : [byte]
        }
        return [Ascii.quote] + escaped + [Ascii.quote]
    }

    /// Letters, digits and hyphens stay; a code has nothing else.
    private static func word(_ text: String) -> [UInt8] {
        text.utf8.map { byte in
            let isFine = Ascii.isLetter(byte) || Ascii.isDigit(byte) || byte == Ascii.hyphen
            return isFine ? byte : Ascii.underscore
        }
    }
}
