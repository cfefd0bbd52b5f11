import DNSModel
import NetNames

/// The zones that a walk ended in: one for the client's PTR name, one for each alias behind it.
struct ReverseWay {
    private let trace: DelegationTrace
    /// In the order of the aliases; never empty unless the walk did not begin.
    private let ends: [DelegationTrace.Visit]

    init(_ trace: DelegationTrace) {
        self.trace = trace
        var ends: [DelegationTrace.Visit] = []
        var name: DomainName? = trace.goal
        while let asked = name, let end = trace.visits.last(where: { $0.asked == asked }),
            !ends.contains(where: { $0.asked == asked })
        {
            ends.append(end)
            name = end.aliasTarget
        }
        self.ends = ends
    }

    // MARK: Who keeps it

    var keeper: ReverseTreeFacts.Keeper? {
        guard let end = keeping, !end.zone.isRoot else { return nil }
        let serving = end.replies.filter(\.reply.isAuthoritative)
        let own = serving.first { $0.authority?.zone == end.zone } ?? serving.first
        let confidence: ReverseTreeFacts.Confidence =
            serving.isEmpty
            ? .delegated
            : isDeniedByRegistry(end) ? .registry : disagreement == nil ? .certain : .disputed
        return .init(
            zone: own?.authority?.zone ?? end.zone, servers: end.servers,
            authority: own?.authority?.start, confidence: confidence,
            agreeing: end.answers.count > 1 ? 0 : Set(serving.map(\.name)).count,
            asked: Set(end.replies.map(\.name)).count)
    }

    /// The zone of the alias's target, or of the alias where that leads to nothing.
    private var keeping: DelegationTrace.Visit? {
        guard ends.count > 1, let last = ends.last else { return ends.first }
        if let denier = last.denier, isDangling(last, denier) { return ends[ends.count - 2] }
        return last
    }

    // MARK: What is wrong

    /// The first fault from the root down to the end of the aliases.
    func fault(resolvers: LookupOutcome?) -> ReverseTreeFacts.Fault? {
        guard let main = ends.first, let last = ends.last else { return nil }
        if let fault = unserved(main, isChild: false) { return fault }
        if let split = disagreement { return .disagreement(split) }
        if let difference = difference(from: resolvers, last) { return .disagreement(difference) }
        if isDeniedByRegistry(main) {
            return .delegationMissing(registry: main.denier ?? main.zone)
        }
        if ends.count == 1, main.isDenied, let child = trace.classless.first {
            return .parentWithoutAlias(alias: main.asked, child: child)
        }
        if ends.count > 1, let fault = unserved(last, isChild: true) { return fault }
        if ends.count > 1, let denier = last.denier {
            return isDangling(last, denier)
                ? .aliasDangling(
                    alias: ends[ends.count - 2].asked, target: last.asked, .denied(by: denier))
                : .childEmpty(zone: denier, target: last.asked)
        }
        if let loop { return loop }
        return partly(last, isChild: ends.count > 1) ?? partly(main, isChild: false)
    }

    /// Aliases that lead in a circle, so that no name is their end.
    ///
    /// Where one keeper has both, the alias to replace is the client's own; else the one that leads
    /// back, for those before it have done their part.
    private var loop: ReverseTreeFacts.Fault? {
        guard let main = ends.first, let last = ends.last, let back = last.aliasTarget,
            ends.contains(where: { $0.asked == back })
        else { return nil }
        let alias = last.servedZone == main.servedZone ? main : last
        return .aliasDangling(alias: alias.asked, target: alias.aliasTarget ?? back, .loop)
    }

    /// The first zone whose servers contradict each other, those on the way among them.
    private var disagreement: ReverseTreeFacts.Disagreement? {
        for visit in trace.visits where ends.contains(where: { $0.asked == visit.asked }) {
            let isEnd = ends.contains(visit)
            if let split = isEnd ? visit.disagreement : visit.splitDelegation { return split }
        }
        return nil
    }

    private func isDeniedByRegistry(_ end: DelegationTrace.Visit) -> Bool {
        guard end.isDenied, ends.count == 1 else { return false }
        return ReverseTreeFacts.isRegistry(end.denier ?? end.zone)
    }

    /// Whether the denier is not a zone made for the target: the alias's own, one above that, or one
    /// in which names are registered.
    private func isDangling(_ end: DelegationTrace.Visit, _ denier: DomainName) -> Bool {
        guard let index = ends.firstIndex(of: end), index > 0 else { return false }
        let zone = ends[index - 1].servedZone
        if zone.isSubdomain(of: denier) { return true }
        return !ReverseName.contains(denier) && RegistrableDomain.of(denier) == nil
    }

    /// The servers of a zone that was found by guessing, where none of them serves it.
    func unserved(child: DomainName) -> ReverseTreeFacts.UselessServers? {
        guard let visit = trace.visits.last(where: { $0.zone == child }),
            case .childLame(let useless)? = unserved(visit, isChild: true)
        else { return nil }
        return useless
    }

