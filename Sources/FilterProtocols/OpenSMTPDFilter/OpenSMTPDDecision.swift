package import NetNames

/// What the guard is asked.
///
/// Text is untrusted.
package struct OpenSMTPDQuestion: Hashable, Sendable {
    package let address: IPAddress
    package let helo: [UInt8]?
    /// Without angle brackets.
    package let recipient: [UInt8]
    /// What smtpd found out itself; nil for a word that is none of the three.
    package let hint: ServerHint?
    /// Whether the client has proved who it is.
    package let isAuthenticated: Bool
    /// smtpd's own number of the session, for the log.
    package let session: [UInt8]

    package var isForPostmaster: Bool { PeerText.isPostmaster(recipient) }
}

/// What smtpd is told to do.
package enum OpenSMTPDDecision: Hashable, Sendable {
    case proceed
    /// The message is marked as spam, and goes on.
    case junk
    case reject(SMTPRefusal)

    /// One line for smtpd, which ends itself over any that it does not understand.
    ///
    /// The session and the token are those of a request that was read, and so are hex digits.
    func line(for request: OpenSMTPDLine.Request) -> [UInt8] {
        let isNew = request.version >= .sessionFirst
        let first = isNew ? request.session : request.token
        let second = isNew ? request.token : request.session
        var fields = [Array("filter-result".utf8), first, second]
        switch self {
        case .proceed: fields.append(Array("proceed".utf8))
        case .junk: fields.append(Array("junk".utf8))
        case .reject(let refusal): fields += [Array("reject".utf8), refusal.oneLine]
        }
        return Array(fields.joined(separator: [OpenSMTPDLine.bar])) + [Ascii.lineFeed]
    }
}
