/// A range of addresses with a common prefix, such as 192.0.2.0/24.
package struct AddressBlock: Hashable, Sendable {
    package let base: IPAddress
    package let prefixLength: Int

    /// Builds a block; nil when the prefix is longer than the address or bits below it are set.
    package init?(base: IPAddress, prefixLength: Int) {
        guard (0...base.bitWidth).contains(prefixLength) else { return nil }
        guard base.masked(to: prefixLength) == base else { return nil }
        self.base = base
        self.prefixLength = prefixLength
    }

    /// Reads `address/length`.
    package init?(_ text: String) {
        let parts = text.utf8.split(separator: Ascii.slash, omittingEmptySubsequences: false)
        guard parts.count == 2,
            let base = try? IPAddress(parsing: parts[0]),
            let length = Ascii.decimal(parts[1], as: Int.self)
        else { return nil }
        self.init(base: base, prefixLength: length)
    }

    package func contains(_ address: IPAddress) -> Bool {
        address.family == base.family && address.masked(to: prefixLength) == base
    }
}

extension AddressBlock {
    /// How many addresses the block holds; nil beyond 2^32.
    package var addressCount: Int? {
        let bits = base.bitWidth - prefixLength
        return bits <= 32 ? 1 << bits : nil
    }

    /// The address at a place within the block.
    package func address(at index: Int) -> IPAddress { address(at: UInt128(index)) }

    /// The same for places that only an IPv6 block has.
    package func address(at index: UInt128) -> IPAddress {
        switch base {
        case .v4(let value): .v4(value &+ UInt32(truncatingIfNeeded: index))
        case .v6(let high, let low):
            // The bits below the prefix are zero, so nothing is carried.
            .v6(
                high: high | UInt64(truncatingIfNeeded: index >> 64),
                low: low | UInt64(truncatingIfNeeded: index))
        }
    }
}

extension AddressBlock: CustomStringConvertible {
    package var description: String { "\(base)/\(prefixLength)" }
}

extension IPAddress {
    package var bitWidth: Int { family == .v4 ? 32 : 128 }

    /// The address with every bit below the prefix cleared.
    package func masked(to prefixLength: Int) -> IPAddress {
        switch self {
        case .v4(let value):
            return .v4(value & mask(prefixLength))
        case .v6(let high, let low):
            // Not through init(high:low:): a masked address must stay in its family.
            return .v6(high: high & mask(prefixLength), low: low & mask(prefixLength - 64))
        }
    }
}

/// The highest `length` bits set; shorter than zero or longer than the type saturates.
private func mask<Value: FixedWidthInteger & UnsignedInteger>(_ length: Int) -> Value {
    if length <= 0 { return 0 }
    if length >= Value.bitWidth { return .max }
    return .max << Value(Value.bitWidth - length)
}
