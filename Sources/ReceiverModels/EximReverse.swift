import NetNames
import SenderIdentity

/// Exim's own reverse look-up (host.c): every PTR name, addresses of both families.
///
/// 1. `bydns`: all PTR names; empty ones are skipped, since 4.97 also those with other bytes than
///    letters, digits, `.` and `-`. A temporary failure defers.
/// 2. No name left: `byaddr`, the C library's one name. It refuses odd names with an error that
///    Exim takes for a temporary one.
/// 3. A and AAAA of every name. A failed look-up counts only if the other type has no address, and
///    then defers everything, even where another name has matched.
/// 4. The names whose addresses hold the client's are the host's names.
enum EximReverse {
    /// The client's address belongs to these names.
    case confirmed([DomainName])
    case failed([FindingCode])
    /// Exim tries again later.
    case deferred([FindingCode])
    case cannotTell(Judgement.Reason)

    /// What `judge` makes of the look-up; of each possible first name where the C library decides.
    static func judgement(
        of facts: IdentityFacts, _ settings: ReceiverSettings, _ judge: (EximReverse) -> Judgement
    ) -> Judgement {
        let asksLibrary = !settings.has("host_lookup_order", "bydns")
        switch facts.pointer.lookup?.outcome {
        case nil: return judge(.cannotTell(.notAsked))
        // An alias that leads to a name without PTR is an error to the C library (glibc 2.36).
        case .noData(let absence) where asksLibrary && !absence.aliases.isEmpty:
            return judge(.deferred([.noPointer]))
        case .noData, .noSuchName: return judge(.failed([.noPointer]))
        case .failed(let failure):
            if failure.isOurOwn { return judge(.cannotTell(.lookupFailed(failure))) }
            // Exim itself goes on after FORMERR; the library's error then defers.
            let isDeferred = asksLibrary || !LibcResolver.isPermanent(failure)
            return judge(
                isDeferred ? .deferred([.reverseLookupFailed]) : .failed([.reverseLookupFailed]))
        case .answers: break
        }
        let isOld = settings.has("version", "4.96")
        let names = facts.pointer.names.filter { isKept($0, isOld: isOld) }
        if !names.isEmpty || !asksLibrary {
            return judge(EximReverse(names, facts, skipped: facts.pointer.skipped))
        }
        return .ofFirstName(in: facts, settings) { name in
            LibcResolver.accepts(name.name)
                ? judge(EximReverse([name], facts, skipped: 0))
                : judge(.deferred([.pointerNotAHostname]))
        }
    }

    private static func isKept(_ name: PointerNameFacts, isOld: Bool) -> Bool {
        switch name.defect {
        case .root: false
        case .character: isOld
        case .localhost, .singleLabel, .numeric, .hyphenAtEdge, nil: true
        }
    }

    /// The forward look-ups of the names that were kept.
    private init(_ names: [PointerNameFacts], _ facts: IdentityFacts, skipped: Int) {
        var confirmed: [DomainName] = []
        var open: Judgement.Reason?
        for name in names {
            switch EximForward(name.name.description, name.addresses) {
            case .addresses(let addresses):
                if addresses.contains(facts.subject.address) { confirmed.append(name.name) }
            case .nothing: break
            case .temporaryFailure:
                self = .deferred([.pointerForwardUnknown])
                return
            case .cannotTell(let reason): open = reason
            }
        }
        if let open {
            self = .cannotTell(open)
        } else if skipped > 0 {
            self = .cannotTell(.namesSkipped)
        } else {
            self = confirmed.isEmpty ? .failed(codes(of: names, in: facts)) : .confirmed(confirmed)
        }
    }
}

/// Why none of the names is the client's.
private func codes(of names: [PointerNameFacts], in facts: IdentityFacts) -> [FindingCode] {
    names.isEmpty ? [.pointerNotAHostname] : unconfirmedCodes(in: facts)
}

/// The addresses of one name as Exim finds them (host_find_bydns).
enum EximForward {
    case addresses([IPAddress])
    case nothing
    case temporaryFailure
    case cannotTell(Judgement.Reason)

    init(_ text: String, _ lookups: AddressLookups?) {
        guard EximSyntax.isLookedUp(text.utf8) else {
            self = .nothing
            return
        }
        let outcomes = [lookups?.a?.outcome, lookups?.aaaa?.outcome].compactMap { $0 }
        if let lookups, !lookups.addresses.isEmpty {
            self = .addresses(lookups.addresses)
        } else if outcomes.isEmpty {
            self = .cannotTell(.notAsked)
        } else if let own = outcomes.compactMap(\.failure).first(where: \.isOurOwn) {
            self = .cannotTell(.lookupFailed(own))
        } else {
            self = outcomes.contains { $0.failure != nil } ? .temporaryFailure : .nothing
        }
    }
}
