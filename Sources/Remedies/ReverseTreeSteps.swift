import DNSModel
import NetNames
import SenderIdentity

/// The steps for the fault that a walk from the root found: which zone, who keeps it, which record.
struct ReverseTreeSteps {
    var steps: [RemedyStep]
    /// Whether they do all that the PTR record needs, so that no step of its own must stand beside.
    var isWhole = true
}

extension Planner {
    /// The reverse side: the walk's steps where it found a fault, and what the PTR record needs.
    var reverseSteps: [RemedyStep] {
        guard let tree = treeSteps else { return pointerSteps }
        return tree.isWhole ? tree.steps : pointerSteps + tree.steps
    }

    /// The walk's steps; nil where none was made or it found no fault.
    ///
    /// A record written forwards comes first: what is missing then is no secret.
    var treeSteps: ReverseTreeSteps? {
        guard let tree = facts.reverseTree, let fault = tree.fault,
            facts.pointer.writtenForwards == nil
        else { return nil }
        switch fault {
        case .delegationMissing(let registry): return delegation(by: registry, tree)
        case .delegationLame(let useless): return serving(useless, tree, .addressHolder)
        case .childLame(let useless): return serving(useless, tree, .reverseZoneKeeper)
        case .parentWithoutAlias(let alias, let child):
            return leading(alias, into: child, tree)
        case .childEmpty(let zone, let target):
            return .init(steps: [
                forwardStep(for: desiredName),
                creation(at: target, in: ZoneKeeper(zone, in: tree), .reverseZoneKeeper),
            ])
        case .aliasDangling(let alias, let target, _): return replacing(alias, target, tree)
        case .disagreement(let disagreement):
            return disagreement.resolvers == nil
                ? synchronizing(disagreement, tree) : awaiting(disagreement, tree)
        }
    }

    private var outcome: LookupOutcome? { facts.pointer.lookup?.outcome }

    private func creation(
        at owner: DomainName, in keeper: ZoneKeeper, _ who: RemedyStep.Owner
    ) -> RemedyStep {
        RemedyStep(
            who, .createPointer(owner: owner, keeper: keeper),
            records: records(owner, desiredName), wait: .init(outcome))
    }

    // MARK: Delegations

    /// The range has no reverse zone: one has to be made, then a registry has to delegate it.
    private func delegation(
        by registry: DomainName, _ tree: ReverseTreeFacts
    ) -> ReverseTreeSteps {
        let zone = smallestRange
        return .init(steps: [
            forwardStep(for: desiredName),
            RemedyStep(
                .addressHolder, .createZone(zone, pointer: facts.pointer.question),
                records: records(facts.pointer.question, desiredName)),
            RemedyStep(
                .addressHolder, .delegateZone(zone, by: ZoneKeeper(registry, in: tree)),
                wait: .init(outcome)),
        ])
    }

    /// The reverse zone of the smallest range that registries give out: a /24, or a /48 of IPv6.
    private var smallestRange: DomainName {
        let name = facts.pointer.question
        return name.suffix(labels: client.family == .v4 ? 5 : 14) ?? name
    }

    /// A zone that servers do not serve: they load it, or the delegation does without them.
    ///
    /// Where none serves it nobody can look in, so the record that it has to hold is named.
    private func serving(
        _ useless: ReverseTreeFacts.UselessServers, _ tree: ReverseTreeFacts,
        _ owner: RemedyStep.Owner
    ) -> ReverseTreeSteps {
        guard let visit = tree.trace.visits.last(where: { $0.zone == useless.zone }) else {
            return .init(steps: [])
        }
        let dropped = droppable(useless, of: visit)
        let service = ZoneService(
            useless: useless, keeper: ZoneKeeper(useless.zone, in: tree),
            parent: ZoneKeeper(visit.parent ?? .root, in: tree), dropped: dropped)
        let action = RemedyStep.Action.serveZone(service)
        guard useless.serving == 0 else {
            let ttl = visit.ttl ?? Self.delegationTTL
            let kept = dropped.isEmpty ? [] : visit.servers.filter { !dropped.contains($0) }
            let step = RemedyStep(
                owner, action,
                records: kept.map { .init(name: visit.zone, ttl: ttl, data: .ns($0)) },
                wait: kept.isEmpty ? nil : .init(delegation: ttl))
            return .init(steps: [step], isWhole: false)
        }
        // Resolvers get through, so the zone is somewhere.
        guard outcome?.answers == nil else {
            return .init(steps: [RemedyStep(owner, action)], isWhole: false)
        }
        let step = RemedyStep(
            owner, action, records: records(visit.asked, desiredName), wait: .init(outcome))
        let again = RemedyStep(.you, .askAgain(facts.pointer.question, .timeout, alike: 0))
        return .init(
            steps: (useless.isProven ? [] : [again]) + [forwardStep(for: desiredName), step])
    }

    /// As registries have it; nothing but a suggestion.
    static let delegationTTL: UInt32 = 86_400

