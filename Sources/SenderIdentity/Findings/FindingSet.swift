/// Findings' codes without what they are about: small enough to be kept for every client seen.
package struct FindingSet: Hashable, Sendable {
    /// A bit for each code, in the order of the catalogue.
    package let bits: UInt64

    package static let empty = FindingSet(bits: 0)
    /// Every code there is: other bits mean nothing.
    package static let all = FindingSet(FindingCode.allCases)

    package init(bits: UInt64) {
        self.bits = bits
    }

    package init(_ codes: some Sequence<FindingCode>) {
        bits = codes.reduce(0) { $0 | 1 << UInt64($1.index) }
    }

    package func contains(_ code: FindingCode) -> Bool { bits >> UInt64(code.index) & 1 == 1 }

    package var isEmpty: Bool { bits == 0 }

    /// The codes, in the order of the catalogue.
    package var codes: [FindingCode] {
        guard bits != 0 else { return [] }
        return FindingCode.allCases.filter(contains)
    }

    package func intersection(_ other: FindingSet) -> FindingSet {
        FindingSet(bits: bits & other.bits)
    }

    package func union(_ other: FindingSet) -> FindingSet { FindingSet(bits: bits | other.bits) }

    package func subtracting(_ other: FindingSet) -> FindingSet {
        FindingSet(bits: bits & ~other.bits)
    }
}

extension FindingCode {
    /// The place in the catalogue: what ``allCases`` would have to be searched for.
    package var index: Int { Self.places[self] ?? 0 }

    private static let places = Dictionary(
        uniqueKeysWithValues: allCases.enumerated().map { ($1, $0) })
}
