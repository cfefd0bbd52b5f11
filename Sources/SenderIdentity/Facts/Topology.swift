package import NetNames

/// How many hosts share the HELO name, and whether that is a design or a slip.
///
/// 1. The client must be forward-confirmed and the HELO name must resolve, else nothing is said.
/// 2. The HELO name's addresses are the client's (one per family): a single host.
/// 3. Same registrable domain, at least ``minimumMembers`` members besides the client, every one
///    confirmed under a name of its own that is not the HELO name, all names cut to one scheme with
///    the client's: a shared pool by design. One failing member, or one that could not be looked
///    up, and there is no acquittal.
/// 4. Anything else under one registrable domain with a proven reason: multihomed.
package enum Topology: Hashable, Sendable {
    case sharedPool(PoolFacts)
    /// Hosts share the HELO name; `isClientMissing` asks for an address record.
    case multihomed(isClientMissing: Bool)
    case singleHost
    /// A look-up that decides it failed: a member's, or nil for the HELO name's own.
    case undetermined(LookupFailure, member: IPAddress?)
    /// The question does not arise: no confirmed name, no resolving HELO name, or foreign names.
    case notApplicable

    /// Members besides the client before a pool is believed.
    ///
    /// Up to three hosts are an ordinary site whose HELO name can carry one more address; a missing
    /// address there is a slip that one line mends.
    package static let minimumMembers = 4

    init(client: IPAddress, pointer: PointerFacts, helo: HELOFacts?, members: [MemberFacts]) {
        guard let match = helo?.match, let name = helo?.argument.name,
            let own = pointer.names.firstIndex(where: { $0.match == .confirmed })
        else {
            self = .notApplicable
            return
        }
        switch match {
        case .toClient:
            let others = helo?.addresses?.addresses.filter { $0 != client } ?? []
            if others.isEmpty || (others.count == 1 && others[0].family != client.family) {
                self = .singleHost
                return
            }
        case .elsewhere: break
        case .unknown(let failure):
            self = .undetermined(failure, member: nil)
            return
        case .loopback, .doesNotResolve, .notAsked:
            self = .notApplicable
            return
        }
        guard case .sameOrganization = helo?.relation else {
            if case .equals = helo?.relation {
                self = .multihomed(isClientMissing: match != .toClient)
            } else {
                self = .notApplicable
            }
            return
        }
        // A dial-up customer under his provider's domain borrows the pool's name; he is no member.
        guard pointer.names[own].genericRule != .accessLineWord else {
            self = .notApplicable
            return
        }
        let others = members.filter { $0.address != client }
        self = Self.judge(
            others, helo: name, own: pointer.names[own].name, isClientMissing: match != .toClient)
    }

    private static func judge(
        _ others: [MemberFacts], helo: DomainName, own: DomainName, isClientMissing: Bool
    ) -> Topology {
        let multihomed = Topology.multihomed(isClientMissing: isClientMissing)
        guard others.count >= minimumMembers else { return multihomed }
        let asked = others.filter { $0.status != .notAsked }
        let hasFault = asked.contains { member in
            switch member.status {
            case .notConfirmed, .noPointer: true
            case .confirmed, .unknown, .notAsked: false
            }
        }
        guard !hasFault, !asked.contains(where: \.equalsHELO) else { return multihomed }
        for member in asked {
            if case .unknown(let failure) = member.status {
                return .undetermined(failure, member: member.address)
            }
        }
        let names = asked.compactMap(\.confirmedName)
        guard names.count >= minimumMembers else { return multihomed }
        guard Set(names + [own]).count == names.count + 1 else { return multihomed }
        guard names.allSatisfy({ NamingScheme.agree($0, own) }) else { return multihomed }
        return .sharedPool(
            PoolFacts(members: asked.count, confirmed: names.count, equalToHELO: 0))
    }
}

/// The figures of a recognized pool.
package struct PoolFacts: Hashable, Sendable {
    /// Members looked at, the client not counted.
    package let members: Int
    package let confirmed: Int
    package let equalToHELO: Int

    package init(members: Int, confirmed: Int, equalToHELO: Int) {
        self.members = members
        self.confirmed = confirmed
        self.equalToHELO = equalToHELO
    }
}

/// Whether two host names follow one pattern: numbered siblings, such as mail-bn1on0065 and
/// mail-bn1lp0150 under one parent.
enum NamingScheme {
    /// Same parent and label count, and first labels with the same beginning and a number each.
    ///
    /// The beginning that both share must be at least this long: `mx1` and `mail2` are no scheme.
    static let shortestCommonPrefix = 2

    static func agree(_ one: DomainName, _ other: DomainName) -> Bool {
        let left = one.labels
        let right = other.labels
        guard left.count == right.count, let first = left.first, let second = right.first else {
            return false
        }
        // A site or data center may stand in between: mta1.fra.example.net, mta4.ams.example.net.
        guard RegistrableDomain.areSame(one, other) else { return false }
        guard first.contains(where: Ascii.isDigit), second.contains(where: Ascii.isDigit) else {
            return false
        }
        let common = zip(first, second).prefix { pair in
            Ascii.lowercased(pair.0) == Ascii.lowercased(pair.1) && !Ascii.isDigit(pair.0)
        }
        return common.count >= shortestCommonPrefix
    }
}