    /// The servers that a delegation can do without: not one of their addresses serves the zone, all
    /// the others' do, and there are enough of these.
    private func droppable(
        _ useless: ReverseTreeFacts.UselessServers, of visit: DelegationTrace.Visit
    ) -> [DomainName] {
        let serving = Set(visit.replies.filter(\.reply.isAuthoritative).map(\.name))
        let useless = Set(useless.servers.map(\.name)).subtracting(serving)
        let isWhole =
            visit.serverCount == visit.servers.count
            && Set(visit.servers) == serving.union(useless)
        guard isWhole, serving.count >= ZoneService.fewestServers else { return [] }
        return visit.servers.filter(useless.contains)
    }

    // MARK: Aliases (RFC 2317)

    /// A block's zone is delegated, and no alias leads the name into it.
    private func leading(
        _ alias: DomainName, into child: DomainName, _ tree: ReverseTreeFacts
    ) -> ReverseTreeSteps? {
        guard let label = alias.labels.first, let target = try? child.prepending(label) else {
            return nil
        }
        let link = RemedyStep(
            .addressHolder, .createAlias(owner: alias, target: target, keeper: keeper),
            records: [.init(name: alias, ttl: Self.suggestedTTL, data: .cname(target))],
            wait: .init(outcome))
        if let useless = tree.unservedChild {
            var mended = serving(useless, tree, .reverseZoneKeeper)
            mended.steps.insert(link, at: max(0, mended.steps.count - 1))
            return mended
        }
        let known = answers(to: target, tree)
        let keeper = ZoneKeeper(child, in: tree)
        guard !known.isEmpty else {
            return .init(steps: [
                forwardStep(for: desiredName), link,
                creation(at: target, in: keeper, .reverseZoneKeeper),
            ])
        }
        guard let name = desiredName, !known.contains(name) else {
            return .init(steps: [
                forwardStep(for: desiredName ?? known.first), link,
                RemedyStep(
                    .reverseZoneKeeper, .pointerIsRight(owner: target, known, keeper: keeper)),
            ])
        }
        return .init(steps: [
            forwardStep(for: name), link,
            RemedyStep(
                .reverseZoneKeeper, .changePointer(owner: target, from: known, keeper: keeper),
                records: records(target, name)),
        ])
    }

    /// The names that a server gave with authority.
    private func answers(to name: DomainName, _ tree: ReverseTreeFacts) -> [DomainName] {
        let replies = tree.trace.visits.last { $0.asked == name }?.replies ?? []
        for reply in replies {
            if case .answers(let names, _) = reply.reply { return names }
        }
        return []
    }

    /// The alias leads to nothing: the record takes its place, which one zone's keeper can do alone.
    private func replacing(
        _ alias: DomainName, _ target: DomainName, _ tree: ReverseTreeFacts
    ) -> ReverseTreeSteps {
        .init(steps: [
            forwardStep(for: desiredName),
            RemedyStep(
                alias == tree.trace.goal ? .addressHolder : .reverseZoneKeeper,
                .replaceAlias(owner: alias, target: target, keeper: keeper),
                records: records(alias, desiredName),
                wait: lifetime(of: alias, tree).map { .init(record: $0) } ?? .init(outcome)),
        ])
    }

    /// How long resolvers may follow the alias that is no more: the longest TTL that a server gave.
    private func lifetime(of alias: DomainName, _ tree: ReverseTreeFacts) -> UInt32? {
        tree.trace.visits.filter { $0.asked == alias }.flatMap(\.replies).compactMap { reply in
            if case .alias(_, let ttl) = reply.reply { ttl } else { nil }
        }
        .max()
    }

    /// The other way with a dangling alias: the zone that it was meant for is delegated after all.
    var delegatedBlock: [RemedyStep]? {
        guard let tree = facts.reverseTree,
            case .aliasDangling(_, let target, .denied(let denier))? = tree.fault,
            ReverseName.contains(target), let zone = target.parent, zone != denier,
            zone.isSubdomain(of: denier)
        else { return nil }
        return [
            RemedyStep(.addressHolder, .delegateZone(zone, by: ZoneKeeper(denier, in: tree))),
            RemedyStep(
                .reverseZoneKeeper, .createZone(zone, pointer: target),
                records: records(target, desiredName), wait: .init(outcome)),
        ]
    }

    // MARK: Disagreement

    /// Resolvers remember another answer than the servers give: that passes.
    private func awaiting(
        _ disagreement: ReverseTreeFacts.Disagreement, _ tree: ReverseTreeFacts
    ) -> ReverseTreeSteps {
        let owner = disagreement.name
        guard case .names(let names)? = disagreement.words.first?.answer else {
            // The record is gone, though resolvers still know it.
            let name = facts.confirmedName ?? desiredName
            let step = RemedyStep(
                holder(of: owner, tree), .createPointer(owner: owner, keeper: keeper),
                records: records(owner, name), wait: .init(outcome))
            return .init(steps: [step])
        }
        let wait = RemedyStep(
            .nobody, .awaitResolvers(owner: owner, names, keeper: keeper), wait: .init(outcome))
        let forward = desiredName.flatMap { names.contains($0) ? forwardStep(for: $0) : nil }
        return .init(steps: [forward].compactMap { $0 }.filter { !$0.records.isEmpty } + [wait])
    }

