import NetNames
import SenderIdentity

/// The sentence of each finding, as its page in docs/findings has it in bold.
enum Messages {
    static func message(for finding: Finding, in facts: IdentityFacts) -> String {
        let client = facts.subject.address
        let helo = Causes.shown(facts.subject.helo)
        return switch finding.kind {
        case .addressSpecialPurpose(let purpose):
            "\(client) is a \(Causes.phrase(purpose.kind)) address (\(purpose.source));"
                + " receivers on the Internet never see it"

        // Article A's message, to the letter.
        case .noPointer: "IP Address \(client) does not have a PTR record in DNS"
        case .reverseLookupFailed(let failure):
            "Could not find out whether \(client) has a PTR record: \(Causes.phrase(failure))"
        case .onePointer(let name): "\(client) has one PTR record: \(name)"
        case .severalPointers(let count, _):
            "\(client) has \(count) PTR records, forward-confirmed:"
                + " \(facts.pointer.confirmedNames.count)"
        case .tooManyPointers(let count, let evaluated, _):
            "\(client) has \(count) PTR records; the first \(evaluated) were evaluated"

        case .pointerConfirmed(let name):
            "\(name) leads back to \(client): forward-confirmed (iprev=pass)"
        case .pointerPointsElsewhere(let name, let found):
            "The PTR name \(name) has \(Causes.list(found)), not \(client)"
        case .pointerNameDoesNotExist(let name, let absence):
            "The PTR name \(name) has no address: \(Causes.phrase(absence))"
        case .pointerForwardUnknown(let name, let failure):
            "Could not find out whether \(name) leads back to \(client): \(Causes.phrase(failure))"

        case .pointerNotAHostname(let name, let defect):
            "The PTR record of \(client) holds \(name), which is not a host name:"
                + " \(Causes.phrase(defect))"
        case .pointerMissingTrailingDot(let name, _):
            "The PTR target \(name) looks like a name written without its final dot"
        case .pointerNameIsAlias(let name, let target):
            "The PTR name \(name) is an alias (CNAME) of \(target)"
        case .pointerLooksGeneric(let name, let rule):
            "The PTR name \(name) looks like a provider's default name: \(Causes.phrase(rule))"
        case .reverseZoneWrittenForwards(let owner, _):
            "The PTR record of \(client) stands at \(owner), not reversed"

        case .reverseDelegationMissing(let registry):
            "The range of \(client) is delegated to nobody: \(registry) denies its name"
        case .reverseDelegationLame(let useless):
            "\(useless.servers.count) of \(useless.asked) servers of reverse zone"
                + " \(useless.zone) do not serve it: \(WalkWording.list(useless.servers))"
        case .classlessParentWithoutAlias(let alias, let child):
            "\(child) is delegated, but \(alias) has no CNAME that leads into it"
        case .classlessChildEmpty(let zone, let target):
            "The reverse alias leads to \(target), and \(zone) has no PTR record there"
        case .classlessChildLame(let useless):
            "\(useless.servers.count) of \(useless.asked) servers of classless zone"
                + " \(useless.zone) do not serve it: \(WalkWording.list(useless.servers))"
        case .classlessAliasDangling(let target, let end):
            "The reverse alias to \(target) leads nowhere: \(WalkWording.phrase(end))"
        case .serversDisagree(let disagreement):
            "Servers disagree about \(disagreement.name): \(WalkWording.words(disagreement))"

        case .heloAbsent: "No HELO name was given: HELO was not tested"
        case .heloMalformed(_, let defect):
            "HELO argument \(helo) is neither a host name nor an address literal:"
                + " \(Causes.phrase(defect))"
        case .heloNotFQDN: "HELO name \(helo) is not fully qualified: it has no domain"
        case .heloBareAddress: "HELO argument \(helo) is an address without brackets"
        case .heloLiteralMatches:
            "HELO is the address literal \(helo), and it is the client's address"
        case .heloLiteralMismatch:
            "HELO is the address literal \(helo), but the client is \(client)"
        case .heloLocalhost: "HELO name \(helo) is localhost: every machine's name for itself"
        case .heloName: "HELO name \(helo) is well formed and fully qualified"

        case .heloResolvesToClient(let name, _): "HELO name \(name) leads to \(client)"
        case .heloResolvesElsewhere(let name, let found):
            "HELO name \(name) has \(Causes.list(found)), not \(client)"
        case .heloResolvesToLoopback(let name, let found):
            "HELO name \(name) leads to a loopback address: \(Causes.list(found))"
        case .heloDoesNotResolve(let name, let hasMX):
            "HELO name \(name) has no address:"
                + " \(absence(of: facts))\(hasMX ? "; it has an MX record" : "")"
        case .heloLookupFailed(let name, let failure):
            "Could not find out where HELO name \(name) leads: \(Causes.phrase(failure))"
        case .heloIsAlias(let name, let target):
            "HELO name \(name) is an alias (CNAME) of \(target)"

        case .heloEqualsPointer: "HELO name \(helo) is the PTR name of \(client)"
        case .heloSameOrganization(let name, let domain):
            "HELO name \(helo) and PTR name \(name) belong to \(domain)"
        case .heloUnrelatedToPointer:
            "HELO name \(helo) and PTR name \(facts.pointer.names.first?.name.description ?? "?")"
                + " belong to different domains"

        case .sharedPoolByDesign:
            "\(client) is one of a pool that shares HELO name \(helo): nothing to fix here"
        case .multihomed:
            "Several hosts share HELO name \(helo):"
                + " \(Causes.list(facts.helo?.addresses?.addresses ?? []))"
        case .singleHost: "\(client) is a single host: one address, one name"

        case .blockListed(let zone, let listing): BlockListWording.listed(zone, listing, client)
        case .notBlockListed(let zone): "\(client) is not listed at \(zone.description)"
        case .blockListUnknown(let zone, let doubt): BlockListWording.unknown(zone, doubt, client)

        case .spf(let identity, let result): SPFWording.message(identity, result, in: facts)
        case .lookupLimitReached(let limit): limitMessage(limit)
        }
    }

