/// Findings' codes without what they are about: small enough to be kept for every client seen.
package struct FindingSet: Hashable, Sendable {
    /// A bit for each code, in the order of the catalogue.
    package private(set) var bits: UInt64

    private static let catalogue = FindingCode.allCases

    package static let empty = FindingSet(bits: 0)
    /// Every code there is: other bits mean nothing.
    package static let all = FindingSet(FindingCode.allCases)

    package init(bits: UInt64) {
        self.bits = bits
    }

    package init(_ codes: some Sequence<FindingCode>) {
        bits = 0
        for code in codes { insert(code) }
    }

    package mutating func insert(_ code: FindingCode) { bits |= 1 << UInt64(code.index) }

    package func contains(_ code: FindingCode) -> Bool { bits >> UInt64(code.index) & 1 == 1 }

    package var isEmpty: Bool { bits == 0 }

    /// The codes, in the order of the catalogue.
    package var codes: [FindingCode] {
        var codes: [FindingCode] = []
        var rest = bits & Self.all.bits
        while rest != 0 {
            codes.append(Self.catalogue[rest.trailingZeroBitCount])
            rest &= rest - 1
        }
        return codes
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
    /// By its place: an enumeration of texts would hash the text.
    package func hash(into hasher: inout Hasher) { hasher.combine(index) }

    /// The place in ``allCases``, without a search: every client's findings pass through here.
    package var index: Int {
        switch self {
        case .addressSpecialPurpose: 0
        case .noPointer: 1
        case .reverseLookupFailed: 2
        case .onePointer: 3
        case .severalPointers: 4
        case .tooManyPointers: 5
        case .pointerConfirmed: 6
        case .pointerPointsElsewhere: 7
        case .pointerNameDoesNotExist: 8
        case .pointerForwardUnknown: 9
        case .pointerNotAHostname: 10
        case .pointerMissingTrailingDot: 11
        case .pointerNameIsAlias: 12
        case .pointerLooksGeneric: 13
        case .reverseZoneWrittenForwards: 14
        case .reverseDelegationMissing: 15
        case .reverseDelegationLame: 16
        case .classlessParentWithoutAlias: 17
        case .classlessChildEmpty: 18
        case .classlessChildLame: 19
        case .classlessAliasDangling: 20
        case .serversDisagree: 21
        case .heloAbsent: 22
        case .heloMalformed: 23
        case .heloNotFQDN: 24
        case .heloBareAddress: 25
        case .heloLiteralMatches: 26
        case .heloLiteralMismatch: 27
        case .heloLocalhost: 28
        case .heloName: 29
        case .heloResolvesToClient: 30
        case .heloResolvesElsewhere: 31
        case .heloResolvesToLoopback: 32
        case .heloDoesNotResolve: 33
        case .heloLookupFailed: 34
        case .heloIsAlias: 35
        case .heloEqualsPointer: 36
        case .heloSameOrganization: 37
        case .heloUnrelatedToPointer: 38
        case .sharedPoolByDesign: 39
        case .multihomed: 40
        case .singleHost: 41
        case .blockListed: 42
        case .notBlockListed: 43
        case .blockListUnknown: 44
        case .spfPass: 45
        case .spfNone: 46
        case .spfNeutral: 47
        case .spfSoftfail: 48
        case .spfFail: 49
        case .spfPermerror: 50
        case .spfTemperror: 51
        case .lookupLimitReached: 52
        }
    }
}
