package import DNSModel
package import NetNames

/// What a look-up established.
///
/// The split everything rests on: found, authoritatively absent, and could not find out never
/// collapse. Indirect, because facts and findings pass it on much more often than they look inside.
package indirect enum LookupOutcome: Hashable, Sendable {
    /// At least one record of the asked type, at the end of the alias chain if there is one.
    case answers(Answers)
    /// The name exists, the type does not: NOERROR without records and with a SOA (RFC 2308 §2.2).
    case noData(Absence)
    /// The name does not exist: NXDOMAIN (RFC 8020).
    case noSuchName(Absence)
    case failed(LookupFailure)

    package struct Answers: Hashable, Sendable {
        /// The data in the order it arrived.
        package let data: [RecordData]
        /// The smallest TTL of the chain and the records, in seconds.
        package let ttl: UInt32
        /// The names the question was carried to by CNAME records, in order.
        package let aliases: [DomainName]

        package init(data: [RecordData], ttl: UInt32, aliases: [DomainName] = []) {
            self.data = data
            self.ttl = ttl
            self.aliases = aliases
        }
    }

    package struct Absence: Hashable, Sendable {
        /// The zone that says so: the owner of the SOA record, when one came.
        package let zone: DomainName?
        package let authority: StartOfAuthority?
        /// How long resolvers may remember the absence, in seconds (RFC 2308 §5).
        package let ttl: UInt32?
        /// As in ``Answers/aliases``: an absence at the end of a chain is a dangling alias.
        package let aliases: [DomainName]

        package init(
            zone: DomainName?, authority: StartOfAuthority?, ttl: UInt32?,
            aliases: [DomainName] = []
        ) {
            self.zone = zone
            self.authority = authority
            self.ttl = ttl
            self.aliases = aliases
        }
    }

    /// The absence, whichever of the two it is.
    package var absence: Absence? {
        switch self {
        case .noData(let absence), .noSuchName(let absence): absence
        case .answers, .failed: nil
        }
    }

    package var failure: LookupFailure? {
        if case .failed(let failure) = self { failure } else { nil }
    }

    package var answers: Answers? {
        if case .answers(let answers) = self { answers } else { nil }
    }

    package var aliases: [DomainName] {
        switch self {
        case .answers(let answers): answers.aliases
        case .noData(let absence), .noSuchName(let absence): absence.aliases
        case .failed: []
        }
    }
}

/// Why a look-up found nothing out.
///
/// Every case is temporary evidence: never «no record».
package enum LookupFailure: String, Error, Hashable, Sendable, CaseIterable {
    /// RCODE SERVFAIL: the server could not get an answer itself.
    case serverFailure = "servfail"
    /// SERVFAIL with an extended error of 5 to 12: DNSSEC validation failed (RFC 8914 §4).
    case bogus = "bogus"
    case refused = "refused"
    case formatError = "formerr"
    case notImplemented = "notimp"
    /// Any other response code that is neither NOERROR nor NXDOMAIN.
    case unexpectedCode = "unexpected-rcode"
    /// No server answered in time.
    case timeout = "timeout"
    /// A referral, or NOERROR without records and without a SOA: the server does not know the zone.
    case lame = "lame"
    /// An answer that breaks the wire format or contradicts itself.
    case malformed = "malformed"
    /// The alias chain returns to a name it already passed.
    case aliasLoop = "alias-loop"
    /// More than ``EvidenceLimits/aliases`` aliases in a row.
    case aliasChainTooLong = "alias-chain-too-long"
    /// The answer was cut off over UDP and could not be had over TCP.
    case truncated = "truncated"
    /// The resolver says itself that its answer is stale, blocked or filtered (RFC 8914 §4).
    case withheld = "withheld"
    /// The packets allowed for this stage were spent, or the bytes that one check may keep.
    case budgetExhausted = "budget-exhausted"
    /// The network said no: connection refused, no route.
    case unreachable = "unreachable"
    /// The name lies in the reverse zone of special-purpose addresses, or an alias leads there: the
    /// system's resolvers may know a private network, which is nobody's business.
    case specialPurpose = "special-purpose"
    /// Saved evidence does not hold this question.
    case notRecorded = "not-recorded"
}

/// The limits of one verdict, each with its reason.
package enum EvidenceLimits {
    /// PTR names evaluated; RFC 8601 §3 asks for a limit and names SPF's ten (RFC 7208 §4.6.4).
    package static let pointerNames = 10
    /// Aliases followed for one question: more than a working set-up needs, less than unbound's 11.
    package static let aliases = 8
    /// Addresses behind a HELO name that are looked up: three packets each fit the stage's 60.
    package static let members = 20
    /// PTR names looked at per member; a pool's members have one, a second shows a slip.
    package static let memberNames = 2
    /// Upstream packets for the core verdict: ten names twice, HELO, and room to ask again.
    package static let verdictPackets = 40
    /// Upstream packets for the table of pool members.
    package static let memberPackets = 60
    /// Packets of a walk from the root: four zones of two to eight servers, names to look up,
    /// 21 guesses of a classless zone, and room to ask again.
    package static let delegationPackets = 150
    /// Upstream packets for SPF of one identity: ten terms, one of them with ten names, twice, and
    /// room to ask again.
    package static let spfPackets = 150
    /// Bytes of answers kept for one verdict: some ten times what the fullest of honest worlds takes.
    package static let bytes = 1 << 20
}
