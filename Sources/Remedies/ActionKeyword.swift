package import NetNames

extension RemedyStep.Action {
    /// The action in one word that never changes its meaning, for programs.
    package var keyword: String {
        switch self {
        case .publishAddress: "publish-address"
        case .addressIsRight: "address-is-right"
        case .chooseName: "choose-name"
        case .createPointer: "create-ptr"
        case .changePointer: "change-ptr"
        case .removePointers: "remove-ptrs"
        case .movePointer: "move-ptr"
        case .createAlias: "create-alias"
        case .replaceAlias: "replace-alias"
        case .pointerIsRight: "ptr-is-right"
        case .createZone: "create-zone"
        case .delegateZone: "delegate-zone"
        case .serveZone: "serve-zone"
        case .synchronize: "synchronize-servers"
        case .awaitResolvers: "wait-for-resolvers"
        case .setHELO: "set-helo"
        case .setHELOToOwnName: "set-helo-to-own-name"
        case .allowInSPF: "allow-in-spf"
        case .mendSPF: "mend-spf"
        case .publishSPF: "publish-spf"
        case .changeReceiverRule: "change-receiver-rule"
        case .nothingInPool: "nothing-in-pool"
        case .askAgain: "ask-again"
        case .requestRemoval: "request-removal"
        case .askBlockListAgain: "ask-block-list-again"
        case .findPublicAddress: "find-public-address"
        case .nothing: "nothing"
        }
    }
}

extension RemedyStep {
    /// The zone that the step's records belong to; nil where no answer named it.
    package var zone: DomainName? {
        if case .createZone(let zone, _) = action { return zone }
        guard let keeper, !keeper.isGuess, !keeper.isRegistry || !isAboutPointer else { return nil }
        return keeper.zone
    }
}
