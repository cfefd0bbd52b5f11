import SPF

/// The stable, machine-readable name of a finding.
///
/// Codes never change meaning.
package enum FindingCode: String, Hashable, Sendable, CaseIterable {
    case addressSpecialPurpose = "address-special-purpose"

    case noPointer = "no-ptr"
    case reverseLookupFailed = "reverse-lookup-failed"
    case onePointer = "one-ptr"
    case severalPointers = "several-ptrs"
    case tooManyPointers = "too-many-ptrs"

    case pointerConfirmed = "ptr-confirmed"
    case pointerPointsElsewhere = "ptr-points-elsewhere"
    case pointerNameDoesNotExist = "ptr-name-does-not-exist"
    case pointerForwardUnknown = "ptr-forward-unknown"

    case pointerNotAHostname = "ptr-not-a-hostname"
    case pointerMissingTrailingDot = "ptr-missing-trailing-dot"
    case pointerNameIsAlias = "ptr-name-is-alias"
    case pointerLooksGeneric = "ptr-looks-generic"

    case reverseZoneWrittenForwards = "reverse-zone-written-forwards"
    case reverseDelegationMissing = "reverse-delegation-missing"
    case reverseDelegationLame = "reverse-delegation-lame"
    case classlessParentWithoutAlias = "classless-parent-without-cname"
    case classlessChildEmpty = "classless-child-empty"
    case classlessChildLame = "classless-child-lame"
    case classlessAliasDangling = "classless-cname-dangling"
    case serversDisagree = "servers-disagree"

    case heloAbsent = "helo-absent"
    case heloMalformed = "helo-malformed"
    case heloNotFQDN = "helo-not-fqdn"
    case heloBareAddress = "helo-bare-address"
    case heloLiteralMatches = "helo-literal-matches"
    case heloLiteralMismatch = "helo-literal-mismatch"
    case heloLocalhost = "helo-localhost"
    case heloName = "helo-name"

    case heloResolvesToClient = "helo-resolves-to-client"
    case heloResolvesElsewhere = "helo-resolves-elsewhere"
    case heloResolvesToLoopback = "helo-resolves-to-loopback"
    case heloDoesNotResolve = "helo-does-not-resolve"
    case heloLookupFailed = "helo-lookup-failed"
    case heloIsAlias = "helo-is-alias"

    case heloEqualsPointer = "helo-equals-ptr"
    case heloSameOrganization = "helo-same-organization"
    case heloUnrelatedToPointer = "helo-unrelated-to-ptr"

    case sharedPoolByDesign = "shared-pool-by-design"
    case multihomed = "multihomed"
    case singleHost = "single-host"

    case blockListed = "dnsbl-listed"
    case notBlockListed = "dnsbl-not-listed"
    case blockListUnknown = "dnsbl-unknown"
    case spfPass = "spf-pass"
    case spfNone = "spf-none"
    case spfNeutral = "spf-neutral"
    case spfSoftfail = "spf-softfail"
    case spfFail = "spf-fail"
    case spfPermerror = "spf-permerror"
    case spfTemperror = "spf-temperror"

    case lookupLimitReached = "lookup-limit-reached"

    init(_ result: SPFResult) {
        switch result {
        case .none: self = .spfNone
        case .neutral: self = .spfNeutral
        case .pass: self = .spfPass
        case .fail: self = .spfFail
        case .softfail: self = .spfSoftfail
        case .temperror: self = .spfTemperror
        case .permerror: self = .spfPermerror
        }
    }
}

/// A question the catalogue answers with exactly one code, or none where it could not be asked.
package enum FindingGroup: String, Hashable, Sendable, CaseIterable {
    case address
    case pointerStatus = "ptr-status"
    /// Once per PTR name.
    case pointerForward = "ptr-forward"
    /// Once per PTR name, or none.
    case pointerForm = "ptr-form"
    case reverseTree = "reverse-tree"
    case heloForm = "helo-form"
    case heloAndClient = "helo-and-client"
    /// Besides the group above.
    case heloAlias = "helo-alias"
    case heloAndPointer = "helo-and-ptr"
    case topology
    /// Once per block list that was asked for.
    case blockLists = "dnsbl"
    /// Once per identity: HELO, MAIL FROM.
    case spf
    /// Once per limit.
    case limits
}

extension FindingCode {
    package var group: FindingGroup {
        switch self {
        case .addressSpecialPurpose: .address
        case .noPointer, .reverseLookupFailed, .onePointer, .severalPointers, .tooManyPointers:
            .pointerStatus
        case .pointerConfirmed, .pointerPointsElsewhere, .pointerNameDoesNotExist,
            .pointerForwardUnknown:
            .pointerForward
        case .pointerNotAHostname, .pointerMissingTrailingDot, .pointerNameIsAlias,
            .pointerLooksGeneric:
            .pointerForm
        case .reverseZoneWrittenForwards, .reverseDelegationMissing, .reverseDelegationLame,
            .classlessParentWithoutAlias, .classlessChildEmpty, .classlessChildLame,
            .classlessAliasDangling, .serversDisagree:
            .reverseTree
        case .heloAbsent, .heloMalformed, .heloNotFQDN, .heloBareAddress, .heloLiteralMatches,
            .heloLiteralMismatch, .heloLocalhost, .heloName:
            .heloForm
        case .heloResolvesToClient, .heloResolvesElsewhere, .heloResolvesToLoopback,
            .heloDoesNotResolve, .heloLookupFailed:
            .heloAndClient
        case .heloIsAlias: .heloAlias
        case .heloEqualsPointer, .heloSameOrganization, .heloUnrelatedToPointer: .heloAndPointer
        case .sharedPoolByDesign, .multihomed, .singleHost: .topology
        case .blockListed, .notBlockListed, .blockListUnknown: .blockLists
        case .spfPass, .spfNone, .spfNeutral, .spfSoftfail, .spfFail, .spfPermerror, .spfTemperror:
            .spf
        case .lookupLimitReached: .limits
        }
    }
}
