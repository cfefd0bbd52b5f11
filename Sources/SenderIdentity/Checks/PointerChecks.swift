import NetNames

extension Check {
    /// Whether the address has a PTR record (RFC 1912 §2.1), and how many.
    ///
    /// 1. NXDOMAIN, or NODATA with its SOA: there is none. A reverse alias that leads nowhere too.
    /// 2. Any failure: could not find out, never «no PTR».
    /// 3. One, several, or more than are evaluated.
    @Sendable
    static func pointerStatus(_ facts: IdentityFacts) -> [Finding] {
        guard let lookup = facts.pointer.lookup else { return [] }
        let pointer = facts.pointer
        let kind: Finding.Kind =
            switch lookup.outcome {
            case .noData, .noSuchName:
                .noPointer(lookup.outcome)
            case .failed(let failure):
                .reverseLookupFailed(failure)
            case .answers where pointer.skipped > 0:
                .tooManyPointers(
                    count: pointer.count, evaluated: pointer.names.count,
                    everyOneConfirms: pointer.names.allSatisfy { $0.match == .confirmed })
            case .answers where pointer.count > 1:
                .severalPointers(
                    count: pointer.count, everyOneConfirms: pointer.everyNameConfirms)
            case .answers:
                // An answer without a PTR would be malformed; the reader of responses drops it.
                pointer.names.first.map { .onePointer($0.name) } ?? .reverseLookupFailed(.malformed)
            }
        return [Finding(kind, [lookup.id])]
    }

    /// Whether each PTR name leads back to the client (RFC 8601 §3).
    ///
    /// A name that no receiver would look up has no answer here; its form says why.
    @Sendable
    static func pointerForward(_ facts: IdentityFacts) -> [Finding] {
        var findings: [Finding] = []
        for name in facts.pointer.names {
            let kind: Finding.Kind
            switch name.match {
            case .confirmed: kind = .pointerConfirmed(name.name)
            case .elsewhere(let found): kind = .pointerPointsElsewhere(name.name, found)
            case .noSuchName: kind = .pointerNameDoesNotExist(name.name, .noSuchName)
            case .noAddress: kind = .pointerNameDoesNotExist(name.name, .noAddress)
            // Not confirmed whatever the other family holds: no address of the client's own.
            case .otherFamilyUnknown:
                kind = .pointerNameDoesNotExist(
                    name.name, .noneOfFamily(facts.subject.address.family))
            case .unknown(let failure): kind = .pointerForwardUnknown(name.name, failure)
            case .notAsked: continue
            }
            findings.append(Finding(kind, name.addresses.ids))
        }
        return findings
    }

    /// Is each PTR name a host name of one's own? The first that applies, the worst first.
    ///
    /// 1. A forgotten dot: the name ends in the reverse tree, or holds its domain twice.
    /// 2. No host name (RFC 1123 §2.1).
    /// 3. An alias (RFC 2181 §10.2).
    /// 4. A name as providers make it for lines they let.
    @Sendable
    static func pointerForm(_ facts: IdentityFacts) -> [Finding] {
        var findings: [Finding] = []
        let own = [facts.pointer.lookup?.id].compactMap { $0 }
        for name in facts.pointer.names {
            if ReverseName.contains(name.name) || name.intended != nil {
                findings.append(
                    Finding(.pointerMissingTrailingDot(name.name, intended: name.intended), own))
            } else if let defect = name.defect {
                findings.append(Finding(.pointerNotAHostname(name.name, defect), own))
            } else if let target = name.addresses.aliasTarget {
                findings.append(
                    Finding(
                        .pointerNameIsAlias(name.name, target: target), own + name.addresses.ids))
            } else if let rule = name.genericRule {
                findings.append(Finding(.pointerLooksGeneric(name.name, rule), own))
            }
        }
        return findings
    }

    /// Whether the way down the reverse tree is whole: one fault, the first that explains the rest.
    ///
    /// 1. The record stands at the address written forwards.
    /// 2. What a walk from the root found (``ReverseTreeFacts``), if one was made.
    @Sendable
    static func reverseTree(_ facts: IdentityFacts) -> [Finding] {
        if let slip = facts.pointer.writtenForwards {
            let kind = Finding.Kind.reverseZoneWrittenForwards(
                owner: slip.owner, target: slip.target)
            return [Finding(kind, slip.ids)]
        }
        guard let fault = facts.reverseTree?.fault else { return [] }
        let kind: Finding.Kind =
            switch fault {
            case .delegationMissing(let registry): .reverseDelegationMissing(registry: registry)
            case .delegationLame(let useless): .reverseDelegationLame(useless)
            case .parentWithoutAlias(let alias, let child):
                .classlessParentWithoutAlias(alias: alias, child: child)
            case .childEmpty(let zone, let target):
                .classlessChildEmpty(zone: zone, target: target)
            case .childLame(let useless): .classlessChildLame(useless)
            case .aliasDangling(_, let target, let end):
                .classlessAliasDangling(target: target, end)
            case .disagreement(let disagreement): .serversDisagree(disagreement)
            }
        return [Finding(kind, [facts.pointer.lookup?.id].compactMap { $0 })]
    }
}
