/// A range with a special purpose in the IANA registries (RFC 6890), and what that means here.
package struct SpecialPurpose: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case thisNetwork = "this-network"
        case privateUse = "private-use"
        case sharedAddressSpace = "shared-address-space"
        case loopback = "loopback"
        case linkLocal = "link-local"
        case uniqueLocal = "unique-local"
        case documentation = "documentation"
        case benchmarking = "benchmarking"
        case protocolAssignment = "protocol-assignment"
        case translation = "translation"
        case tunnel = "tunnel"
        case discardOnly = "discard-only"
        case multicast = "multicast"
        case reserved = "reserved"
        case unspecified = "unspecified"
    }

    package let kind: Kind
    package let block: AddressBlock
    /// The defining document, as `RFC 1918`.
    package let source: String

    /// Whether no public PTR record can exist, so that asking DNS would answer nothing.
    package var excludesPublicReverse: Bool {
        switch kind {
        case .thisNetwork, .privateUse, .sharedAddressSpace, .loopback, .linkLocal, .uniqueLocal,
            .discardOnly, .multicast, .reserved, .unspecified, .documentation, .benchmarking:
            true
        case .protocolAssignment, .translation, .tunnel: false
        }
    }
}

/// The IANA special-purpose address registries, IPv4 and IPv6, plus multicast and class E.
package enum SpecialAddresses {
    /// The narrowest registered range that holds the address, or nil for an ordinary address.
    package static func purpose(of address: IPAddress) -> SpecialPurpose? {
        let registry = address.family == .v4 ? version4 : version6
        // By place: each row that is looked at would be copied, with its texts.
        return registry.indices.first { registry[$0].block.contains(address) }
            .map { registry[$0] }
    }

    /// Whether no public PTR record can exist for the address, so that asking DNS would at best
    /// answer nothing, and at worst tell what a private network's own servers know.
    ///
    /// It may stand in another one: the translators' prefix and 6to4 hold IPv4 addresses, and only
    /// public ones (RFC 6052 §3.1, RFC 3056 §2); a resolver with DNS64 would lead from the first
    /// to the name of the IPv4 address (RFC 6147 §5.3.1). RFC 8215's prefix is for one network alone.
    package static func excludesPublicReverse(_ address: IPAddress) -> Bool {
        if purpose(of: address)?.excludesPublicReverse == true || isLocalTranslation(address) {
            return true
        }
        return embedded(in: address).flatMap(purpose)?.excludesPublicReverse == true
    }

    /// The same for a name: whether it lies in the reverse zone of such an address, or of a block
    /// of nothing else.
    package static func excludesPublicReverse(_ name: DomainName) -> Bool {
        guard let block = ReverseName.block(of: name) else { return false }
        if block.prefixLength == block.base.bitWidth { return excludesPublicReverse(block.base) }
        guard let purpose = purpose(of: block.base) else { return false }
        return purpose.block.prefixLength <= block.prefixLength
            && (purpose.excludesPublicReverse || isLocalTranslation(block.base))
    }

    private static func isLocalTranslation(_ address: IPAddress) -> Bool {
        guard case .v6(let high, _) = address else { return false }
        return high >> 16 == 0x0064_ff9b_0001
    }

    private static func embedded(in address: IPAddress) -> IPAddress? {
        guard case .v6(let high, let low) = address else { return nil }
        if high == 0x0064_ff9b_0000_0000, low >> 32 == 0 {
            return .v4(UInt32(truncatingIfNeeded: low))
        }
        return high >> 48 == 0x2002 ? .v4(UInt32(truncatingIfNeeded: high >> 16)) : nil
    }

    // Narrow ranges stand before the wide ones that hold them.
    private static let version4 = registry([
        ("255.255.255.255/32", .reserved, "RFC 8190"),
        ("192.88.99.0/24", .reserved, "RFC 7526"),
        ("192.0.0.0/24", .protocolAssignment, "RFC 6890"),
        ("192.0.2.0/24", .documentation, "RFC 5737"),
        ("198.51.100.0/24", .documentation, "RFC 5737"),
        ("203.0.113.0/24", .documentation, "RFC 5737"),
        ("192.168.0.0/16", .privateUse, "RFC 1918"),
        ("169.254.0.0/16", .linkLocal, "RFC 3927"),
        ("198.18.0.0/15", .benchmarking, "RFC 2544"),
        ("172.16.0.0/12", .privateUse, "RFC 1918"),
        ("100.64.0.0/10", .sharedAddressSpace, "RFC 6598"),
        ("0.0.0.0/8", .thisNetwork, "RFC 791"),
        ("10.0.0.0/8", .privateUse, "RFC 1918"),
        ("127.0.0.0/8", .loopback, "RFC 1122"),
        ("224.0.0.0/4", .multicast, "RFC 5771"),
        ("240.0.0.0/4", .reserved, "RFC 1112"),
    ])

    private static let version6 = registry([
        ("::/128", .unspecified, "RFC 4291"),
        ("::1/128", .loopback, "RFC 4291"),
        ("64:ff9b::/96", .translation, "RFC 6052"),
        ("64:ff9b:1::/48", .translation, "RFC 8215"),
        ("100::/64", .discardOnly, "RFC 6666"),
        ("2001::/32", .tunnel, "RFC 4380"),
        ("2001:2::/48", .benchmarking, "RFC 5180"),
        ("2001:db8::/32", .documentation, "RFC 3849"),
        ("2001::/23", .protocolAssignment, "RFC 2928"),
        ("2002::/16", .tunnel, "RFC 3056"),
        ("3fff::/20", .documentation, "RFC 9637"),
        ("5f00::/16", .reserved, "RFC 9602"),
        ("fc00::/7", .uniqueLocal, "RFC 4193"),
        ("fe80::/10", .linkLocal, "RFC 4291"),
        ("ff00::/8", .multicast, "RFC 4291"),
    ])

    private static func registry(
        _ rows: [(block: String, kind: SpecialPurpose.Kind, source: String)]
    ) -> [SpecialPurpose] {
        rows.compactMap { row in
            AddressBlock(row.block).map {
                SpecialPurpose(kind: row.kind, block: $0, source: row.source)
            }
        }
    }
}
