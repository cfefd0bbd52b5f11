import SPF

/// How much a finding weighs.
///
/// `undetermined` stands apart: it is never a failure.
package enum Severity: String, Hashable, Sendable, CaseIterable {
    case ok
    case undetermined
    case notice
    case warning
    case error

    /// Whether the finding is proven and at least as heavy as the threshold.
    package func reaches(_ threshold: Severity) -> Bool {
        weight > 0 && weight >= threshold.weight
    }

    private var weight: Int {
        switch self {
        case .ok, .undetermined: 0
        case .notice: 1
        case .warning: 2
        case .error: 3
        }
    }
}

/// Which finding weighs how much: a table that can be replaced, and the rules of context.
package struct SeverityProfile: Hashable, Sendable {
    /// Codes that are graded otherwise than by default, whatever the context.
    package let overrides: [FindingCode: Severity]

    package init(overrides: [FindingCode: Severity] = [:]) {
        self.overrides = overrides
    }

    package static let standard = SeverityProfile()

    package func severity(of finding: Finding, in facts: IdentityFacts) -> Severity {
        overrides[finding.code] ?? standardSeverity(of: finding, in: facts)
    }

    private func standardSeverity(of finding: Finding, in facts: IdentityFacts) -> Severity {
        let isConfirmed = facts.confirmedName != nil
        switch finding.kind {
        case .addressSpecialPurpose:
            return .notice
        case .noPointer, .reverseZoneWrittenForwards, .heloBareAddress, .heloLocalhost,
            .reverseDelegationMissing, .classlessParentWithoutAlias, .classlessChildEmpty,
            .classlessAliasDangling:
            return .error
        case .reverseDelegationLame(let useless), .classlessChildLame(let useless):
            // Where resolvers get through, the servers may only be closed to us.
            if useless.serving > 0 || isConfirmed { return .warning }
            return useless.isProven ? .error : .undetermined
        case .serversDisagree:
            return .warning
        case .blockListed:
            return .error
        case .notBlockListed:
            return .ok
        case .blockListUnknown:
            return .undetermined
        case .reverseLookupFailed, .heloLookupFailed:
            return .undetermined
        case .pointerForwardUnknown:
            return isConfirmed ? .notice : .undetermined
        case .onePointer, .pointerConfirmed, .heloName, .heloResolvesToClient,
            .heloEqualsPointer(_, isConfirmed: true), .heloSameOrganization, .sharedPoolByDesign,
            .singleHost:
            return .ok
        case .heloEqualsPointer(_, isConfirmed: false):
            return .notice
        case .severalPointers(_, let everyOneConfirms):
            if everyOneConfirms { return .ok }
            // Names that could not be looked up prove nothing; they have findings of their own.
            let isProven = facts.pointer.names.contains { $0.match != .confirmed && !$0.isUnknown }
            return isProven ? .warning : isConfirmed ? .notice : .undetermined
        case .tooManyPointers:
            return .warning
        case .pointerPointsElsewhere, .pointerNameDoesNotExist, .pointerNotAHostname,
            .pointerMissingTrailingDot:
            // Another name that confirms, or may confirm, takes the proof of a fault away.
            return isConfirmed || facts.mayStillConfirm ? .warning : .error
        case .pointerNameIsAlias, .heloIsAlias, .heloAbsent, .heloLiteralMatches,
            .heloUnrelatedToPointer, .lookupLimitReached:
            return .notice
        case .pointerLooksGeneric:
            // A pool's scheme may number its hosts by address.
            if case .sharedPool = facts.topology { return .notice }
            return .warning
        case .heloNotFQDN, .heloLiteralMismatch, .heloResolvesToLoopback:
            return .warning
        case .heloMalformed(_, let defect):
            return defect == .trailingDot ? .warning : .error
        case .heloResolvesElsewhere:
            switch facts.topology {
            // Undetermined: it may be a pool, and then nothing is weak.
            case .sharedPool, .undetermined: return .notice
            case .multihomed, .singleHost, .notApplicable: return .warning
            }
        case .heloDoesNotResolve(_, let hasMX):
            return hasMX ? .warning : .error
        case .multihomed(let isClientMissing):
            return isClientMissing ? .warning : .notice
        case .spf(let identity, let result):
            return severity(of: result, for: identity)
        }
    }

    /// Receivers check MAIL FROM first of all; of HELO few take more than a pass or a fail.
    private func severity(of result: SPFResult, for identity: SPFRequest.Identity) -> Severity {
        switch (result, identity) {
        case (.pass, _): .ok
        case (.none, _), (.neutral, _), (.temperror, .helo): .notice
        case (.softfail, _), (.permerror, .helo): .warning
        case (.fail, _), (.permerror, .mailFrom): .error
        case (.temperror, .mailFrom): .undetermined
        }
    }
}

extension IdentityFacts {
    /// Whether a name that was not judged could still confirm the client.
    package var mayStillConfirm: Bool {
        pointer.skipped > 0 || pointer.names.contains(where: \.isUnknown)
    }
}
