package import DNSModel
package import NetNames

/// Both sides' records for a customer's block smaller than /24 (RFC 2317 §4).
///
/// The parent's side delegates a child zone and leads every address of the block into it by CNAME;
/// the child's side has the PTR records. Either alone does nothing. The child is named `24-29` for
/// .24/29: the RFC leaves the name free, and a slash, as in its example, troubles some software.
package struct ClasslessDelegation: Hashable, Sendable {
    package let block: AddressBlock
    /// The reverse zone of the /24, which the holder keeps.
    package let parent: DomainName
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
    ///   - pointers: The PTR records known; the others are the customer's to add.
    /// - Throws: ``Failure``.
    package init(
        _ block: AddressBlock, servers: [DomainName],
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
        parent = ReverseName.conventionalZone(of: block.base)
        let first = UInt8(truncatingIfNeeded: base)
        guard let child = try? parent.prepending("\(first)-\(block.prefixLength)".utf8),
            let mailbox = try? primary.parent?.prepending("hostmaster".utf8)
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
        let known = pointers.compactMap { pointer in
            Self.owner(of: pointer.address, in: child).map {
                ResourceRecord(name: $0, ttl: Planner.suggestedTTL, data: .ptr(pointer.name))
            }
        }
        childRecords =
            [ResourceRecord(name: child, ttl: Planner.suggestedTTL, data: .soa(authority))]
            + delegation + known
    }

    /// The name inside the child zone that an address's CNAME leads to.
    private static func owner(of address: IPAddress, in child: DomainName) -> DomainName? {
        guard case .v4(let value) = address else { return nil }
        return try? child.prepending("\(UInt8(truncatingIfNeeded: value))".utf8)
    }
}
