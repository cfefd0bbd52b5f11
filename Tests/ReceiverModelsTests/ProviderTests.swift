import NetNames
import ReceiverModels
import Reports
import SenderIdentity
import TestSupport
import Testing

/// What the providers publish, and what of it cannot be told.
@Suite struct ProviderTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let receiver: String
        var rule = "ptr"
        /// No PTR record, PTR look-up fails, leads elsewhere, confirmed, confirmed access line.
        let cells: [String]

        var testDescription: String { receiver }
    }

    private static let rows = [
        Row(receiver: "gmail", cells: ["550 5.7.25", "?", "550 5.7.25", "✓", "✓"]),
        Row(receiver: "microsoft-365", rule: "ipv6-ptr", cells: ["✓", "✓", "✓", "✓", "✓"]),
        Row(receiver: "outlook-com", cells: ["?", "?", "?", "✓", "550"]),
        Row(
            receiver: "yahoo",
            cells: ["lower reputation", "?", "lower reputation", "✓", "lower reputation"]),
        Row(receiver: "gmx", cells: ["554", "?", "?", "✓", "554"]),
        Row(receiver: "t-online", cells: ["?", "?", "?", "?", "554"]),
        Row(receiver: "freenet", cells: ["550", "?", "550", "✓", "✓"]),
        Row(receiver: "comcast", cells: ["554", "421", "?", "✓", "✓"]),
        Row(receiver: "att", cells: ["550 5.7.1", "?", "?", "✓", "✓"]),
        Row(receiver: "cox", cells: ["554", "421", "?", "✓", "✓"]),
        Row(receiver: "icloud", cells: ["?", "?", "?", "✓", "✓"]),
        Row(receiver: "mail-ru", rule: "generic-ptr", cells: ["?", "?", "✓", "✓", "550"]),
        Row(receiver: "orange", cells: ["refuses", "?", "refuses", "✓", "✓"]),
        Row(receiver: "godaddy", cells: ["421", "421", "?", "✓", "✓"]),
        Row(receiver: "cloudmark", cells: ["554", "?", "?", "✓", "✓"]),
        Row(receiver: "titan", cells: ["450 4.7.25", "450 4.7.25", "450 4.7.25", "✓", "✓"]),
        Row(receiver: "magicmail", cells: ["550", "?", "✓", "✓", "✓"]),
        Row(
            receiver: "spamassassin", rule: "rdns",
            cells: ["793 RDNS_NONE", "793 RDNS_NONE", "793 RDNS_NONE", "✓", "?"]),
        Row(
            receiver: "rspamd", rule: "rdns",
            cells: [
                "3500 RDNS_NONE HFILTER_HOSTNAME_UNKNOWN",
                "3500 RDNS_DNSFAIL RDNS_NONE HFILTER_HOSTNAME_UNKNOWN",
                "2500 HFILTER_HOSTNAME_UNKNOWN", "✓", "✓",
            ]),
        Row(
            receiver: "qpsmtpd", rule: "fcrdns",
            cells: ["iprev=fail", "?", "iprev=fail", "✓", "✓"]),
    ]

    private static func clients() throws -> [IdentityFacts] {
        let client = "157.56.110.6"
        var none = try ClientWorld(client)
        try none.pointers([])
        var failing = try ClientWorld(client)
        failing.failingPointer(.serverFailure)
        var elsewhere = try ClientWorld(client)
        try elsewhere.pointers([("mail.example.com", .to(["198.51.100.9"]))])
        return [
            none.facts(), failing.facts(), elsewhere.facts(),
            try ClientWorld.confirmed(client, as: "mail.example.com").facts(),
            try ClientWorld.confirmed(client, as: "dyn.line.example.com").facts(),
        ]
    }

    @Test(arguments: rows)
    func `follows what is published, and leaves the rest open`(row: Row) throws {
        let receiver = try #require(Receiver.all.first { $0.id == row.receiver })
        #expect(try Self.clients().map { try cell($0, receiver, row.rule) } == row.cells)
    }

    @Test func `Microsoft 365 wants a PTR record of IPv6 addresses`() throws {
        var world = try ClientWorld("2001:db8::6")
        try world.pointers([])
        #expect(try cell(world.facts(), .microsoft365, "ipv6-ptr") == "450 4.7.25")
    }

    /// Article B: the pool is refused by those who compare names, and by no other.
    @Test func `the pool of article B is taken by all that ask for FCrDNS alone`() throws {
        let facts = try Scenario("article-b-pool-outside").report().facts
        let replies = Simulation.replies(
            for: facts, settings: ["maddy": ReceiverSettings(["fail_action": "reject"])])
        let refusing = replies.filter { $0.outcome == .refuse }.map {
            "\($0.receiver.id) \($0.rule.id)"
        }
        #expect(refusing.contains("maddy require_matching_rdns"))
        #expect(refusing.contains("strict ptr-equals-helo"))
        for id in ["gmail", "yahoo", "stalwart", "gmx", "freenet", "mox", "kumomta", "haraka"] {
            let others = replies.filter { $0.receiver.id == id && $0.outcome != .accept }
            #expect(others.isEmpty, "\(id): \(others.map(\.rule.id))")
        }
    }

    /// A reply that a rule gives must stand in its list, from which bounces will be read.
    @Test(arguments: Scenario.names)
    func `every reply and score is in the rule's own list`(name: String) throws {
        let facts = try Scenario(name).report().facts
        for receiver in Receiver.all {
            for rule in receiver.rules {
                for settings in receiver.everyChoice + [.defaults] {
                    Self.check(rule.judgement(facts, settings), rule, receiver, settings)
                }
            }
        }
    }

    private static func check(
        _ judgement: Judgement, _ rule: Rule, _ receiver: Receiver, _ settings: ReceiverSettings
    ) {
        switch judgement {
        case .accepts, .cannotTell, .refusesInItsOwnWords: break
        case .replies(let reply, let codes):
            #expect(rule.replies(under: settings).contains(reply), "\(receiver.id) \(rule.id)")
            #expect(!codes.isEmpty, "\(receiver.id) \(rule.id)")
        case .scores(let score, let codes):
            #expect(!codes.isEmpty, "\(receiver.id) \(rule.id)")
            let known = Set(rule.scores(under: settings).flatMap(\.marks))
            #expect(known.isSuperset(of: score.marks), "\(receiver.id) \(rule.id)")
        case .dependsOnRecordOrder(let outcomes):
            #expect(outcomes.map(\.names).reduce(0, +) == outcomes.first?.of)
            for outcome in outcomes { check(outcome.judgement, rule, receiver, settings) }
        case .dependsOnSearchList(let absent, let present):
            check(absent, rule, receiver, settings)
            check(present, rule, receiver, settings)
        }
    }
}
