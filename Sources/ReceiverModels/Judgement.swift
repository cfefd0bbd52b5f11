package import SenderIdentity

/// What a rule does with a client.
package indirect enum Judgement: Hashable, Sendable {
    case accepts
    /// A permanent or temporary refusal, by the reply's code.
    case replies(ReplyTemplate, because: [FindingCode])
    /// A refusal whose wording nobody knows.
    case refusesInItsOwnWords(because: [FindingCode])
    /// The server looks at one PTR name only, and resolvers turn the order.
    case dependsOnRecordOrder([OrderedOutcome])
    /// The mail is taken; the rule adds to its score, marks it or puts it aside.
    case scores(Score, because: [FindingCode])
    /// A search list in the receiver's resolv.conf would change the outcome (glibc asks again below
    /// the list's domains, and their NXDOMAIN replaces a temporary failure).
    case dependsOnSearchList(absent: Judgement, present: Judgement)
    case cannotTell(Reason)

    package enum Reason: Hashable, Sendable {
        /// A look-up failed here; the receiver's own may fare better.
        case lookupFailed(LookupFailure)
        case heloUnknown
        /// More PTR names exist than were looked at.
        case namesSkipped
        case notAsked
        /// Nobody has said or seen what the receiver does here.
        case notKnown
        /// It goes by lists or names of its own.
        case receiversOwnData
    }
}

/// What a filter adds to a mail that is accepted.
package struct Score: Hashable, Sendable {
    /// Thousandths of a point; nil where the rule only marks the mail.
    package let thousandths: Int?
    /// Symbols, header results or the folder, such as `HFILTER_HELO_IP_A`.
    package let marks: [String]

    package init(thousandths: Int?, marks: [String]) {
        self.thousandths = thousandths
        self.marks = marks
    }
}

/// One of the things that may happen, and in how many of the equally likely orders.
package struct OrderedOutcome: Hashable, Sendable {
    package let names: Int
    package let of: Int
    package let judgement: Judgement
}

extension Judgement {
    /// The findings it follows from, over all that may happen.
    package var because: [FindingCode] {
        switch self {
        case .accepts, .cannotTell: []
        case .replies(_, let codes), .refusesInItsOwnWords(let codes), .scores(_, let codes): codes
        case .dependsOnRecordOrder(let outcomes): Self.because(outcomes.map(\.judgement))
        case .dependsOnSearchList(let absent, let present): Self.because([absent, present])
        }
    }

    private static func because(_ judgements: [Judgement]) -> [FindingCode] {
        let found = Set(judgements.flatMap(\.because))
        return FindingCode.allCases.filter(found.contains)
    }

    /// Whether a sender sees the same, whatever the reason.
    fileprivate func isSame(as other: Judgement) -> Bool {
        if case .replies(let reply, _) = self, case .replies(reply, _) = other { return true }
        if case .scores(let score, _) = self, case .scores(score, _) = other { return true }
        return self == other
    }

    /// Takes over the other one's reasons for the same outcome.
    fileprivate mutating func merge(_ other: Judgement) {
        switch (self, other) {
        case (.replies(let reply, let codes), .replies(_, let more)):
            self = .replies(reply, because: codes + more.filter { !codes.contains($0) })
        case (.scores(let score, let codes), .scores(_, let more)):
            self = .scores(score, because: codes + more.filter { !codes.contains($0) })
        default: break
        }
    }

    /// The judgement of a server that looks at the first PTR name only.
    ///
    /// Resolvers turn the order, so every name may be the first; `judge` says what follows then.
    /// The facts must hold at least one PTR name.
    static func ofFirstName(
        in facts: IdentityFacts, _ settings: ReceiverSettings,
        _ judge: (PointerNameFacts) -> Judgement
    ) -> Judgement {
        ofFirst(facts.pointer.names, skipped: facts.pointer.skipped, settings, judge)
    }

    /// The same for a server that passes over some names: only `names` can be the one it takes.
    static func ofFirst(
        _ names: [PointerNameFacts], skipped: Int, _ settings: ReceiverSettings,
        _ judge: (PointerNameFacts) -> Judgement
    ) -> Judgement {
        if settings.has(ReceiverSettings.recordOrder, "as-received"), let first = names.first {
            return judge(first)
        }
        var outcomes: [(judgement: Judgement, count: Int)] = []
        for name in names { add(judge(name), 1, to: &outcomes) }
        if skipped > 0 { outcomes.append((.cannotTell(.namesSkipped), skipped)) }
        return ofOutcomes(outcomes, of: names.count + skipped)
    }

