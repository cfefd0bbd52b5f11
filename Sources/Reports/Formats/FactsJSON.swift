import DNSModel
import NetNames
import SenderIdentity

/// The word of a look-up's outcome: found, absent in one of two ways, or failed.
func outcomeWord(_ outcome: LookupOutcome?) -> String {
    switch outcome {
    case nil: "not-asked"
    case .answers: "answers"
    case .noData: "no-data"
    case .noSuchName: "no-such-name"
    case .failed: "failed"
    }
}

struct PointerDocument: Encodable {
    let question: String
    let outcome: String
    /// Why the look-up failed.
    let cause: String?
    /// Seconds: of the records, or of their absence.
    let ttl: UInt32?
    /// The zone that says there is none, and its SOA's server and mailbox.
    let zone: String?
    let primary: String?
    let mailbox: String?
    let aliases: [String]
    let count: Int
    let names: [Name]

    struct Name: Encodable {
        let name: String
        let match: String
        let cause: String?
        let addresses: [String]
        let alias: String?
    }

    init(_ pointer: PointerFacts) {
        let outcome = pointer.lookup?.outcome
        question = pointer.question.description
        self.outcome = outcomeWord(outcome)
        cause = outcome?.failure?.rawValue
        ttl = outcome?.answers?.ttl ?? outcome?.absence?.ttl
        zone = outcome?.absence?.zone?.description
        primary = outcome?.absence?.authority?.primary.description
        mailbox = outcome?.absence?.authority?.mailbox.description
        aliases = outcome?.aliases.map(\.description) ?? []
        count = pointer.count
        names = pointer.names.map { name in
            let match = matchWord(name.match)
            return Name(
                name: name.name.description, match: match.word, cause: match.cause,
                addresses: name.addresses.addresses.map(\.description),
                alias: name.addresses.aliasTarget?.description)
        }
    }
}

private func matchWord(_ match: AddressMatch) -> (word: String, cause: String?) {
    switch match {
    case .confirmed: ("confirmed", nil)
    case .elsewhere: ("elsewhere", nil)
    case .noSuchName: ("no-such-name", nil)
    case .noAddress: ("no-address", nil)
    case .unknown(let failure): ("unknown", failure.rawValue)
    case .otherFamilyUnknown(let failure): ("not-in-family", failure.rawValue)
    case .notAsked: ("not-asked", nil)
    }
}

struct HELODocument: Encodable {
    let argument: String
    /// The name that is looked up, if the argument holds one.
    let name: String?
    let match: String
    let cause: String?
    let addresses: [String]
    let mx: String
    let relation: String?
    let alias: String?

    init(_ helo: HELOFacts) {
        argument = helo.argument.text
        name = helo.argument.name?.description
        addresses = helo.addresses?.addresses.map(\.description) ?? []
        mx = outcomeWord(helo.mx?.outcome)
        alias = helo.addresses?.aliasTarget?.description
        switch helo.match {
        case .toClient: (match, cause) = ("to-client", nil)
        case .elsewhere: (match, cause) = ("elsewhere", nil)
        case .loopback: (match, cause) = ("loopback", nil)
        case .doesNotResolve: (match, cause) = ("does-not-resolve", nil)
        case .unknown(let failure): (match, cause) = ("unknown", failure.rawValue)
        case .notAsked: (match, cause) = ("not-asked", nil)
        }
        switch helo.relation {
        case .equals(_, let isConfirmed)?:
            relation = isConfirmed ? "equals-confirmed" : "equals-unconfirmed"
        case .sameOrganization?: relation = "same-organization"
        case .unrelated?: relation = "unrelated"
        case nil: relation = nil
        }
    }
}

struct MemberDocument: Encodable {
    let address: String
    let status: String
    let cause: String?
    let name: String?
    let equalsHELO: Bool?

    init(_ member: MemberFacts) {
        address = member.address.description
        name = member.name?.description
        equalsHELO = member.equalsHELO
        switch member.status {
        case .confirmed: (status, cause) = ("confirmed", nil)
        case .notConfirmed: (status, cause) = ("not-confirmed", nil)
        case .noPointer: (status, cause) = ("no-ptr", nil)
        case .unknown(let failure): (status, cause) = ("unknown", failure.rawValue)
        case .notAsked: (status, cause) = ("not-asked", nil)
        }
    }
}
