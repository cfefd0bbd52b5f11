package import FilterProtocols
package import NetNames

/// What the guard is asked about, whichever protocol asked.
///
/// Text is what the mail server passed on, and untrusted.
package struct GuardRequest: Hashable, Sendable {
    package let client: IPAddress
    /// The argument of HELO or EHLO as far as the mail server shows it; nil before it.
    package let helo: [UInt8]?
    package let sender: [UInt8]?
    package let recipient: [UInt8]?
    /// The mail server's number of the message, for the log.
    package let queueID: [UInt8]?
    /// Equal for all requests of one delivery attempt, where the protocol has it.
    package let instance: [UInt8]?
    /// Whether the client has proved who it is: then its DNS is nobody's business.
    package let isAuthenticated: Bool

    package init(
        client: IPAddress, helo: [UInt8]? = nil, sender: [UInt8]? = nil,
        recipient: [UInt8]? = nil, queueID: [UInt8]? = nil, instance: [UInt8]? = nil,
        isAuthenticated: Bool = false
    ) {
        self.client = client
        self.helo = helo
        self.sender = sender
        self.recipient = recipient
        self.queueID = queueID
        self.instance = instance
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
            client: client, helo: request.helo, sender: request[.sender],
            recipient: request[.recipient], queueID: request[.queueID],
            instance: request[.instance], isAuthenticated: request[.saslUsername] != nil)
    }

    package init(_ question: MilterQuestion) {
        self.init(
            client: question.address, helo: question.helo, sender: question.sender,
            recipient: question.recipient, queueID: question.macros[.queueID],
            isAuthenticated: question.macros[.authenticatedUser] != nil)
    }

    package init(_ request: EximRequest) {
        self.init(
            client: request.address, helo: request.helo, sender: request.sender,
            recipient: request.recipient, queueID: request.messageID)
    }

    package init(_ question: OpenSMTPDQuestion) {
        self.init(
            client: question.address, helo: question.helo, sender: question.sender,
            recipient: question.recipient, queueID: question.session,
            isAuthenticated: question.isAuthenticated)
    }
}
