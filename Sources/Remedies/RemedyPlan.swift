package import DNSModel
package import NetNames
package import ReceiverModels
package import SenderIdentity

/// What to do, in order: who, what exactly, why, and what it changes.
package struct RemedyPlan: Sendable {
    package let steps: [RemedyStep]
    /// What the receivers do once every record and setting of the plan is in place; nil where the
    /// plan changes neither.
    package let after: [SimulatedReply]?

    /// Plans the remedy of the facts, and simulates it.
    package init(
        for facts: IdentityFacts, verdict: Verdict, evidence: Evidence,
        receivers: [Receiver] = Receiver.all
    ) {
        let steps = Planner(facts: facts, verdict: verdict).steps
        self.steps = steps
        let change = PlannedChange(steps)
        after =
            change.isEmpty
            ? nil : Simulation.replies(for: change.facts(after: facts, evidence), by: receivers)
    }

    /// Rules that refused, deferred or wavered before and accept after the plan.
    package func accepted(among before: [SimulatedReply]) -> [SimulatedReply] {
        guard let after else { return [] }
        return zip(before, after).compactMap { old, new in
            old.outcome != .accept && old.outcome != .cannotTell && new.outcome == .accept
                ? new : nil
        }
    }

    /// Rules that still do not accept after the plan, though they could be told before.
    package func stillRefusing(among before: [SimulatedReply]) -> [SimulatedReply] {
        guard let after else { return [] }
        return zip(before, after).compactMap { old, new in
            [.accept, .cannotTell].contains(old.outcome) || new.outcome == .accept ? nil : new
        }
    }
}

/// One step of the plan.
package struct RemedyStep: Hashable, Sendable {
    package let owner: Owner
    package let action: Action
    /// The records to publish, as they stand in a master file.
    package let records: [ResourceRecord]
    /// How long resolvers may still give the old answer, in seconds.
    package let wait: UInt32?

    package init(
        _ owner: Owner, _ action: Action, records: [ResourceRecord] = [], wait: UInt32? = nil
    ) {
        self.owner = owner
        self.action = action
        self.records = records
        self.wait = wait
    }

    /// Who has to act.
    package enum Owner: String, Hashable, Sendable, CaseIterable {
        /// The sender, in his own forward DNS.
        case you
        /// The holder of the address: the ISP or hosting provider, who keeps the reverse zone.
        case addressHolder = "address-holder"
        /// Who runs the sending mail server.
        case mailServerAdmin = "mail-server-admin"
        /// The recipient's administrator.
        case receiverAdmin = "receiver-admin"
        case nobody
    }

    package enum Action: Hashable, Sendable {
        /// Publish the address record of this name.
        case publishAddress(DomainName)
        /// The address record is right as it is.
        case addressIsRight(DomainName)
        /// No name is known yet: choose one and give it the address.
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
        /// No confirmed name is there yet: let the server say a fully-qualified name of its own.
        case setHELOToOwnName
        /// Require a forward-confirmed PTR name instead of PTR = HELO.
        case changeReceiverRule
        /// Nothing; who runs the pool may set each host's HELO to its PTR name.
        case nothingInPool
        /// A look-up failed: its zone's servers, or the way to them, have to be looked after.
        case askAgain(DomainName, LookupFailure)
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

    init(of facts: IdentityFacts) {
        if let absence = facts.pointer.lookup?.outcome.absence, let zone = absence.zone {
            self.zone = zone
            primary = absence.authority?.primary
            mailbox = absence.authority?.mailbox
            isGuess = false
        } else {
            zone = ReverseName.conventionalZone(of: facts.subject.address)
            primary = nil
            mailbox = nil
            isGuess = true
        }
    }

    /// The SOA mailbox as a mail address (RFC 1035 §8): its first label is the local part.
    package var mailAddress: String? {
        guard let mailbox, let local = mailbox.labels.first, let domain = mailbox.parent,
            !domain.isRoot, local.allSatisfy({ Ascii.isPrintable($0) && $0 != Ascii.space })
        else { return nil }
        return String(decoding: local, as: UTF8.self) + "@" + domain.description
    }
}
