package import DNSModel
package import NetNames
package import SPF
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

    /// Whether a name is still to be chosen, so that nothing can be carried out yet.
    package var leavesNameOpen: Bool {
        if case .chooseName = action { return true }
        return action == .setHELOToOwnName
    }

    /// How long resolvers may still give the old answer.
    package struct Wait: Hashable, Sendable {
        package let seconds: UInt32
        package let kind: Kind

        /// Why they may.
        package enum Kind: Hashable, Sendable {
            case record
            /// An absence is kept for the zone's negative TTL (RFC 2308 §5).
            case absence
            /// A failed look-up is remembered, too (RFC 2308 §7).
            case failure
            /// The servers of a zone are those that the zone above named when it was asked last.
            case delegation
        }

        /// RFC 2308 §7.1: a failure is remembered for five minutes at most.
        private static let longestFailure: UInt32 = 300

        init(delegation ttl: UInt32) {
            seconds = ttl
            kind = .delegation
        }

        init(record ttl: UInt32) {
            seconds = ttl
            kind = .record
        }

        /// From the old answer; nil when there was none to keep.
        init?(_ outcome: LookupOutcome?) {
            switch outcome {
            case .answers(let answers):
                seconds = answers.ttl
                kind = .record
            case .noData(let absence), .noSuchName(let absence):
                guard let ttl = absence.ttl else { return nil }
                seconds = ttl
                kind = .absence
            case .failed:
                seconds = Self.longestFailure
                kind = .failure
            case nil:
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
        /// Publish the address record of this name in the place of its alias, which leads to another
        /// organization's name.
        case leaveAlias(owner: DomainName, target: DomainName)
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
        /// Lead this name into the zone that is delegated for its block (RFC 2317).
        case createAlias(owner: DomainName, target: DomainName, keeper: ZoneKeeper)
        /// Put the record in the place of an alias that leads to nothing.
        case replaceAlias(owner: DomainName, target: DomainName, keeper: ZoneKeeper)
        /// The PTR records are there already.
        case pointerIsRight(owner: DomainName, [DomainName], keeper: ZoneKeeper)
        /// Make this zone, which nobody has yet, with the PTR record in it.
        case createZone(DomainName, pointer: DomainName)
        /// Delegate this zone; the keeper is of the zone above it.
        case delegateZone(DomainName, by: ZoneKeeper)
        /// Let the servers of a zone serve it, or delegate it to others.
        case serveZone(ZoneService)
        /// Let the servers of a zone have the same copy of it.
        case synchronize(ZoneCopies)
        /// The servers have the records already; resolvers remember another answer.
        case awaitResolvers(owner: DomainName, [DomainName], keeper: ZoneKeeper)
        /// Allow the address in the SPF record of this domain, in place of what it has.
        case allowInSPF(DomainName, IPAddress, SPFRefusal, replacing: [RecordData])
        /// Mend the SPF record of this domain, in place of what it has. What is mended and no more
        /// would refuse the client: so it stands in the record, or the refusal says why not.
        case mendSPF(
            DomainName, IPAddress, SPFReason?, SPFRefusal?, replacing: [RecordData])
        /// Publish an SPF record for this domain, which has none.
        case publishSPF(DomainName, SPFRequest.Identity)
        /// Require a forward-confirmed PTR name instead of PTR = HELO.
        case changeReceiverRule
        /// Nothing; who runs the pool may set each host's HELO to its PTR name.
        case nothingInPool
        /// The same, where the sender has something else to do.
        case nameEachHost
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
