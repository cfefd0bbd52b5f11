package import NetNames

/// Who is connected, and what it says of itself.
package struct SMTPClient: Hashable, Sendable {
    package let address: IPAddress
    /// The argument of EHLO or HELO, as sent.
    package let helo: [UInt8]
    package let isExtended: Bool
    /// The reverse-path of MAIL FROM without its brackets, empty for the null one; nil before MAIL.
    package internal(set) var sender: [UInt8]?
    /// Whether this was said over TLS.
    package let isSecured: Bool

    package init(
        address: IPAddress, helo: [UInt8], isExtended: Bool, sender: [UInt8]?, isSecured: Bool
    ) {
        self.address = address
        self.helo = helo
        self.isExtended = isExtended
        self.sender = sender
        self.isSecured = isSecured
    }
}

/// What a recipient is answered with.
package enum SMTPDecision: Hashable, Sendable {
    /// The verdict, at the stage that the settings choose.
    case tell(SMTPAnswer)
    /// A refusal at once: this recipient does not exist.
    case refuse(SMTPAnswer)
}

/// How a listener answers.
package struct SMTPSettings: Hashable, Sendable {
    /// What it calls itself; printable ASCII.
    package let hostname: String
    package let mode: Mode
    package let offersTLS: Bool

    package enum Mode: String, Hashable, Sendable {
        /// Recipients are refused with the verdict.
        case refuse
        /// Recipients are accepted with the verdict as text, DATA is refused with it.
        case accept
    }

    package init(hostname: String, mode: Mode, offersTLS: Bool) {
        self.hostname = hostname
        self.mode = mode
        self.offersTLS = offersTLS
    }

    /// The reply to a connection that is one too many; it is closed after it.
    package static func overload(_ hostname: String) -> [UInt8] {
        SMTPAnswer(421, .init(7, 0), ["\(hostname) has too many connections; closing"])?.encoded
            ?? []
    }
}
