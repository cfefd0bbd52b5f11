import NetNames
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
    package static let all: [Receiver] = important + others

    /// Those that a report shows unless it is asked for all.
    package static let important: [Receiver] = [
        .gmail, .microsoft365, .outlookCom, .yahoo, .postfix, .exim, .openSMTPD, .sendmail,
        .rspamd, .strictServer,
    ]

    private static let others: [Receiver] = [
        .gmx, .tOnline, .freenet, .comcast, .att, .cox, .appleICloud, .mailRu, .orange, .goDaddy,
        .cloudmark, .titan, .magicMail, .haraka, .stalwart, .maddy, .mox, .kumoMTA, .james,
        .qpsmtpd, .policydWeight, .spamAssassin, .authenticationMilter,
        .ownGuard,
    ]

    /// Whether a report shows it unasked.
    package var isImportant: Bool {
        Receiver.important.contains { $0.id == id }
    }
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
    /// The same where a setting moves it; nil where none does.
    let stageWith: (@Sendable (Judgement, ReceiverSettings) -> SMTPStage)?
    package let source: RuleSource
    /// What it checks, in a sentence or two.
    package let summary: String
    /// What switches it from its default, in the admin's configuration; nil where nothing is known to.
    package let change: ConfigurationChange?
    /// Every finding that it may follow from, in the order of the catalogue of findings.
    package let because: [FindingCode]
    private let repliesWith: @Sendable (ReceiverSettings) -> [ReplyTemplate]
    private let scoresWith: @Sendable (ReceiverSettings) -> [Score]
    /// A pure function from the facts and the receiver's settings to what the server does.
    package let judgement: @Sendable (IdentityFacts, ReceiverSettings) -> Judgement

    init(
        id: String, setting: String?, isOnByDefault: Bool, stage: SMTPStage,
        stageWith: (@Sendable (Judgement, ReceiverSettings) -> SMTPStage)? = nil,
        source: RuleSource, summary: String, change: ConfigurationChange? = nil,
        replies: [ReplyTemplate] = [],
        repliesWith: (@Sendable (ReceiverSettings) -> [ReplyTemplate])? = nil,
        scores: [Score] = [],
        scoresWith: (@Sendable (ReceiverSettings) -> [Score])? = nil,
        because: [FindingCode],
        judgement: @escaping @Sendable (IdentityFacts, ReceiverSettings) -> Judgement
    ) {
        self.id = id
        self.setting = setting
        self.isOnByDefault = isOnByDefault
        self.stage = stage
        self.stageWith = stageWith
        self.source = source
        self.summary = summary
        self.change = change
        self.because = because
        self.repliesWith = repliesWith ?? { _ in replies }
        self.scoresWith = scoresWith ?? { _ in scores }
        self.judgement = judgement
    }

    /// Where in the session this judgement's reply is seen under these settings.
    package func stage(of judgement: Judgement, under settings: ReceiverSettings) -> SMTPStage {
        stageWith?(judgement, settings) ?? stage
    }

    /// Every reply it may give under these settings.
    package func replies(under settings: ReceiverSettings) -> [ReplyTemplate] {
        repliesWith(settings)
    }

    /// What it may add under these settings to a mail that is taken.
    package func scores(under settings: ReceiverSettings) -> [Score] {
        scoresWith(settings)
    }
}

/// What an admin writes to switch a rule from its default, and where.
package struct ConfigurationChange: Hashable, Sendable {
    /// The file, such as `main.cf`.
    package let file: String
    package let lines: [String]

    init(_ file: String, _ lines: String...) {
        self.file = file
        self.lines = lines
    }
}

/// Where in an SMTP session a reply appears.
///
/// In the order of the session.
package enum SMTPStage: String, Hashable, Sendable, CaseIterable {
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

    /// Servers change: what was read longer ago than this has to be read again.
    package static let freshMonths = 24

    /// Whether the check is more than ``freshMonths`` before the given month, written as `2026-11`.
    ///
    /// A month that cannot be read makes nothing stale.
    package func isStale(in month: String) -> Bool {
        guard let now = Self.months(month), let then = Self.months(checked) else { return false }
        return now - then > Self.freshMonths
    }

    private static func months(_ text: String) -> Int? {
        let parts = text.utf8.split(separator: Ascii.hyphen)
        guard parts.count >= 2, let year: Int = Ascii.decimal(parts[0]),
            let month: Int = Ascii.decimal(parts[1]), (1...12).contains(month), year < 10_000
        else { return nil }
        return year * 12 + month
    }
}
