/// A domain name as labels of bytes, compared without ASCII case (RFC 1035 §2.3.3, RFC 4343).
///
/// Held in wire form: length byte, label, …, zero byte. A length byte is at most 63 and so is never
/// an ASCII letter, which lets whole names be compared and hashed without a look at their labels.
package struct DomainName: Sendable {
    /// The uncompressed wire form with its closing zero byte; spelling as received.
    package let wire: [UInt8]

    /// RFC 1035 §2.3.4.
    package static let longestLabel = 63
    /// RFC 1035 §2.3.4, counted in wire form.
    package static let longestWire = 255

    package static let root = DomainName(trustedWire: [0])

    /// Takes wire bytes that are known to be well formed.
    init(trustedWire wire: [UInt8]) {
        self.wire = wire
    }

    /// Reads an uncompressed name that fills the given bytes exactly.
    package init(wire: [UInt8]) throws(DomainNameError) {
        guard wire.count <= Self.longestWire else { throw .nameTooLong }
        var index = 0
        while index < wire.count, wire[index] != 0 {
            guard wire[index] <= Self.longestLabel else { throw .labelTooLong }
            index += 1 + Int(wire[index])
        }
        guard index == wire.count - 1 else { throw .emptyLabel }
        self.wire = wire
    }

    /// Joins labels, most specific first; no labels make the root.
    package init(labels: some Sequence<some Collection<UInt8>>) throws(DomainNameError) {
        var wire: [UInt8] = []
        for label in labels {
            guard !label.isEmpty else { throw .emptyLabel }
            guard label.count <= Self.longestLabel else { throw .labelTooLong }
            wire.append(UInt8(label.count))
            wire += label
        }
        wire.append(0)
        guard wire.count <= Self.longestWire else { throw .nameTooLong }
        self.wire = wire
    }

    package var isRoot: Bool { wire.count == 1 }

    /// The labels as received, most specific first; none for the root.
    package var labels: [ArraySlice<UInt8>] {
        var labels: [ArraySlice<UInt8>] = []
        var index = 0
        while wire[index] != 0 {
            let end = index + 1 + Int(wire[index])
            labels.append(wire[(index + 1)..<end])
            index = end
        }
        return labels
    }

    package var labelCount: Int {
        var count = 0
        var index = 0
        while wire[index] != 0 {
            index += 1 + Int(wire[index])
            count += 1
        }
        return count
    }

    /// The name without its first label; the root has none.
    package var parent: DomainName? {
        isRoot ? nil : DomainName(trustedWire: Array(wire[(1 + Int(wire[0]))...]))
    }

    /// The last `count` labels, or nil when the name has fewer.
    package func suffix(labels count: Int) -> DomainName? {
        var skip = labelCount - count
        guard skip >= 0 else { return nil }
        var index = 0
        while skip > 0 {
            index += 1 + Int(wire[index])
            skip -= 1
        }
        return DomainName(trustedWire: Array(wire[index...]))
    }

    package func prepending(_ label: some Collection<UInt8>) throws(DomainNameError) -> DomainName {
        guard !label.isEmpty else { throw .emptyLabel }
        guard label.count <= Self.longestLabel else { throw .labelTooLong }
        guard label.count + 1 + wire.count <= Self.longestWire else { throw .nameTooLong }
        return DomainName(trustedWire: [UInt8(label.count)] + label + wire)
    }

    /// This name below another one instead of below the root.
    package func appending(_ suffix: DomainName) throws(DomainNameError) -> DomainName {
        guard wire.count - 1 + suffix.wire.count <= Self.longestWire else { throw .nameTooLong }
        return DomainName(trustedWire: wire.dropLast() + suffix.wire)
    }

    /// Whether the name is the other one or lies below it.
    package func isSubdomain(of other: DomainName) -> Bool {
        guard wire.count >= other.wire.count else { return false }
        let start = wire.count - other.wire.count
        // Most pairs differ here; only then it is asked whether a label begins there.
        for offset in other.wire.indices
        where Ascii.lowercased(wire[start + offset]) != Ascii.lowercased(other.wire[offset]) {
            return false
        }
        var index = 0
        while index < start { index += 1 + Int(wire[index]) }
        return index == start
    }

    /// The same name with ASCII letters in lower case.
    package var lowercased: DomainName {
        DomainName(trustedWire: wire.map(Ascii.lowercased))
    }
}

package enum DomainNameError: Error, Hashable, Sendable {
    case empty
    case emptyLabel
    case labelTooLong
    case nameTooLong
    case badEscape(offset: Int)
}

extension DomainName: Hashable {
    package static func == (left: DomainName, right: DomainName) -> Bool {
        guard left.wire.count == right.wire.count else { return false }
        if left.wire == right.wire { return true }
        for index in left.wire.indices
        where Ascii.lowercased(left.wire[index]) != Ascii.lowercased(right.wire[index]) {
            return false
        }
        return true
    }

    package func hash(into hasher: inout Hasher) {
        // Eight bytes at a time: the hasher's work is by the call.
        wire.withUnsafeBytes { bytes in
            var index = 0
            while index + 8 <= bytes.count {
                let word = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                hasher.combine(Self.lowercased(word))
                index += 8
            }
            var rest: UInt64 = 0
            while index < bytes.count {
                rest = rest << 8 | UInt64(bytes[index])
                index += 1
            }
            hasher.combine(Self.lowercased(rest))
            hasher.combine(bytes.count)
        }
    }

    /// Eight bytes, each as ``Ascii/lowercased(_:)`` has it.
    private static func lowercased(_ word: UInt64) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let low = word & (ones * 0x7f)
        // The top bit of each byte: whether its seven bits are at least `A`, and above `Z`.
        let fromA = low + ones * (0x80 - 0x41)
        let aboveZ = low + ones * (0x7f - 0x5a)
        let isUpper = (fromA ^ aboveZ) & ~word & (ones * 0x80)
        return word | isUpper >> 2
    }
}

extension DomainName: Comparable {
    /// Canonical DNS order (RFC 4034 §6.1): by labels from the right, without case.
    package static func < (left: DomainName, right: DomainName) -> Bool {
        let folded = { (name: DomainName) in
            name.labels.reversed().map { $0.map(Ascii.lowercased) }
        }
        for (one, other) in zip(folded(left), folded(right)) where one != other {
            return one.lexicographicallyPrecedes(other)
        }
        return left.labelCount < right.labelCount
    }
}
