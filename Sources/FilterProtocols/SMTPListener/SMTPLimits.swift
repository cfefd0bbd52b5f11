/// What a connection to the listener may cost.
///
/// The port stands open to everybody, and an honest server needs seven commands; so all this is
/// less than RFC 5321 §4.5.3 wants of a server that carries mail.
package enum SMTPLimits {
    /// Bytes of a command line with its CR LF (RFC 5321 §4.5.3.1.4).
    package static let commandLine = 512
    /// Bytes of MAIL and RCPT lines, which extensions make longer; as much as Postfix reads at most.
    package static let extendedLine = 2_000
    /// Bytes that may wait while a verdict is made: some hundred commands sent ahead.
    package static let ahead = 65_536
    /// Commands of a connection.
    ///
    /// A hundred recipients are tried in vain before a server gives up.
    package static let commands = 120
    /// Commands that were none, or came at the wrong time.
    package static let errors = 10
    /// Recipients asked about on a connection; each may be a check.
    package static let recipients = 20
    /// Bytes of a whole reply.
    ///
    /// Exim 4.96 reads a reply into a buffer of 4,096 bytes; Postfix 3.7 stops keeping a reply's
    /// lines at 2,048 (line_length_limit).
    package static let reply = 2_000
    /// Seconds for a whole connection: a verdict takes its deadline, the rest is a second's work.
    package static let session = 300
}

/// What the listener waits for, and how long.
package enum SMTPWait: Hashable, Sendable, CaseIterable {
    /// The first command: whoever connects has something to say.
    case first
    /// Any other command.
    case command
    /// The end of the TLS handshake.
    case handshake

    /// RFC 5321 §4.5.3.2.7 wants five minutes between commands; nobody types mail here.
    package var seconds: Int {
        switch self {
        case .first: 30
        case .command: 60
        case .handshake: 20
        }
    }
}
