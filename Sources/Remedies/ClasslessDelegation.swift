package import DNSModel
package import NetNames
package import SenderIdentity

/// Both sides' records for a customer's block smaller than /24 (RFC 2317 §4).
///
/// The parent's side delegates a child zone and leads every address of the block into it by CNAME;
/// the child's side has the PTR records. Either alone does nothing. The child is named `24-29` for
/// .24/29: the RFC leaves the name free, and a slash, as in its example, troubles some software.
package struct ClasslessDelegation: Hashable, Sendable {
    package let block: AddressBlock
    /// The reverse zone that the holder keeps: as an answer named it, else the /24's.
    package let parent: DomainName
    /// Whether an answer named it.
    package let isParentKnown: Bool
    package let child: DomainName
    package let parentRecords: [ResourceRecord]
    package let childRecords: [ResourceRecord]

    package enum Failure: Error, Hashable, Sendable {
        /// RFC 2317 is for IPv4 blocks of /25 to /31; larger ones are delegated by NS alone.
        case notClassless
        /// The address lies outside the block.
        case outside(IPAddress)
        case noNameServer
    }

    /// Builds both sides.
    /// - Parameters:
    ///   - block: The customer's block.
    ///   - servers: The customer's name servers; two are usual.
    ///   - keeper: Who keeps the reverse zone of the block, if that is known.
    ///   - pointers: The PTR records known; the others are the customer's to add.
    /// - Throws: ``Failure``.
    package init(
        _ block: AddressBlock, servers: [DomainName], keeper: ZoneKeeper? = nil,
        pointers: [(address: IPAddress, name: DomainName)]
    ) throws(Failure) {
        guard case .v4(let base) = block.base, (25...31).contains(block.prefixLength) else {
            throw .notClassless
        }
        guard let primary = servers.first else { throw .noNameServer }
        for pointer in pointers where !block.contains(pointer.address) {
            throw .outside(pointer.address)
        }
        self.block = block
        let usual = ReverseName.conventionalZone(of: block.base)
        // A zone below the /24 holds a part of its addresses only, and no name beside them.
        let known = keeper.flatMap { keeper in
            keeper.isGuess || keeper.isRegistry || !usual.isSubdomain(of: keeper.zone)
                ? nil : keeper.zone
        }
        parent = known ?? usual
        isParentKnown = known != nil
        let first = UInt8(truncatingIfNeeded: base)
        // The parent of the server's name could be a registry: hostmaster.org is somebody else's.
        let domain = RegistrableDomain.of(primary) ?? primary
        guard let child = try? usual.prepending("\(first)-\(block.prefixLength)".utf8),
            let mailbox = try? domain.prepending("hostmaster".utf8)
        else { throw .noNameServer }
        self.child = child
        let delegation = servers.map {
            ResourceRecord(name: child, ttl: Planner.suggestedTTL, data: .ns($0))
        }
        var aliases: [ResourceRecord] = []
        for offset in 0..<(UInt32(1) << UInt32(32 - block.prefixLength)) {
            let address = IPAddress.v4(base + offset)
            guard let target = Self.owner(of: address, in: child) else { continue }
            aliases.append(
                ResourceRecord(
                    name: ReverseName.name(of: address), ttl: Planner.suggestedTTL,
                    data: .cname(target)))
        }
        parentRecords = delegation + aliases
        let authority = StartOfAuthority(
            primary: primary, mailbox: mailbox, serial: 1, refresh: 3600, retry: 900,
            expire: 1_209_600, minimum: 3600)
        let names = pointers.compactMap { pointer in
            Self.owner(of: pointer.address, in: child).map {
                ResourceRecord(name: $0, ttl: Planner.suggestedTTL, data: .ptr(pointer.name))
            }
        }
        childRecords =
            [ResourceRecord(name: child, ttl: Planner.suggestedTTL, data: .soa(authority))]
            + delegation + names
    }

    /// Builds both sides as the facts have it: in the zone that an answer named, with the names that
    /// the client's PTR record will have, or has.
    /// - Parameters:
    ///   - block: The customer's block, with the client in it.
    ///   - servers: The customer's name servers.
    ///   - facts: What was found out about the client.
    ///   - plan: Its plan.
    /// - Throws: ``Failure``.
    package init(
        _ block: AddressBlock, servers: [DomainName], for facts: IdentityFacts, plan: RemedyPlan
    ) throws(Failure) {
        let client = facts.subject.address
        guard block.contains(client) else { throw .outside(client) }
        let planned = plan.steps.first { $0.plannedPointer != nil }?.records ?? []
        var names: [DomainName] = []
        for record in planned {
            if case .ptr(let name) = record.data { names.append(name) }
        }
        if names.isEmpty { names = facts.pointer.confirmedNames }
        try self.init(
            block, servers: servers, keeper: ZoneKeeper(of: facts),
            pointers: names.map { (client, $0) })
    }

    /// The name inside the child zone that an address's CNAME leads to.
    private static func owner(of address: IPAddress, in child: DomainName) -> DomainName? {
        guard case .v4(let value) = address else { return nil }
        return try? child.prepending("\(UInt8(truncatingIfNeeded: value))".utf8)
    }
}
