// Copied beside the receivers' models for the mutation run; no part of the product.
import DNSModel
import NetNames
import SenderIdentity

extension Mutant {
    private static func active(_ base: Int, _ offset: Int) -> Bool { on(base + offset) }

    private static let absence = LookupOutcome.Absence(zone: nil, authority: nil, ttl: nil)

    /// A look-up's outcome taken for another one.
    static func outcome(_ base: Int, _ value: LookupOutcome?) -> LookupOutcome? {
        switch value {
        case .failed(let failure) where !LibcResolver.isPermanent(failure):
            if active(base, 0) { return .noSuchName(absence) }
            if active(base, 4) { return .failed(.formatError) }
        case .failed:
            if active(base, 3) { return .failed(.serverFailure) }
        case .noSuchName(let absence):
            if active(base, 1) { return .failed(.serverFailure) }
            if active(base, 5) { return .noData(absence) }
        case .noData(let absence):
            if active(base, 2) { return .failed(.serverFailure) }
            if active(base, 6) { return .noSuchName(absence) }
        case .answers, nil: break
        }
        return value
    }

    /// What a PTR name leads to, by other families or with another class of failure.
    static func match(
        _ base: Int, _ name: PointerNameFacts, _ facts: IdentityFacts
    ) -> AddressMatch {
        let client = facts.subject.address
        let lookups = name.addresses
        let own = lookups.lookup(of: client.family)?.outcome
        let other = lookups.lookup(of: client.family == .v4 ? .v6 : .v4)?.outcome
        if active(base, 0) {
            switch other {
            case .answers: return .elsewhere(lookups.addresses)
            case .noData: return .noAddress
            case .noSuchName: return .noSuchName
            case .failed(let failure): return .unknown(failure)
            case nil: return .notAsked
            }
        }
        if active(base, 1), let failure = own?.failure ?? other?.failure { return .unknown(failure) }
        if active(base, 2), own?.failure != nil, other?.answers != nil {
            return .elsewhere(lookups.addresses)
        }
        switch name.match {
        case .unknown where active(base, 3): return .noSuchName
        case .noSuchName where active(base, 4): return .unknown(.serverFailure)
        case .noAddress where active(base, 5): return .unknown(.serverFailure)
        default: return name.match
        }
    }

    static func addresses(_ base: Int, _ lookups: AddressLookups) -> [IPAddress] {
        if active(base, 0) { return lookups.addresses.filter { $0.family == .v4 } }
        if active(base, 1) { return lookups.addresses.filter { $0.family == .v6 } }
        return lookups.addresses
    }
}

// MARK: Which of several

extension Judgement {
    static func ofFirstName(
        mutant base: Int, in facts: IdentityFacts, _ settings: ReceiverSettings,
        _ judge: (PointerNameFacts) -> Judgement
    ) -> Judgement {
        ofFirst(
            mutant: base, facts.pointer.names, skipped: facts.pointer.skipped, settings, judge)
    }

    static func ofFirst(
        mutant base: Int, _ names: [PointerNameFacts], skipped: Int, _ settings: ReceiverSettings,
        _ judge: (PointerNameFacts) -> Judgement
    ) -> Judgement {
        if Mutant.on(base), let last = names.last { return judge(last) }
        let all = names.map(judge)
        if Mutant.on(base + 1), all.contains(.accepts) { return .accepts }
        if Mutant.on(base + 2), let bad = all.first(where: { $0 != .accepts }) { return bad }
        return ofFirst(names, skipped: skipped, settings, judge)
    }
}

extension Sequence {
    func allSatisfy(mutant number: Int, _ isMet: (Element) -> Bool) -> Bool {
        Mutant.on(number) ? contains(where: isMet) : allSatisfy(isMet)
    }

    func contains(mutant number: Int, where isMet: (Element) -> Bool) -> Bool {
        Mutant.on(number) ? allSatisfy(isMet) : contains(where: isMet)
    }
}

extension Sequence<UInt8> {
    func map(mutant number: Int, _ change: (UInt8) -> UInt8) -> [UInt8] {
        Mutant.on(number) ? Array(self) : map(change)
    }
}

extension BidirectionalCollection {
    func first(mutant number: Int) -> Element? { Mutant.on(number) ? last : first }

    func last(mutant number: Int) -> Element? { Mutant.on(number) ? first : last }
}
