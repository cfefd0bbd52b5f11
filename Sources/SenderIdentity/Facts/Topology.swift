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
        guard !hasFault, !asked.contains(where: { $0.equalsHELO == true }) else {
            return multihomed
        }
        for member in asked {
            if case .unknown(let failure) = member.status {
                return .undetermined(failure, member: member.address)
            }
        }
        let names = asked.compactMap(\.confirmedName)
        guard names.count >= minimumMembers else { return multihomed }
        guard Set(names + [own]).count == names.count + 1 else { return multihomed }
        guard NamingScheme.fits(own, siblings: names) else { return multihomed }
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

/// Whether host names follow one pattern: numbered siblings, such as mail-bn1on0065 and
/// mail-bn1lp0150 under one parent.
package enum NamingScheme {
    /// Shorter beginnings than this are no scheme: `m1` and `m2` may be anybody's.
    static let shortestBeginning = 2

    /// Whether a name is cut like its siblings.
    ///
    /// 1. As many labels, under one registrable domain.
    /// 2. The first labels begin alike up to their first digit.
    /// 3. What stands between, a site such as `fra` in mta1.fra.example.net, stands in a sibling's
    ///    name too: a customer's label does not.
    package static func fits(_ name: DomainName, siblings: [DomainName]) -> Bool {
        guard let own = beginning(of: name), let place = name.parent else { return false }
        let areAlike = siblings.allSatisfy { sibling in
            sibling.labelCount == name.labelCount && RegistrableDomain.areSame(sibling, name)
                && beginning(of: sibling) == own
        }
        return areAlike && siblings.contains { $0.parent == place }
    }

    /// The first label up to its first digit, in lower case; nil where there is no number.
    private static func beginning(of name: DomainName) -> [UInt8]? {
        guard let label = name.labels.first, let digit = label.firstIndex(where: Ascii.isDigit),
            digit - label.startIndex >= shortestBeginning
        else { return nil }
        return label[..<digit].map(Ascii.lowercased)
    }

    // MARK: The scheme of many names

    /// What names of one scheme have in common.
    struct Key: Hashable {
        let labelCount: Int
        /// The first label up to its first digit, in lower case.
        let beginning: [UInt8]
        let domain: DomainName

        /// Safe for a terminal, for the beginning stands in a host name.
        var pattern: String {
            let first = beginning.filter { Ascii.isLetter($0) || $0 == Ascii.hyphen }
            return String(decoding: first, as: UTF8.self) + "….\(domain)"
        }
    }

    /// The key of a numbered name, or nil where it has no number or belongs to no organization.
    static func key(of name: DomainName) -> Key? {
        guard let beginning = beginning(of: name), let domain = RegistrableDomain.of(name) else {
            return nil
        }
        return Key(
            labelCount: name.labelCount, beginning: beginning, domain: domain.lowercased)
    }

    /// The key that more than half of the names share, if any two do.
    static func common(among names: [DomainName]) -> (key: Key, count: Int)? {
        var counts: [Key: Int] = [:]
        for name in names {
            if let key = key(of: name) { counts[key, default: 0] += 1 }
        }
        guard let most = counts.max(by: { $0.value < $1.value }), most.value > 1,
            most.value * 2 > names.count
        else { return nil }
        return (most.key, most.value)
    }
}