    /// Servers of one zone have different copies of it.
    private func synchronizing(
        _ disagreement: ReverseTreeFacts.Disagreement, _ tree: ReverseTreeFacts
    ) -> ReverseTreeSteps? {
        let name = disagreement.name
        let words = disagreement.words
        guard
            let visit = tree.trace.visits.last(where: { visit in
                visit.asked == name && words.allSatisfy { visit.replies.contains($0.server) }
            }), let fresh = freshest(of: visit)
        else { return nil }
        let stale = visit.replies.filter { $0.answer != nil && $0.answer != fresh.answer }
        if case .referral(let zone) = fresh.reply {
            return delegating(zone, visit, fresh, stale, tree)
        }
        let found: [DomainName]
        switch fresh.answer {
        case .names(let names)?: found = names
        default: found = [facts.confirmedName ?? desiredName].compactMap { $0 }
        }
        let keeper = ZoneKeeper(fresh.authority?.zone ?? visit.zone, in: tree)
        let copies = ZoneCopies(keeper: keeper, fresh: fresh, stale: stale, names: found)
        var records = fresh.authority.map { [raised($0)] } ?? []
        if case .alias(let target)? = fresh.answer {
            records.append(.init(name: name, ttl: Self.suggestedTTL, data: .cname(target)))
        } else {
            records += found.prefix(Self.mostNames).map { pointer(name, to: $0) }
        }
        let step = RemedyStep(
            holder(of: name, tree), .synchronize(copies), records: records, wait: .init(outcome))
        guard let answers = outcome?.answers else {
            return .init(steps: [forwardStep(for: found.first ?? desiredName), step])
        }
        // Resolvers that have the newest copy show what the record itself may still need.
        let theirs = answers.data.compactMap { if case .ptr(let name) = $0 { name } else { nil } }
        return .init(steps: [step], isWhole: theirs.sorted() != found.sorted())
    }

    /// PTR names printed of those that a set has: a hostile one may have many.
    private static let mostNames = 3

    /// Servers of the zone above, some of which know the delegation.
    private func delegating(
        _ zone: DomainName, _ visit: DelegationTrace.Visit, _ fresh: DelegationTrace.ServerReply,
        _ stale: [DelegationTrace.ServerReply], _ tree: ReverseTreeFacts
    ) -> ReverseTreeSteps {
        let below = tree.trace.visits.last { $0.zone == zone }
        let names = tree.trace.visits.last.map { answers(to: $0.asked, tree) } ?? []
        let copies = ZoneCopies(
            keeper: ZoneKeeper(visit.zone, in: tree), fresh: fresh, stale: stale, names: names)
        let ttl = below?.ttl ?? Self.delegationTTL
        let servers = (below?.servers ?? []).prefix(Self.mostServers)
        let step = RemedyStep(
            .addressHolder, .synchronize(copies),
            records: servers.map { .init(name: zone, ttl: ttl, data: .ns($0)) },
            wait: .init(outcome))
        // Where the zone below has the record, nothing else is missing.
        guard names.isEmpty || outcome?.answers != nil else {
            return .init(steps: [forwardStep(for: desiredName ?? names.first), step])
        }
        return .init(steps: [step], isWhole: false)
    }

    /// Servers printed of a delegation: more than registries take.
    private static let mostServers = 13

    /// The highest serial number (RFC 1982); else the primary, else whoever has a record.
    private func freshest(of visit: DelegationTrace.Visit) -> DelegationTrace.ServerReply? {
        let replies = visit.replies.filter { $0.answer != nil }
        let referring = replies.first { $0.authority == nil && !$0.reply.isAuthoritative }
        if let referring { return referring }
        return replies.dropFirst().reduce(replies.first) { best, next in
            guard let best else { return next }
            return isFresher(next, than: best) ? next : best
        }
    }

    private func isFresher(
        _ one: DelegationTrace.ServerReply, than other: DelegationTrace.ServerReply
    ) -> Bool {
        let distance = Int32(
            bitPattern: (one.authority?.start.serial ?? 0) &- (other.authority?.start.serial ?? 0))
        guard distance == 0 else { return distance > 0 }
        let rank = { (reply: DelegationTrace.ServerReply) in
            (reply.name == reply.authority?.start.primary ? 2 : 0)
                + (reply.answer == .absent ? 0 : 1)
        }
        return rank(one) > rank(other)
    }

    /// The SOA record with the next serial number, which makes secondaries fetch the zone.
    private func raised(_ authority: DelegationTrace.Authority) -> ResourceRecord {
        let old = authority.start
        let start = StartOfAuthority(
            primary: old.primary, mailbox: old.mailbox, serial: old.serial &+ 1,
            refresh: old.refresh, retry: old.retry, expire: old.expire, minimum: old.minimum)
        return .init(name: authority.zone, ttl: old.minimum, data: .soa(start))
    }

    private func holder(of name: DomainName, _ tree: ReverseTreeFacts) -> RemedyStep.Owner {
        name == tree.trace.goal ? .addressHolder : .reverseZoneKeeper
    }
}
