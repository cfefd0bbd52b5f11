/// The names of the reverse tree: in-addr.arpa (RFC 1035 §3.5) and ip6.arpa (RFC 3596 §2.5).
package enum ReverseName {
    package static let version4Suffix = constant("in-addr.arpa")
    package static let version6Suffix = constant("ip6.arpa")

    /// The name whose PTR records belong to the address: `D.C.B.A.in-addr.arpa` or nibbles.
    package static func name(of address: IPAddress) -> DomainName {
        var wire: [UInt8] = []
        switch address {
        case .v4(let value):
            wire.reserveCapacity(30)
            for shift in [UInt32(0), 8, 16, 24] {
                appendDecimal(UInt8(truncatingIfNeeded: value >> shift), to: &wire)
            }
            wire += version4Suffix.wire
        case .v6(let high, let low):
            wire.reserveCapacity(74)
            for half in [low, high] {
                for shift in stride(from: UInt64(0), to: 64, by: 4) {
                    wire.append(1)
                    wire.append(hexDigit(UInt8(truncatingIfNeeded: half >> shift & 15)))
                }
            }
            wire += version6Suffix.wire
        }
        return DomainName(trustedWire: wire)
    }

    /// An IPv4 address written forwards under in-addr.arpa, `A.B.C.D.in-addr.arpa`: a common slip.
    ///
    /// That name belongs to D.C.B.A, so a record there is a fault only if it means our client.
    /// Palindromes such as 10.1.1.10 have no such name of their own.
    package static func writtenForwards(_ address: IPAddress) -> DomainName? {
        guard case .v4(let value) = address, value.byteSwapped != value else { return nil }
        return name(of: .v4(value.byteSwapped))
    }

    /// The address a reverse name stands for; nil for partial, RFC 2317 and foreign names.
    package static func address(of name: DomainName) -> IPAddress? {
        let labels = name.labels
        if name.isSubdomain(of: version4Suffix), labels.count == 6 {
            var value: UInt32 = 0
            for label in labels[..<4].reversed() {
                guard label.count == 1 || label.first != Ascii.zero,
                    let octet = Ascii.decimal(label, as: UInt8.self)
                else { return nil }
                value = value << 8 | UInt32(octet)
            }
            return .v4(value)
        }
        if name.isSubdomain(of: version6Suffix), labels.count == 34 {
            var high: UInt64 = 0
            var low: UInt64 = 0
            for (index, label) in labels[..<32].reversed().enumerated() {
                guard label.count == 1, let nibble = Ascii.hexValue(label[label.startIndex])
                else { return nil }
                if index < 16 {
                    high = high << 4 | UInt64(nibble)
                } else {
                    low = low << 4 | UInt64(nibble)
                }
            }
            return IPAddress(high: high, low: low)
        }
        return nil
    }

    /// The block whose reverse zone is the name's, or holds it: of `x.3.2.10.in-addr.arpa`
    /// 10.2.3.0/24, and of a tree's own name every address.
    ///
    /// - Returns: nil for names outside the two trees.
    package static func block(of name: DomainName) -> AddressBlock? {
        let isVersion4 = name.isSubdomain(of: version4Suffix)
        guard isVersion4 || name.isSubdomain(of: version6Suffix) else { return nil }
        var bytes: [UInt8] = []
        var length = 0
        for label in name.labels.dropLast(2).reversed() {
            if isVersion4 {
                guard bytes.count < 4, label.count == 1 || label.first != Ascii.zero,
                    let octet = Ascii.decimal(label, as: UInt8.self)
                else { break }
                bytes.append(octet)
                length += 8
            } else {
                guard length < 128, label.count == 1,
                    let nibble = Ascii.hexValue(label[label.startIndex])
                else { break }
                if length % 8 == 0 { bytes.append(0) }
                bytes[length / 8] |= length % 8 == 0 ? nibble << 4 : nibble
                length += 4
            }
        }
        bytes += Array(repeating: 0, count: (isVersion4 ? 4 : 16) - bytes.count)
        let value = { (places: Range<Int>) in
            bytes[places].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        }
        let base: IPAddress =
            isVersion4
            ? .v4(UInt32(truncatingIfNeeded: value(0..<4)))
            : .v6(high: value(0..<8), low: value(8..<16))
        return AddressBlock(base: base, prefixLength: length)
    }

    /// Whether the name lies in one of the two reverse trees.
    package static func contains(_ name: DomainName) -> Bool {
        name.isSubdomain(of: version4Suffix) || name.isSubdomain(of: version6Suffix)
    }

    /// The zone usually cut for the address, its /24 or for IPv6 its /64: a guess until looked up.
    package static func conventionalZone(of address: IPAddress) -> DomainName {
        let name = name(of: address)
        return name.suffix(labels: address.family == .v4 ? 5 : 18) ?? name
    }

    private static func appendDecimal(_ octet: UInt8, to wire: inout [UInt8]) {
        let lengthAt = wire.count
        wire.append(1)
        Ascii.appendDecimal(octet, to: &wire)
        wire[lengthAt] = UInt8(wire.count - lengthAt - 1)
    }

    private static func hexDigit(_ nibble: UInt8) -> UInt8 {
        nibble < 10 ? Ascii.zero + nibble : UInt8(ascii: "a") + nibble - 10
    }

    private static func constant(_ text: StaticString) -> DomainName {
        DomainName(text.description) ?? .root
    }
}
