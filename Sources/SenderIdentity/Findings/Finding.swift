package import NetNames
package import SPF

/// One thing that was found out, with the things concerned: no prose, no severity.
package struct Finding: Hashable, Sendable {
    package let kind: Kind
    /// The observations it rests on.
    package let observations: [ObservationID]

    package init(_ kind: Kind, _ observations: [ObservationID]) {
        self.kind = kind
        self.observations = observations
    }

    package enum Kind: Hashable, Sendable {
        case addressSpecialPurpose(SpecialPurpose)

        case noPointer(LookupOutcome)
        case reverseLookupFailed(LookupFailure)
        case onePointer(DomainName)
        case severalPointers(count: Int, everyOneConfirms: Bool)
        case tooManyPointers(count: Int, evaluated: Int, everyOneConfirms: Bool)

        case pointerConfirmed(DomainName)
        case pointerPointsElsewhere(DomainName, [IPAddress])
        case pointerNameDoesNotExist(DomainName, AddressAbsence)
        case pointerForwardUnknown(DomainName, LookupFailure)

        case pointerNotAHostname(DomainName, HostnameDefect)
        case pointerMissingTrailingDot(DomainName, intended: DomainName?)
        case pointerNameIsAlias(DomainName, target: DomainName)
        case pointerLooksGeneric(DomainName, GenericRule)

        case reverseZoneWrittenForwards(owner: DomainName, target: DomainName)
        case reverseDelegationMissing(registry: DomainName)
        case reverseDelegationLame(ReverseTreeFacts.UselessServers)
        case classlessParentWithoutAlias(alias: DomainName, child: DomainName)
        case classlessChildEmpty(zone: DomainName, target: DomainName)
        case classlessChildLame(ReverseTreeFacts.UselessServers)
        case classlessAliasDangling(target: DomainName, ReverseTreeFacts.DeadEnd)
        case serversDisagree(ReverseTreeFacts.Disagreement)

        case heloAbsent
        case heloMalformed(HELOArgument, HELOArgument.Defect)
        case heloNotFQDN(HELOArgument)
        case heloBareAddress(IPAddress)
        case heloLiteralMatches(IPAddress)
        case heloLiteralMismatch(IPAddress)
        case heloLocalhost(HELOArgument)
        case heloName(DomainName)

        case heloResolvesToClient(DomainName, addressCount: Int)
        case heloResolvesElsewhere(DomainName, [IPAddress])
        case heloResolvesToLoopback(DomainName, [IPAddress])
        case heloDoesNotResolve(DomainName, hasMX: Bool)
        case heloLookupFailed(DomainName, LookupFailure)
        case heloIsAlias(DomainName, target: DomainName)

        case heloEqualsPointer(DomainName, isConfirmed: Bool)
        case heloSameOrganization(DomainName, domain: DomainName)
        case heloUnrelatedToPointer(DomainName)

        case sharedPoolByDesign(PoolFacts)
        case multihomed(isClientMissing: Bool)
        case singleHost

        case blockListed(BlockListZone, BlockListing)
        case notBlockListed(BlockListZone)
        case blockListUnknown(BlockListZone, BlockListDoubt)
        /// The code follows from the result; ``IdentityFacts/spf`` has how it came about.
        case spf(SPFRequest.Identity, SPFResult)

        case lookupLimitReached(ReachedLimit)
    }

    /// In which way a PTR name has no address that could confirm the client.
    package enum AddressAbsence: Hashable, Sendable {
        case noSuchName
        /// The name exists, with neither A nor AAAA.
        case noAddress
        /// None of the client's family; the other one could not be found out.
        case noneOfFamily(IPAddress.Family)
    }

    package var code: FindingCode {
        switch kind {
        case .addressSpecialPurpose: .addressSpecialPurpose
        case .noPointer: .noPointer
        case .reverseLookupFailed: .reverseLookupFailed
        case .onePointer: .onePointer
        case .severalPointers: .severalPointers
        case .tooManyPointers: .tooManyPointers
        case .pointerConfirmed: .pointerConfirmed
        case .pointerPointsElsewhere: .pointerPointsElsewhere
        case .pointerNameDoesNotExist: .pointerNameDoesNotExist
        case .pointerForwardUnknown: .pointerForwardUnknown
        case .pointerNotAHostname: .pointerNotAHostname
        case .pointerMissingTrailingDot: .pointerMissingTrailingDot
        case .pointerNameIsAlias: .pointerNameIsAlias
        case .pointerLooksGeneric: .pointerLooksGeneric
        case .reverseZoneWrittenForwards: .reverseZoneWrittenForwards
        case .reverseDelegationMissing: .reverseDelegationMissing
        case .reverseDelegationLame: .reverseDelegationLame
        case .classlessParentWithoutAlias: .classlessParentWithoutAlias
        case .classlessChildEmpty: .classlessChildEmpty
        case .classlessChildLame: .classlessChildLame
        case .classlessAliasDangling: .classlessAliasDangling
        case .serversDisagree: .serversDisagree
        case .heloAbsent: .heloAbsent
        case .heloMalformed: .heloMalformed
        case .heloNotFQDN: .heloNotFQDN
        case .heloBareAddress: .heloBareAddress
        case .heloLiteralMatches: .heloLiteralMatches
        case .heloLiteralMismatch: .heloLiteralMismatch
        case .heloLocalhost: .heloLocalhost
        case .heloName: .heloName
        case .heloResolvesToClient: .heloResolvesToClient
        case .heloResolvesElsewhere: .heloResolvesElsewhere
        case .heloResolvesToLoopback: .heloResolvesToLoopback
        case .heloDoesNotResolve: .heloDoesNotResolve
        case .heloLookupFailed: .heloLookupFailed
        case .heloIsAlias: .heloIsAlias
        case .heloEqualsPointer: .heloEqualsPointer
        case .heloSameOrganization: .heloSameOrganization
        case .heloUnrelatedToPointer: .heloUnrelatedToPointer
        case .sharedPoolByDesign: .sharedPoolByDesign
        case .multihomed: .multihomed
        case .singleHost: .singleHost
        case .blockListed: .blockListed
        case .notBlockListed: .notBlockListed
        case .blockListUnknown: .blockListUnknown
        case .spf(_, let result): FindingCode(result)
        case .lookupLimitReached: .lookupLimitReached
        }
    }
}
