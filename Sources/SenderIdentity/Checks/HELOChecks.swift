import NetNames

extension Check {
    /// Whether the HELO argument is a name or literal of RFC 5321 §4.1.4.
    @Sendable
    static func heloForm(_ facts: IdentityFacts) -> [Finding] {
        guard let argument = facts.helo?.argument else { return [Finding(.heloAbsent, [])] }
        let kind: Finding.Kind
        switch argument.form {
        case .malformed(let defect): kind = .heloMalformed(argument, defect)
        case .singleLabel: kind = .heloNotFQDN(argument)
        case .bareAddress(let address): kind = .heloBareAddress(address)
        case .literal(let address) where address == facts.subject.address:
            kind = .heloLiteralMatches(address)
        case .literal(let address): kind = .heloLiteralMismatch(address)
        case .localhost: kind = .heloLocalhost(argument)
        case .name: kind = argument.name.map { .heloName($0) } ?? .heloNotFQDN(argument)
        }
        return [Finding(kind, [])]
    }

    /// Whether the HELO name resolves, and to the client.
    ///
    /// A name that leads elsewhere is no error in itself: RFC 5321 §4.1.4 forbids refusing for it.
    /// Localhost is not compared, for it means another machine on every machine.
    @Sendable
    static func heloAndClient(_ facts: IdentityFacts) -> [Finding] {
        guard let match = facts.helo?.match, let name = facts.helo?.argument.name,
            facts.helo?.argument.form != .localhost, var ids = facts.helo?.addresses?.ids
        else { return [] }
        let kind: Finding.Kind
        switch match {
        case .toClient:
            kind = .heloResolvesToClient(name, addressCount: facts.helo?.addressCount ?? 0)
        case .elsewhere(let found): kind = .heloResolvesElsewhere(name, found)
        case .loopback(let found): kind = .heloResolvesToLoopback(name, found)
        case .doesNotResolve:
            kind = .heloDoesNotResolve(name, hasMX: facts.helo?.hasMX == true)
            if let mx = facts.helo?.mx?.id { ids.append(mx) }
        case .unknown(let failure): kind = .heloLookupFailed(name, failure)
        case .notAsked: return []
        }
        return [Finding(kind, ids)]
    }

    /// Is the HELO name an alias? RFC 5321 §2.3.5 wants the primary name.
    @Sendable
    static func heloAlias(_ facts: IdentityFacts) -> [Finding] {
        guard let target = facts.helo?.addresses?.aliasTarget,
            let addresses = facts.helo?.addresses, let name = facts.helo?.argument.name
        else { return [] }
        return [Finding(.heloIsAlias(name, target: target), addresses.ids)]
    }

    /// How does the HELO name stand to the PTR names? Confirmed names are compared first.
    @Sendable
    static func heloAndPointer(_ facts: IdentityFacts) -> [Finding] {
        guard let relation = facts.helo?.relation, let name = facts.helo?.argument.name
        else { return [] }
        let ids = [facts.pointer.lookup?.id].compactMap { $0 }
        switch relation {
        case .equals(let pointer, let isConfirmed):
            return [Finding(.heloEqualsPointer(pointer, isConfirmed: isConfirmed), ids)]
        case .sameOrganization(let pointer, let domain):
            return [Finding(.heloSameOrganization(pointer, domain: domain), ids)]
        case .unrelated:
            return [Finding(.heloUnrelatedToPointer(name), ids)]
        }
    }

    /// Whether the HELO name is one host's, shared by a few, or a pool's by design.
    @Sendable
    static func topology(_ facts: IdentityFacts) -> [Finding] {
        let ids = facts.members.flatMap(\.ids)
        switch facts.topology {
        case .sharedPool(let pool): return [Finding(.sharedPoolByDesign(pool), ids)]
        case .multihomed(let isClientMissing):
            return [Finding(.multihomed(isClientMissing: isClientMissing), ids)]
        case .singleHost: return [Finding(.singleHost, ids)]
        case .undetermined, .notApplicable: return []
        }
    }
}
