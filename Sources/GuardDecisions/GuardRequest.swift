package import FilterProtocols
package import NetNames

/// What the guard is asked about, whichever protocol asked.
///
/// Text is what the mail server passed on, and untrusted.
package struct GuardRequest: Hashable, Sendable {
    package let client: IPAddress
    /// The argument of HELO or EHLO as far as the mail server shows it; nil before it.
    package let helo: [UInt8]?
    package let recipient: [UInt8]?
    /// The mail server's number of the message, for the log.
    package let queueID: [UInt8]?
    /// What the mail server found out itself, where the protocol tells.
    package let hint: ServerHint?
    /// Whether the client has proved who it is: then its DNS is nobody's business.
    package let isAuthenticated: Bool

    package init(
        client: IPAddress, helo: [UInt8]? = nil, recipient: [UInt8]? = nil,
        queueID: [UInt8]? = nil, hint: ServerHint? = nil, isAuthenticated: Bool = false
    ) {
        self.client = client
        self.helo = helo
        self.recipient = recipient
        self.queueID = queueID
        self.hint = hint
        self.isAuthenticated = isAuthenticated
    }

    /// Mail to this recipient has to get through to somebody (RFC 5321 §4.5.1).
    package var isForPostmaster: Bool { recipient.map(PeerText.isPostmaster) ?? false }
}

extension GuardRequest {
    /// Nil where Postfix knows no address, as for clients on a Unix socket.
    package init?(_ request: PolicyRequest) {
        guard let client = request.address else { return nil }
        self.init(
            client: client, helo: request.helo, recipient: request[.recipient],
            queueID: request[.queueID], hint: request.hint,
            isAuthenticated: request[.saslUsername] != nil)
    }

    package init(_ question: MilterQuestion) {
        self.init(
            client: question.address, helo: question.helo, recipient: question.recipient,
            queueID: question.macros[.queueID], hint: question.macros.hint,
            isAuthenticated: question.macros[.authenticatedUser] != nil)
    }

    package init(_ request: EximRequest) {
        self.init(
            client: request.address, helo: request.helo, recipient: request.recipient,
            queueID: request.messageID)
    }

    package init(_ question: OpenSMTPDQuestion) {
        self.init(
            client: question.address, helo: question.helo, recipient: question.recipient,
            queueID: question.session, hint: question.hint,
            isAuthenticated: question.isAuthenticated)
    }
}
