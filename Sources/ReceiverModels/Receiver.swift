package import SenderIdentity

/// A mail server or provider, and the rules by which it judges a client's identity.
package struct Receiver: Sendable {
    /// What `--receiver` calls it: `postfix`.
    package let id: String
    package let name: String
    /// What can be set, beside switching the rules on or off.
    package let settings: [ReceiverSetting]
    package let rules: [Rule]

    package init(id: String, name: String, settings: [ReceiverSetting] = [], rules: [Rule]) {
        self.id = id
        self.name = name
        self.settings = settings
        self.rules = rules
    }

    /// Every receiver, those that matter to most senders first.
    ///
    /// One file each.
    package static let all: [Receiver] = [
        .gmail, .postfix, .exim, .sendmail, .strictServer,
    ]
}

/// One rule: the setting as the receiver's admin knows it, and what it does with a client.
package struct Rule: Sendable {
    /// Unique within the receiver.
    package let id: String
    /// The setting, such as `reject_unknown_client_hostname`; nil where there is none to switch.
    package let setting: String?
    package let isOnByDefault: Bool
    /// Where in the session the reply is seen, with the server's default timing.
    package let stage: SMTPStage
    package let source: RuleSource
    /// A pure function from the facts and the receiver's settings to what the server does.
    package let judgement: @Sendable (IdentityFacts, ReceiverSettings) -> Judgement
}

/// Where in an SMTP session a reply appears.
package enum SMTPStage: String, Hashable, Sendable {
    case connect
    case helo
    case mail
    case rcpt
    case data
}

/// Where a rule is known from, and how well.
package struct RuleSource: Hashable, Sendable {
    package enum Basis: String, Hashable, Sendable {
        /// Run against the packaged server.
        case proven
        /// Published by the vendor or the project.
        case documented
        /// Seen in public samples of replies.
        case observed
        /// Follows from other facts.
        case inferred
    }

    /// A manual page, source file or published page.
    package let document: String
    /// The version it was checked with; nil for a service.
    package let version: String?
    /// The month of the check, as `2026-11`.
    package let checked: String
    package let basis: Basis

    package init(_ document: String, version: String?, checked: String, basis: Basis) {
        self.document = document
        self.version = version
        self.checked = checked
        self.basis = basis
    }
}
