package import DNSModel
package import NetNames
package import SenderIdentity

/// One step of the plan.
package struct RemedyStep: Hashable, Sendable {
    package let owner: Owner
    package let action: Action
    /// The records to publish, as they stand in a master file.
    package let records: [ResourceRecord]
    package let wait: Wait?

    package init(
        _ owner: Owner, _ action: Action, records: [ResourceRecord] = [], wait: Wait? = nil
    ) {
        self.owner = owner
        self.action = action
        self.records = records
        self.wait = wait
    }

    /// How long resolvers may still give the old answer.
    package struct Wait: Hashable, Sendable {
        package let seconds: UInt32
        /// Whether the old answer is an absence, kept for the zone's negative TTL (RFC 2308 §5).
        package let isNegative: Bool

        /// From the old answer; nil when there was none to keep.
        init?(_ outcome: LookupOutcome?) {
            switch outcome {
            case .answers(let answers):
                seconds = answers.ttl
                isNegative = false
            case .noData(let absence), .noSuchName(let absence):
                guard let ttl = absence.ttl else { return nil }
                seconds = ttl
                isNegative = true
            case .failed, nil:
                return nil
            }
        }
    }

    /// Who has to act.
    package enum Owner: String, Hashable, Sendable, CaseIterable {
        /// The sender, in his own forward DNS.
        case you
        /// The holder of the address: the ISP or hosting provider, who keeps the reverse zone.
        case addressHolder = "address-holder"
        /// Who keeps the zone that a reverse alias leads to: a customer, often (RFC 2317).
        case reverseZoneKeeper = "reverse-zone-keeper"
        /// Who runs the sending mail server.
        case mailServerAdmin = "mail-server-admin"
        /// The recipient's administrator.
        case receiverAdmin = "receiver-admin"
        case nobody
    }

    package enum Action: Hashable, Sendable {
        /// Publish the address record of this name, beside those it has.
        case publishAddress(DomainName, hasOthers: Bool)
        /// The address record is right as it is.
        case addressIsRight(DomainName, IPAddress)
        /// No name of one's own is known yet: choose one and give it the address.
        case chooseName(IPAddress)
        /// Create the PTR record in this zone.
        case createPointer(owner: DomainName, keeper: ZoneKeeper)
        /// Replace these PTR names by the record of the step.
        case changePointer(owner: DomainName, from: [DomainName], keeper: ZoneKeeper)
        /// Remove these PTR names; the others stay.
        case removePointers(owner: DomainName, [DomainName], keeper: ZoneKeeper)
        /// The record stands under the address written forwards; put it where it belongs.
        case movePointer(from: DomainName, owner: DomainName, keeper: ZoneKeeper)
        /// Let the mail server say this name in HELO.
        case setHELO(DomainName)
        /// Let the server say a fully-qualified name of its own.
        case setHELOToOwnName
        /// Allow the address in the SPF record of this domain.
        case allowInSPF(DomainName, IPAddress)
        /// Mend the SPF record of this domain.
        case mendSPF(DomainName)
        /// Require a forward-confirmed PTR name instead of PTR = HELO.
        case changeReceiverRule
        /// Nothing; who runs the pool may set each host's HELO to its PTR name.
        case nothingInPool
        /// A look-up failed; how many more failed alike.
        case askAgain(DomainName, LookupFailure, alike: Int)
        /// Ask a block list to remove the entry; the page where its keepers take requests.
        case requestRemoval(BlockListZone, page: String?)
        /// A block list's answers said nothing.
        case askBlockListAgain(BlockListZone, BlockListDoubt)
        /// Find the address that receivers see.
        case findPublicAddress
        case nothing
    }
}

/// Who keeps a reverse zone, as far as an answer told.
package struct ZoneKeeper: Hashable, Sendable {
    package let zone: DomainName
    /// The SOA's primary server and mailbox; nil when no SOA was seen.
    package let primary: DomainName?
    package let mailbox: DomainName?
    /// Whether the zone is only the usual cut, not one that an answer named.
    package let isGuess: Bool
    /// Whether a registry's zone denied the name, because the range is delegated to nobody.
    package let isRegistry: Bool

    /// From a walk if one was made, else from the SOA of a denial, else by guessing.
    package init(of facts: IdentityFacts) {
        if let keeper = facts.reverseTree?.keeper {
            zone = keeper.zone
            isRegistry = keeper.confidence == .registry
            primary = isRegistry ? nil : keeper.authority?.primary
            mailbox = isRegistry ? nil : keeper.authority?.mailbox
            isGuess = false
        } else if let absence = facts.pointer.lookup?.outcome.absence, let zone = absence.zone {
            self.zone = zone
            isRegistry =
                ReverseName.contains(zone)
                && zone.labelCount <= Self.registryLabels(facts.subject.address.family)
            primary = isRegistry ? nil : absence.authority?.primary
            mailbox = isRegistry ? nil : absence.authority?.mailbox
            isGuess = false
        } else {
            zone = ReverseName.conventionalZone(of: facts.subject.address)
            primary = nil
            mailbox = nil
            isGuess = true
            isRegistry = false
        }
    }

    /// Zones this short are the registries': a /8 of IPv4, up to a /24 of IPv6.
    private static func registryLabels(_ family: IPAddress.Family) -> Int {
        family == .v4 ? 3 : 8
    }

    /// The SOA mailbox as a mail address (RFC 1035 §8): its first label is the local part.
    ///
    /// Nil where it can be none, or where odd bytes could turn one recipient into two.
    package var mailAddress: String? {
        guard let mailbox, let local = mailbox.labels.first, let domain = mailbox.parent,
            domain.labelCount >= 2, HostnameDefect.of(domain) == nil, local.allSatisfy(Self.isAtom)
        else { return nil }
        return String(decoding: local, as: UTF8.self) + "@" + domain.description
    }

    /// Letters, digits, and what is usual in mailbox names.
    private static func isAtom(_ byte: UInt8) -> Bool {
        Ascii.isLetter(byte) || Ascii.isDigit(byte)
            || [Ascii.dot, Ascii.hyphen, Ascii.underscore, UInt8(ascii: "+")].contains(byte)
    }
}
