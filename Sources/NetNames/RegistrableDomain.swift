/// The registrable domain of a name: one label below its public suffix.
///
/// Two names with the same registrable domain belong to one organization. The list's algorithm:
/// the longest matching rule wins, an exception rule (`!`) beats all and loses its first label,
/// and a name that no rule matches is judged by `*`.
package enum RegistrableDomain {
    /// The date of the embedded list, as `2023-02-09`.
    package static var listDate: String { PublicSuffixList.date }

    /// The registrable domain, lower-cased; nil for a public suffix itself and for the root.
    package static func of(_ name: DomainName) -> DomainName? {
        let folded = name.lowercased
        let count = folded.labelCount
        guard count > 1 else { return nil }
        let suffix = suffixLabelCount(of: folded, labelCount: count)
        return suffix < count ? folded.suffix(labels: suffix + 1) : nil
    }

    /// Whether both names have a registrable domain and it is the same.
    package static func areSame(_ one: DomainName, _ other: DomainName) -> Bool {
        guard let domain = of(one) else { return false }
        return other.isSubdomain(of: domain) && of(other) == domain
    }

    /// Whether the name's last label is a top-level domain of the list.
    ///
    /// Names such as `localhost`, `host.lan` and `10.1.2.3` end in none.
    package static func endsInListedTopLevel(_ name: DomainName) -> Bool {
        guard let last = name.lowercased.suffix(labels: 1) else { return false }
        return rules.plain.contains(last.wire) || rules.wildcards.contains(last.wire)
    }

    private static func suffixLabelCount(of name: DomainName, labelCount: Int) -> Int {
        // The unlisted top-level domain counts as a suffix: the rule `*`.
        var longest = 1
        var remaining = name
        for length in stride(from: labelCount, to: 0, by: -1) {
            if rules.exceptions.contains(remaining.wire) { return length - 1 }
            if rules.plain.contains(remaining.wire) { longest = max(longest, length) }
            if rules.wildcards.contains(remaining.wire), length < labelCount {
                longest = max(longest, length + 1)
            }
            guard let parent = remaining.parent else { break }
            remaining = parent
        }
        return longest
    }

    /// Read once, at the first question; some ten thousand rules.
    private static let rules = SuffixRules(PublicSuffixList.rules)
}

/// The rules by kind, keyed by the lower-case wire form of what stands behind `*.` or `!`.
private struct SuffixRules: Sendable {
    private(set) var plain: Set<[UInt8]> = []
    private(set) var wildcards: Set<[UInt8]> = []
    private(set) var exceptions: Set<[UInt8]> = []

    init(_ text: StaticString) {
        plain.reserveCapacity(10_000)
        text.withUTF8Buffer { bytes in
            for line in bytes.split(separator: Ascii.lineFeed) {
                switch line.first {
                case UInt8(ascii: "!"):
                    exceptions.insert(Self.wire(line.dropFirst()))
                case UInt8(ascii: "*"):
                    wildcards.insert(Self.wire(line.dropFirst(2)))
                default:
                    plain.insert(Self.wire(line))
                }
            }
        }
    }

    private static func wire(_ rule: Slice<UnsafeBufferPointer<UInt8>>) -> [UInt8] {
        var wire: [UInt8] = []
        wire.reserveCapacity(rule.count + 2)
        for label in rule.split(separator: Ascii.dot) {
            wire.append(UInt8(truncatingIfNeeded: label.count))
            wire += label
        }
        wire.append(0)
        return wire
    }
}
