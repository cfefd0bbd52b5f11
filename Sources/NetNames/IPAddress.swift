/// An IPv4 or IPv6 address; an IPv4-mapped IPv6 address is always held as IPv4.
///
/// Mail servers normalize `::ffff:a.b.c.d` before they look anything up, so the two spellings are
/// one client here too.
package enum IPAddress: Hashable, Sendable {
    case v4(UInt32)
    case v6(high: UInt64, low: UInt64)

    package enum Family: String, Hashable, Sendable, CaseIterable {
        case v4 = "IPv4"
        case v6 = "IPv6"
    }

    package var family: Family {
        switch self {
        case .v4: .v4
        case .v6: .v6
        }
    }

    /// The address in network byte order: 4 or 16 bytes.
    package var bytes: [UInt8] {
        switch self {
        case .v4(let value): bigEndianBytes(of: value)
        case .v6(let high, let low): bigEndianBytes(of: high) + bigEndianBytes(of: low)
        }
    }

    /// Reads 4 or 16 bytes in network byte order; any other count is nil.
    package init?(bytes: some Collection<UInt8>) {
        switch bytes.count {
        case 4:
            self = .v4(bytes.reduce(0) { $0 << 8 | UInt32($1) })
        case 16:
            let high = bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            let low = bytes.suffix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            self.init(high: high, low: low)
        default:
            return nil
        }
    }

    /// Builds an IPv6 address and normalizes the IPv4-mapped range (RFC 4291 §2.5.5.2).
    package init(high: UInt64, low: UInt64) {
        if high == 0, low >> 32 == 0xffff {
            self = .v4(UInt32(truncatingIfNeeded: low))
        } else {
            self = .v6(high: high, low: low)
        }
    }
}

private func bigEndianBytes<Value: FixedWidthInteger>(of value: Value) -> [UInt8] {
    stride(from: Value.bitWidth - 8, through: 0, by: -8).map {
        UInt8(truncatingIfNeeded: value >> Value($0))
    }
}

extension IPAddress: Comparable {
    /// IPv4 before IPv6, then by numeric value.
    package static func < (left: IPAddress, right: IPAddress) -> Bool {
        switch (left, right) {
        case (.v4(let one), .v4(let other)): one < other
        case (.v4, .v6): true
        case (.v6, .v4): false
        case (.v6(let high, let low), .v6(let otherHigh, let otherLow)):
            (high, low) < (otherHigh, otherLow)
        }
    }
}

extension IPAddress: CustomStringConvertible {
    /// Dotted decimal, or the canonical IPv6 text of RFC 5952.
    package var description: String {
        switch self {
        case .v4(let value):
            var text: [UInt8] = []
            text.reserveCapacity(16)
            for shift: UInt32 in [24, 16, 8, 0] {
                if !text.isEmpty { text.append(Ascii.dot) }
                Ascii.appendDecimal(UInt8(truncatingIfNeeded: value >> shift), to: &text)
            }
            return String(decoding: text, as: UTF8.self)
        case .v6(let high, let low):
            let groups = (0..<8).map { index in
                let half = index < 4 ? high : low
                return UInt16(truncatingIfNeeded: half >> UInt64(16 * (3 - index % 4)))
            }
            return compressed(groups)
        }
    }
}

/// RFC 5952 §4: lower case, no leading zeros, the first longest run of two or more zeros is `::`.
private func compressed(_ groups: [UInt16]) -> String {
    var longest = 0..<0
    var start = 0
    while start < groups.count {
        var end = start
        while end < groups.count, groups[end] == 0 { end += 1 }
        if end - start > max(1, longest.count) { longest = start..<end }
        start = max(end, start + 1)
    }
    func text(_ part: ArraySlice<UInt16>) -> String {
        part.map { String($0, radix: 16) }.joined(separator: ":")
    }
    guard !longest.isEmpty else { return text(groups[...]) }
    return text(groups[..<longest.lowerBound]) + "::" + text(groups[longest.upperBound...])
}