    /// The judgement of a server that looks at the first two PTR names in their order.
    ///
    /// Resolvers turn the order, so every name may be the first; its successor is then the second.
    /// The facts must hold at least one PTR name.
    static func ofFirstTwoNames(
        in facts: IdentityFacts, _ judge: ([PointerNameFacts]) -> Judgement
    ) -> Judgement {
        let names = facts.pointer.names
        guard names.count > 1 else { return judge(names) }
        var outcomes: [(judgement: Judgement, count: Int)] = []
        for index in names.indices {
            let next = names.index(after: index)
            // The last one's successor is the first, unless names in between were left out.
            if next == names.endIndex, facts.pointer.skipped > 0 {
                outcomes.append((.cannotTell(.namesSkipped), facts.pointer.skipped + 1))
            } else {
                add(judge([names[index], names[next % names.count]]), 1, to: &outcomes)
            }
        }
        return ofOutcomes(outcomes, of: facts.pointer.count)
    }

    private static func add(
        _ judgement: Judgement, _ count: Int,
        to outcomes: inout [(judgement: Judgement, count: Int)]
    ) {
        if let index = outcomes.firstIndex(where: { $0.judgement.isSame(as: judgement) }) {
            outcomes[index].count += count
            outcomes[index].judgement.merge(judgement)
        } else {
            outcomes.append((judgement, count))
        }
    }

    private static func ofOutcomes(
        _ outcomes: [(judgement: Judgement, count: Int)], of total: Int
    ) -> Judgement {
        guard outcomes.count > 1 else {
            return outcomes.first?.judgement ?? .cannotTell(.notAsked)
        }
        return .dependsOnRecordOrder(
            outcomes.map { OrderedOutcome(names: $0.count, of: total, judgement: $0.judgement) })
    }

    /// What the search list decides, unless the setting says which it is or both are alike.
    static func onSearchList(
        _ settings: ReceiverSettings, absent: Judgement, present: Judgement
    ) -> Judgement {
        switch settings[ReceiverSetting.searchList.name] {
        case "absent": absent
        case "present": present
        default:
            absent.isSame(as: present)
                ? absent : .dependsOnSearchList(absent: absent, present: present)
        }
    }
}

/// A rule applied to a client.
package struct SimulatedReply: Sendable {
    package let receiver: Receiver
    package let rule: Rule
    package let judgement: Judgement
    /// Where in the session it is seen, under the settings chosen.
    package let stage: SMTPStage

    package init(
        receiver: Receiver, rule: Rule, judgement: Judgement,
        settings: ReceiverSettings = .defaults
    ) {
        self.receiver = receiver
        self.rule = rule
        self.judgement = judgement
        stage = rule.stage(of: judgement, under: settings)
    }

    package enum Outcome: String, Hashable, Sendable, CaseIterable {
        case refuse
        case `defer`
        case dependsOnRecordOrder = "depends-on-record-order"
        case dependsOnSearchList = "depends-on-search-list"
        case score
        case cannotTell = "cannot-tell"
        case accept
    }

    package var outcome: Outcome {
        switch judgement {
        case .accepts: .accept
        case .replies(let reply, _): reply.isTemporary ? .defer : .refuse
        case .refusesInItsOwnWords: .refuse
        case .dependsOnRecordOrder: .dependsOnRecordOrder
        case .dependsOnSearchList: .dependsOnSearchList
        case .scores: .score
        case .cannotTell: .cannotTell
        }
    }

    package var reply: ReplyTemplate? {
        if case .replies(let reply, _) = judgement { reply } else { nil }
    }

    package var because: [FindingCode] { judgement.because }
}

package enum Simulation {
    /// Every rule of the receivers applied to the client, in catalogue order.
    /// - Parameters:
    ///   - facts: The client.
    ///   - receivers: Whose rules to apply.
    ///   - settings: The settings chosen, by the receiver's id.
    /// - Returns: One reply per rule.
    package static func replies(
        for facts: IdentityFacts, by receivers: [Receiver] = Receiver.all,
        settings: [String: ReceiverSettings] = [:]
    ) -> [SimulatedReply] {
        receivers.flatMap { receiver in
            let chosen = settings[receiver.id] ?? .defaults
            return receiver.rules.map { rule in
                let judgement =
                    facts.isAsked ? rule.judgement(facts, chosen) : .cannotTell(.notAsked)
                return SimulatedReply(
                    receiver: receiver, rule: rule, judgement: judgement, settings: chosen)
            }
        }
    }

    /// What a client meets first at a receiver that has these rules switched on, beside those that
    /// always are: the earliest stage at which a rule does something else than accept.
    /// - Parameters:
    ///   - receiver: The server.
    ///   - enabled: The ids of the rules switched on.
    ///   - facts: The client.
    ///   - settings: The server's settings.
    /// - Returns: The reply, or nil when every rule accepts.
    package static func firstReply(
        of receiver: Receiver, enabling enabled: Set<String>, to facts: IdentityFacts,
        settings: ReceiverSettings = .defaults
    ) -> SimulatedReply? {
        let all = replies(for: facts, by: [receiver], settings: [receiver.id: settings])
            .filter { $0.rule.isOnByDefault || enabled.contains($0.rule.id) }
            .filter { $0.judgement != .accepts }
        for stage in SMTPStage.allCases {
            if let first = all.first(where: { $0.stage == stage }) { return first }
        }
        return nil
    }
}
