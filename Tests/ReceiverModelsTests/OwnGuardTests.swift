import FilterProtocols
import NetNames
import ReceiverModels
import Reports
import SenderIdentity
import TestSupport
import Testing

/// The guard's promises, over every scenario.
@Suite struct OwnGuardTests {
    private static let failures = LookupFailure.allCases

    @Test(arguments: Scenario.names)
    func `the default never refuses and never defers`(name: String) throws {
        let facts = try Scenario(name).report().facts
        let action = GuardPolicy.honest.decision(for: facts).action
        #expect(action != .refuse && action != .defer)
    }

    @Test(arguments: Scenario.names)
    func `HELO that is not the client's refuses nowhere but in strict-helo`(name: String) throws {
        let facts = try Scenario(name).report().facts
        for policy in GuardPolicy.profiles where policy.departure == nil {
            let decision = policy.decision(for: facts)
            guard decision.action == .refuse else { continue }
            for code in decision.because {
                #expect(![.heloAndClient, .heloAndPointer, .heloForm].contains(code.group))
            }
        }
    }

    /// The hardest table an admin can write: every finding refuses.
    private static let hardest = GuardPolicy(
        name: "hardest",
        actions: Dictionary(uniqueKeysWithValues: FindingCode.allCases.map { ($0, .refuse) }))

    @Test(arguments: Scenario.names)
    func `temporary evidence never refuses for good`(name: String) throws {
        let facts = try Scenario(name).report().facts
        let isOpen =
            facts.confirmedName == nil
            && (facts.pointer.lookup?.outcome.failure != nil
                || facts.pointer.names.contains(where: \.isUnknown))
        for policy in GuardPolicy.profiles + [Self.hardest] {
            let decision = policy.decision(for: facts)
            guard decision.action == .refuse else { continue }
            #expect(!decision.because.contains(.reverseLookupFailed))
            #expect(!decision.because.contains(.heloLookupFailed))
            if isOpen {
                for code in decision.because {
                    #expect(![.pointerStatus, .pointerForward, .pointerForm].contains(code.group))
                }
            }
        }
    }