    private static func absence(of facts: IdentityFacts) -> String {
        guard let addresses = facts.helo?.addresses else { return "NXDOMAIN" }
        let own = addresses.a?.outcome ?? addresses.aaaa?.outcome
        return own.map { Causes.phrase($0) } ?? "NXDOMAIN"
    }

    private static func phrase(_ stage: LookupStage) -> String {
        switch stage {
        case .verdict: "the verdict"
        case .members: "the members"
        case .spf: "SPF"
        case .pool: "the pool"
        case .blockList: "each block list"
        case .delegation: "the walk to the reverse zone"
        }
    }

    private static func limitMessage(_ limit: ReachedLimit) -> String {
        switch limit {
        case .members(let found, let evaluated):
            "A limit of this check was reached, \(evaluated) hosts behind the HELO name;"
                + " left open: \(found - evaluated) more"
        case .aliases(let name, let others):
            "A limit of this check was reached, \(EvidenceLimits.aliases) aliases in a row;"
                + " left open: where those of \(name) end"
                + (others > 0 ? ", and of \(others) more names" : "")
        case .packets(let stage, let unanswered):
            "A limit of this check was reached, \(stage.packetBudget) packets for"
                + " \(phrase(stage)); left open: \(unanswered) questions"
        case .bytes(let unkept):
            "A limit of this check was reached, \(EvidenceLimits.bytes >> 10) KiB of answers kept;"
                + " left open: \(unkept) questions whose answers are larger"
        case .walk(let limit):
            "A limit of this check was reached, \(WalkWording.phrase(limit));"
                + " left open: the rest of the walk to the reverse zone"
        }
    }
}
