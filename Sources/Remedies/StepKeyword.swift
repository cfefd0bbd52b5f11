package import NetNames

extension RemedyStep {
    /// What to do, in one word that never changes its meaning, for programs.
    package enum Keyword: String, Hashable, Sendable, CaseIterable {
        case publishAddress = "publish-address"
        case leaveAlias = "leave-alias"
        case addressIsRight = "address-is-right"
        case chooseName = "choose-name"
        case createPointer = "create-ptr"
        case changePointer = "change-ptr"
        case removePointers = "remove-ptrs"
        case movePointer = "move-ptr"
        case createAlias = "create-alias"
        case replaceAlias = "replace-alias"
        case pointerIsRight = "ptr-is-right"
        case createZone = "create-zone"
        case delegateZone = "delegate-zone"
        case serveZone = "serve-zone"
        case synchronize = "synchronize-servers"
        case awaitResolvers = "wait-for-resolvers"
        case setHELO = "set-helo"
        case setHELOToOwnName = "set-helo-to-own-name"
        case allowInSPF = "allow-in-spf"
        case mendSPF = "mend-spf"
        case publishSPF = "publish-spf"
        case changeReceiverRule = "change-receiver-rule"
        case nothingInPool = "nothing-in-pool"
        case nameEachHost = "name-each-host"
        case askAgain = "ask-again"
        case requestRemoval = "request-removal"
        case askBlockListAgain = "ask-block-list-again"
        case findPublicAddress = "find-public-address"
        case nothing
    }

    package var keyword: Keyword {
        switch action {
        case .publishAddress: .publishAddress
        case .leaveAlias: .leaveAlias
        case .addressIsRight: .addressIsRight
        case .chooseName: .chooseName
        case .createPointer: .createPointer
        case .changePointer: .changePointer
        case .removePointers: .removePointers
        case .movePointer: .movePointer
        case .createAlias: .createAlias
        case .replaceAlias: .replaceAlias
        case .pointerIsRight: .pointerIsRight
        case .createZone: .createZone
        case .delegateZone: .delegateZone
        case .serveZone: .serveZone
        case .synchronize: .synchronize
        case .awaitResolvers: .awaitResolvers
        case .setHELO: .setHELO
        case .setHELOToOwnName: .setHELOToOwnName
        case .allowInSPF: .allowInSPF
        case .mendSPF: .mendSPF
        case .publishSPF: .publishSPF
        case .changeReceiverRule: .changeReceiverRule
        case .nothingInPool: .nothingInPool
        case .nameEachHost: .nameEachHost
        case .askAgain: .askAgain
        case .requestRemoval: .requestRemoval
        case .askBlockListAgain: .askBlockListAgain
        case .findPublicAddress: .findPublicAddress
        case .nothing: .nothing
        }
    }

    /// The zone that the step's records belong to; nil where no answer named it.
    package var zone: DomainName? {
        if case .createZone(let zone, _) = action { return zone }
        guard let keeper, !keeper.isGuess, !keeper.isRegistry || !isAboutPointer else { return nil }
        return keeper.zone
    }
}