    /// The same three promises, over the situations recorded of the real servers as well.
    @Test func `keeps its promises to every client there is`() throws {
        for client in try Clients.all.get() {
            let facts = client.facts
            let honest = GuardPolicy.honest.decision(for: facts).action
            #expect(honest != .refuse && honest != .defer, "\(client.name)")
            let isReverseOpen =
                facts.pointer.lookup?.outcome.failure != nil
                || facts.pointer.names.contains(where: \.isUnknown)
            for policy in GuardPolicy.profiles + [Self.hardest] {
                let decision = policy.decision(for: facts)
                guard decision.action == .refuse else { continue }
                for code in decision.because {
                    let isReverse = [.pointerStatus, .pointerForward, .pointerForm]
                        .contains(code.group)
                    let place = "\(client.name) \(policy.name) \(code)"
                    if facts.confirmedName == nil {
                        #expect(!(isReverse && isReverseOpen), "\(place)")
                    }
                    if case .unknown? = facts.helo?.match {
                        #expect(code.group != .heloAndClient, "\(place)")
                    }
                    if policy == .forwardConfirmationRequired { #expect(isReverse, "\(place)") }
                }
            }
            // The rule that is simulated is the policy that is enforced.
            for policy in GuardPolicy.profiles {
                let rule = try #require(Cell.rule(.ownGuard, policy.name))
                let reply = SimulatedReply(
                    receiver: .ownGuard, rule: rule, judgement: rule.judgement(facts, .defaults))
                let isRefusal = policy.decision(for: facts).action == .refuse
                #expect((reply.outcome == .refuse) == isRefusal, "\(client.name) \(policy.name)")
            }
        }
    }

    /// A client whose look-ups fail at every place there is, a place at a time.
    private static func failing(_ failure: LookupFailure) throws -> [(String, IdentityFacts)] {
        let confirmed = ("a.example.com", own)
        let places: [(String, [(String, ClientWorld.Forward)]?, ClientWorld.Forward)] = [
            ("PTR", nil, own), ("forward", [("a.example.com", .fails(failure))], own),
            ("forward beside another", [("b.test", other), ("a.test", .fails(failure))], own),
            ("half of forward", [("a.example.com", .half([], failure))], own),
            ("half beside an address", [("a.test", .half(["198.51.100.9"], failure))], own),
            ("HELO", [confirmed], .fails(failure)),
            ("half of HELO", [confirmed], .half([], failure)),
            ("half beside HELO's address", [confirmed], .half(["198.51.100.9"], failure)),
        ]
        return try places.map { place, pointers, helo in
            var world = try ClientWorld("192.0.2.6")
            if let pointers { try world.pointers(pointers) } else { world.failingPointer(failure) }
            try world.forward("mail.example.com", helo)
            return (place, world.facts(helo: "mail.example.com"))
        }
    }

    /// Whoever runs a reverse zone can bring about all failures but these.
    private static let ours: [LookupFailure] = [.unreachable, .notRecorded]

    @Test(arguments: failures)
    func `a failure defers where that is wanted, and only our own lets through`(
        failure: LookupFailure
    ) throws {
        for (place, facts) in try Self.failing(failure) {
            let strict = GuardPolicy.strictHELO.decision(for: facts).action
            #expect(strict == (Self.ours.contains(failure) ? .addHeader : .defer), "\(place)")
            let honest = GuardPolicy.honest.decision(for: facts).action
            #expect(honest == .addHeader, "\(place)")
        }
    }

    @Test(arguments: failures)
    func `a guard without DNS lets mail through`(failure: LookupFailure) throws {
        for (place, facts) in try Self.failing(failure) {
            for policy in GuardPolicy.profiles {
                let action = policy.decision(on: GuardFacts(facts).blamingNobody).action
                #expect(action == .addHeader, "\(place) \(policy.name)")
            }
        }
    }

    @Test func `more PTR names than are looked at defer, and do not let through`() throws {
        var world = try ClientWorld("192.0.2.6")
        try world.pointers((0..<11).map { ("n\($0).example.com", Self.other) })
        try world.forward("mail.example.com", Self.own)
        let facts = world.facts(helo: "mail.example.com")
        let actions = GuardPolicy.profiles.map { $0.decision(for: facts).action }
        #expect(actions == [.addHeader, .defer, .defer])
    }

    @Test func `a code counts once, however many names have it`() throws {
        var world = try ClientWorld("192.0.2.6")
        try world.pointers((0..<5).map { ("n\($0).example.com", Self.other) })
        let decision = GuardPolicy.honest.decision(for: world.facts())
        #expect(decision.action == .score(1000) && decision.because == [.pointerPointsElsewhere])
    }

    /// By their own meaning these may be otherwise another time.
    private static let passing: Set<FindingCode> = [
        .reverseLookupFailed, .pointerForwardUnknown, .reverseDelegationLame, .classlessChildLame,
        .serversDisagree, .heloLookupFailed, .sharedPoolByDesign, .multihomed, .singleHost,
        .blockListUnknown, .spfTemperror, .lookupLimitReached,
    ]

    @Test func `no code refuses on evidence that another time may differ`() throws {
        var worlds = try Clients.all.get().map { ($0.name, $0.facts) }
        for failure in Self.failures { worlds += try Self.failing(failure) }
        let clients = worlds.map { (name: $0, facts: $1, kept: GuardFacts($1)) }
        for code in FindingCode.allCases {
            let policy = GuardPolicy(name: "one", actions: [code: .refuse])
            for (name, facts, kept) in clients
            where policy.decision(on: kept).action == .refuse {
                #expect(!Self.passing.contains(code), "\(name) \(code)")
                switch code.group {
                case .pointerStatus, .pointerForward, .pointerForm, .reverseTree:
                    guard facts.confirmedName == nil else { continue }
                    #expect(facts.pointer.lookup?.outcome.failure == nil, "\(name) \(code)")
                    let isHalf = facts.pointer.names.contains { $0.hasFailedLookup }
                    #expect(!isHalf, "\(name) \(code)")
                    #expect(facts.pointer.skipped == 0, "\(name) \(code)")
                case .heloAndPointer:
                    #expect(facts.pointer.skipped == 0, "\(name) \(code)")
                case .heloAndClient:
                    let lookups = [facts.helo?.addresses?.a, facts.helo?.addresses?.aaaa]
                    let hasFailed = lookups.contains { $0?.outcome.failure != nil }
                    #expect(!hasFailed || facts.helo?.match == .toClient, "\(name) \(code)")
                default: break
                }
            }
        }
    }

    @Test func `a reply is said as it stands, whatever the HELO argument is`() throws {
        for (code, isPermanent) in [
            (FindingCode.heloMalformed, true), (.heloMalformed, false), (.noPointer, true),
            (.noPointer, false), (.reverseLookupFailed, false), (.heloLookupFailed, false),
        ] {
            let template = GuardReply.template(because: [code], isPermanent: isPermanent)
            let parts = template.text.map { piece -> ReplyText.Part in
                switch piece {
                case .literal(let words): .own(words)
                case .placeholder(.helo): .untrusted(Array("550 x".utf8))
                case .placeholder: .untrusted(Array("192.0.2.6".utf8))
                }
            }
            let plain = template.text.map { piece in
                switch piece {
                case .literal(let words): words
                case .placeholder(.helo): "550 x"
                case .placeholder: "192.0.2.6"
                }
            }
            #expect(ReplyText(parts).bytes == Array(plain.joined().utf8))
        }
    }

    @Test func `what an admin defers is not said to be a failed look-up`() {
        for (codes, words) in [
            ([FindingCode.noPointer], "no forward-confirmed"), ([.heloNotFQDN], "local policy"),
            ([.noPointer, .reverseLookupFailed], "looked up now"),
            ([.heloLookupFailed], "looked up now"),
        ] {
            let template = GuardReply.template(because: codes, isPermanent: false)
            #expect("\(template)".contains(words), "\(codes)")
        }
    }

    /// RFC 8601's result is what `fcrdns-required` means, whichever finding explains it.
    @Test func `whoever is proven not to be confirmed is refused where that is required`() throws {
        for client in try Clients.all.get() {
            let facts = client.facts
            guard facts.iprev == .fail || facts.iprev == .permerror, facts.pointer.skipped == 0,
                !facts.pointer.names.contains(where: \.hasFailedLookup)
            else { continue }
            for policy in [GuardPolicy.forwardConfirmationRequired, .strictHELO] {
                let action = policy.decision(for: facts).action
                #expect(action == .refuse, "\(client.name) \(policy.name)")
            }
        }
    }

    @Test(arguments: [
        "a\\032b.2.0.192.in-addr.arpa", "a\\032b.example.com.example.com", "a\\000.example.com",
        ".",
    ])
    func `a PTR name that is never looked up is no way around`(name: String) throws {
        var world = try ClientWorld("192.0.2.6")
        try world.pointers([(name, .notAsked)])
        let facts = world.facts(helo: "mail.example.com")
        let actions = GuardPolicy.profiles.map { $0.decision(for: facts).action }
        #expect(actions == [.score(1000), .refuse, .refuse])
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let label: String
        let pointers: [(String, ClientWorld.Forward)]
        let helo: ClientWorld.Forward
        let cells: [String]

        var testDescription: String { label }
    }

    private static let own = ClientWorld.Forward.to(["192.0.2.6"])
    private static let other = ClientWorld.Forward.to(["198.51.100.9"])

    private static let rows = [
        Row(
            label: "all in order", pointers: [("mail.example.com", own)], helo: own,
            cells: ["✓", "✓", "✓"]),
        Row(
            label: "no PTR record", pointers: [], helo: own,
            cells: ["2000 no-ptr", "550 5.7.25", "550 5.7.25"]),
        Row(
            label: "the name leads elsewhere", pointers: [("a.example.com", other)], helo: own,
            cells: ["1000 ptr-points-elsewhere", "550 5.7.25", "550 5.7.25"]),
        Row(
            label: "the forward look-up fails",
            pointers: [("a.example.com", .fails(.serverFailure))], helo: own,
            cells: ["ptr-forward-unknown", "450 4.7.25", "450 4.7.25"]),
        Row(
            label: "one name elsewhere, one failing",
            pointers: [("a.example.com", other), ("b.example.com", .fails(.timeout))], helo: own,
            cells: ["ptr-points-elsewhere ptr-forward-unknown", "450 4.7.25", "450 4.7.25"]),
        Row(
            label: "one name elsewhere beside a confirmed one",
            pointers: [("a.example.com", own), ("b.example.com", other)], helo: own,
            cells: ["✓", "✓", "✓"]),
        Row(
            label: "HELO leads elsewhere", pointers: [("a.example.com", own)], helo: other,
            cells: ["helo-resolves-elsewhere", "helo-resolves-elsewhere", "550 5.7.1"]),
        Row(
            label: "HELO cannot be looked up", pointers: [("a.example.com", own)],
            helo: .fails(.timeout),
            cells: ["helo-lookup-failed", "helo-lookup-failed", "450 4.7.1"]),
    ]

    @Test(arguments: rows)
    func `does what its profile says`(row: Row) throws {
        var world = try ClientWorld("192.0.2.6")
        try world.pointers(row.pointers)
        try world.forward("mail.example.com", row.helo)
        let facts = world.facts(helo: "mail.example.com")
        let cells = try GuardPolicy.profiles.map { try cell(facts, .ownGuard, $0.name) }
        #expect(cells == row.cells)
    }

    @Test func `only strict-helo departs from the RFC, and says so`() throws {
        let departing = GuardPolicy.profiles.filter { $0.departure != nil }
        #expect(departing == [.strictHELO])
        #expect(GuardPolicy.strictHELO.departure?.contains("RFC 5321 §4.1.4") == true)
        let rule = try #require(Receiver.ownGuard.rules.first { $0.id == "strict-helo" })
        #expect(rule.summary.contains("RFC 5321 §4.1.4"))
        #expect(Receiver.ownGuard.rules.filter(\.isOnByDefault).map(\.id) == ["honest"])
    }
}

extension PointerNameFacts {
    /// Whether an address look-up of this name failed, of either family.
    fileprivate var hasFailedLookup: Bool {
        [addresses.a, addresses.aaaa].contains { $0?.outcome.failure != nil }
    }
}