    /// A zone none of whose servers serves it.
    ///
    /// Not told of the root and the registries: there the network in between is the likelier cause,
    /// for it may drop what goes to port 53, or answer in the servers' place.
    private func unserved(_ end: DelegationTrace.Visit, isChild: Bool) -> ReverseTreeFacts.Fault? {
        guard !end.replies.isEmpty, !end.replies.contains(where: \.reply.isAuthoritative),
            !end.hasReferral
        else { return nil }
        let useless = ReverseTreeFacts.UselessServers(
            zone: end.zone, servers: heard(end.replies), serving: 0)
        guard !useless.servers.isEmpty, !end.zone.isRoot, !ReverseTreeFacts.isRegistry(end.zone)
        else { return nil }
        return isChild ? .childLame(useless) : .delegationLame(useless)
    }

    /// A zone some of whose servers do not serve it.
    private func partly(_ end: DelegationTrace.Visit, isChild: Bool) -> ReverseTreeFacts.Fault? {
        let others = heard(
            end.replies.filter { reply in
                if case .referral = reply.reply { return false }
                return !reply.reply.isAuthoritative
            })
        let serving = end.replies.count(where: \.reply.isAuthoritative)
        guard !others.isEmpty, serving > 0 else { return nil }
        let useless = ReverseTreeFacts.UselessServers(
            zone: end.zone, servers: others, serving: serving)
        return isChild ? .childLame(useless) : .delegationLame(useless)
    }

    /// Without the servers that our own limits kept from answering.
    private func heard(
        _ replies: [DelegationTrace.ServerReply]
    ) -> [DelegationTrace.ServerReply] {
        replies.filter { reply in
            switch reply.reply {
            case .failed(.budgetExhausted): false
            case .failed(.timeout): !trace.limits.contains(.time)
            case .unknownAddress: trace.limits.isEmpty
            case .noAddress, .failed, .lame, .refusedAddress, .referral, .answers, .alias, .noData,
                .noSuchName:
                true
            }
        }
    }

    private func difference(
        from outcome: LookupOutcome?, _ end: DelegationTrace.Visit
    ) -> ReverseTreeFacts.Disagreement? {
        let theirs: ReverseTreeFacts.Answer
        switch outcome {
        case .answers: theirs = .names(pointerNames(in: outcome ?? .failed(.notRecorded)).sorted())
        case .noData, .noSuchName: theirs = .absent
        case .failed, nil: return nil
        }
        guard let ours = end.answers.first, ours != theirs else { return nil }
        switch ours {
        case .names, .absent: break
        case .alias, .referral: return nil
        }
        return .init(name: end.asked, words: end.words, resolvers: theirs)
    }
}

extension DelegationTrace.ServerReply {
    /// What the server says, so that it can be compared; nil where it says nothing.
    package var answer: ReverseTreeFacts.Answer? {
        switch reply {
        case .answers(let names, _): .names(names.sorted())
        case .alias(let target, _): .alias(target)
        case .noData, .noSuchName: .absent
        case .referral(let zone): .referral(zone)
        case .lame, .failed, .noAddress, .unknownAddress, .refusedAddress: nil
        }
    }
}

extension DelegationTrace.Visit {
    fileprivate var aliasTarget: DomainName? {
        for reply in replies {
            if case .alias(let target, _) = reply.reply { return target }
        }
        return nil
    }

    fileprivate var hasReferral: Bool {
        replies.contains { if case .referral = $0.reply { true } else { false } }
    }

    fileprivate var isDenied: Bool {
        replies.contains { $0.reply == .noData || $0.reply == .noSuchName }
            && answers == [.absent]
    }

    /// The zone whose SOA denies the name.
    fileprivate var denier: DomainName? {
        isDenied ? servedZone : nil
    }

    /// The zone that servers answer from, by their own word.
    fileprivate var servedZone: DomainName {
        replies.lazy.compactMap { $0.authority?.zone }.first ?? zone
    }

    /// Each answer that servers give, once.
    fileprivate var answers: [ReverseTreeFacts.Answer] { words.map(\.answer) }

    fileprivate var words: [ReverseTreeFacts.Disagreement.Word] { Self.words(of: replies) }

    private static func words(
        of replies: [DelegationTrace.ServerReply]
    ) -> [ReverseTreeFacts.Disagreement.Word] {
        var words: [ReverseTreeFacts.Disagreement.Word] = []
        for reply in replies {
            guard let answer = reply.answer else { continue }
            if !words.contains(where: { $0.answer == answer }) {
                words.append(.init(server: reply, answer: answer))
            }
        }
        return words
    }

    /// Some servers of the zone refer on, and others answer for the name from the zone itself.
    ///
    /// A server that holds the zone below as well answers from that, and contradicts nobody.
    fileprivate var splitDelegation: ReverseTreeFacts.Disagreement? {
        let own = replies.filter { reply in
            if case .referral = reply.reply { return true }
            return reply.authority?.zone == zone
        }
        let words = Self.words(of: own)
        guard words.count > 1, hasReferral else { return nil }
        return .init(name: asked, words: words, resolvers: nil)
    }

    fileprivate var disagreement: ReverseTreeFacts.Disagreement? {
        let words = words
        guard words.count > 1 else { return nil }
        return .init(name: asked, words: words, resolvers: nil)
    }
}
