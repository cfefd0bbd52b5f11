internal import NetNames

/// What Postfix is told to do: the right-hand sides of access(5) that the guard needs.
///
/// There is no OK among them: it would let a client past all restrictions that follow.
package enum PolicyAction: Hashable, Sendable {
    /// Nothing; the next restriction decides.
    case dunno
    /// Refused with a code of ours.
    case refuse(SMTPRefusal)
    /// Put off unless another restriction refuses for good: right for a failure of the DNS.
    case deferIfPermit(subject: UInt8, detail: UInt8, ReplyText)
    /// A header is put before the message; not possible at the end of the message.
    case prepend(HeaderField)

    /// What is answered to the other requests of the same delivery attempt.
    ///
    /// A header is wanted once for a message, not for each recipient.
    package var repeated: PolicyAction {
        switch self {
        case .dunno, .refuse, .deferIfPermit: self
        case .prepend: .dunno
        }
    }

    /// The answer on the wire: `action=…`, and an empty line.
    package var encoded: [UInt8] {
        Array("action=".utf8) + words + [Ascii.lineFeed, Ascii.lineFeed]
    }

    private var words: [UInt8] {
        switch self {
        case .dunno: Array("DUNNO".utf8)
        case .refuse(let refusal): refusal.oneLine
        case .deferIfPermit(let subject, let detail, let text):
            Array("DEFER_IF_PERMIT 4.\(subject).\(detail) ".utf8) + text.bytes
        case .prepend(let field):
            Array("PREPEND ".utf8) + field.name + [Ascii.colon, Ascii.space] + field.unfolded
        }
    }
}
