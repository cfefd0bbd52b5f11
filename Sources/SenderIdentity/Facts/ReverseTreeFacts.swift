package import DNSModel
package import NetNames

/// What follows from the walk: who keeps the reverse zone, and what is wrong on the way to it.
package struct ReverseTreeFacts: Hashable, Sendable {
    package let trace: DelegationTrace
    /// Nil where the walk did not get below the root.
    package let keeper: Keeper?
    /// The first fault on the way down, if there is one.
    package let fault: Fault?
    /// The servers of the zone that no alias leads into, where not one of them serves it either.
    package let unservedChild: UselessServers?

    /// The zone that holds the PTR record, or that would have to.
    package struct Keeper: Hashable, Sendable {
        package let zone: DomainName
        /// The names of the servers that the parent delegates to.
        package let servers: [DomainName]
        /// The zone's own SOA; nil where no server answered with it.
        package let authority: StartOfAuthority?
        package let confidence: Confidence
        /// Servers that answer for the name with authority, and alike; each counts once, however
        /// many addresses it has.
        package let agreeing: Int
        /// Servers that were asked.
        package let asked: Int
    }

    /// How sure it is that the zone's keeper is the one to turn to.
    package enum Confidence: String, Hashable, Sendable, CaseIterable {
        /// At least one server answers for the name with authority.
        case certain
        /// The same, but servers on the way or its own contradict each other.
        case disputed
        /// The parent delegates to it, but no server answered.
        case delegated
        /// The range is delegated to nobody: the registry's zone denies it.
        case registry
    }

    package enum Fault: Hashable, Sendable {
        /// A registry's zone denies the name: the range is delegated to nobody.
        case delegationMissing(registry: DomainName)
        case delegationLame(UselessServers)
        /// A zone for a block with the address is delegated, and no alias leads into it.
        case parentWithoutAlias(alias: DomainName, child: DomainName)
        /// The alias leads into a zone that has no PTR record there.
        case childEmpty(zone: DomainName, target: DomainName)
        case childLame(UselessServers)
        /// The alias leads to a name at which there is nothing.
        case aliasDangling(alias: DomainName, target: DomainName, DeadEnd)
        case disagreement(Disagreement)
    }

    /// Why there is nothing at the end of an alias.
    package enum DeadEnd: Hashable, Sendable {
        /// No zone of its own holds the name: this one, from above, denies it.
        case denied(by: DomainName)
        /// Aliases lead from there back to the alias.
        case loop
    }

    /// Servers that a zone is delegated to and that do not serve it.
    package struct UselessServers: Hashable, Sendable {
        package let zone: DomainName
        package let servers: [DelegationTrace.ServerReply]
        /// How many do.
        package let serving: Int

        /// Whether one of them said so itself; silence may be a fault of ours, or pass.
        package var isProven: Bool {
            servers.contains { !$0.reply.isSilence && $0.reply != .noAddress }
        }

        package var asked: Int { servers.count + serving }
    }

    package struct Disagreement: Hashable, Sendable {
        package let name: DomainName
        /// What the zone's servers say, the first one for each answer.
        package let words: [Word]
        /// What the resolvers say, where it differs from all servers.
        package let resolvers: Answer?

        package struct Word: Hashable, Sendable {
            package let server: DelegationTrace.ServerReply
            package let answer: Answer
        }
    }

    /// An answer without what may differ between servers that agree: TTL and order.
    package enum Answer: Hashable, Sendable {
        case names([DomainName])
        case alias(DomainName)
        case absent
        /// Refers on to a zone below, where others answer themselves.
        case referral(DomainName)
    }

    init?(of pointer: PointerFacts, in evidence: Evidence) {
        guard let trace = evidence.walk, trace.goal == pointer.question else { return nil }
        self.trace = trace
        let way = ReverseWay(trace)
        keeper = way.keeper
        // The walk met DNS as it is, and a planned answer is no resolver's word.
        let said = pointer.lookup.flatMap { evidence.isPlanned($0.id) ? nil : $0.outcome }
        fault = way.fault(resolvers: said)
        if case .parentWithoutAlias(_, let child)? = fault {
            unservedChild = way.unserved(child: child)
        } else {
            unservedChild = nil
        }
    }

    /// Zones this short are the registries': a /8 of IPv4, up to a /24 of IPv6.
    package static func isRegistry(_ zone: DomainName) -> Bool {
        ReverseName.contains(zone)
            && zone.labelCount <= (zone.isSubdomain(of: ReverseName.version4Suffix) ? 3 : 8)
            || ReverseName.version4Suffix.isSubdomain(of: zone)
    }
}
