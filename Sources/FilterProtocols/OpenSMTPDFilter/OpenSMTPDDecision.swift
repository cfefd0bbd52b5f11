package import NetNames

/// The command at which clients are judged.
package enum OpenSMTPDStage: Hashable, Sendable, CaseIterable {
    case helo
    case mail
    case recipient

    /// The phases to register, as smtpd-filters(7) names them.
    var phases: [String] {
        switch self {
        case .helo: ["helo", "ehlo"]
        case .mail: ["mail-from"]
        case .recipient: ["rcpt-to"]
        }
    }

    /// The reports to register, all of them known to smtpd since protocol 0.4.
    var reports: [String] {
        let link = ["link-connect", "link-identify", "link-auth", "link-disconnect"]
        return switch self {
        case .helo, .mail: link
        // Tells one message's recipients from the next one's.
        case .recipient: link + ["tx-begin"]
        }
    }
}

/// What the guard is asked.
///
/// Text is untrusted.
package struct OpenSMTPDQuestion: Hashable, Sendable {
    package let address: IPAddress
    package let helo: [UInt8]?
    /// Without angle brackets; nil before MAIL and when clients are judged at RCPT.
    package let sender: [UInt8]?
    package let recipient: [UInt8]?
    /// The first name of the PTR records that smtpd knows; a hint, nil when it has none.
    package let reverseName: [UInt8]?
    /// What smtpd thinks of that name; a hint, nil for a word that is none of the three.
    package let confirmation: Confirmation?
    /// Whether the client has proved who it is.
    package let isAuthenticated: Bool
    /// smtpd's own number of the session, for the log.
    package let session: [UInt8]

    package enum Confirmation: String, Hashable, Sendable, CaseIterable {
        case pass
        case fail
        case error
    }

    package var isForPostmaster: Bool { recipient.map(PeerText.isPostmaster) ?? false }
}

/// What smtpd is told to do.
package enum OpenSMTPDDecision: Hashable, Sendable {
    case proceed
    /// The message is marked as spam, and goes on.
    case junk
    case reject(SMTPRefusal)
    case disconnect(SMTPRefusal)

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
        case .disconnect(let refusal): fields += [Array("disconnect".utf8), refusal.oneLine]
        }
        return Array(fields.joined(separator: [OpenSMTPDLine.bar])) + [Ascii.lineFeed]
    }
}
