package import DNSModel
package import NetNames

/// What a walk from the root servers to the zone of a PTR name met, in order.
///
/// Raw, as the servers gave it; what follows from it is in ``ReverseTreeFacts``.
package struct DelegationTrace: Hashable, Sendable {
    /// The client's PTR name.
    package let goal: DomainName
    /// Every zone that was entered; a reverse alias (RFC 2317) begins a new descent.
    package let visits: [Visit]
    /// Delegations found by guessing the names that RFC 2317 zones usually have.
    package let classless: [DomainName]
    package let limits: [Limit]
    /// Packets sent, those for the servers' own names among them.
    package let packets: Int
    package let elapsed: Duration

    package init(
        goal: DomainName, visits: [Visit], classless: [DomainName] = [], limits: [Limit] = [],
        packets: Int, elapsed: Duration
    ) {
        self.goal = goal
        self.visits = visits
        self.classless = classless
        self.limits = limits
        self.packets = packets
        self.elapsed = elapsed
    }

    /// One zone, as its parent delegates it, and what its servers said about one name.
    package struct Visit: Hashable, Sendable {
        /// The name whose PTR records its servers were asked for.
        package let asked: DomainName
        package let zone: DomainName
        /// The zone that delegates; nil for the root.
        package let parent: DomainName?
        /// Of the delegation, in seconds; nil for the root.
        package let ttl: UInt32?
        /// The names of the servers, in the order received; cut off at a limit.
        package let servers: [DomainName]
        /// How many names the delegation holds.
        package let serverCount: Int
        /// In the order asked; a zone that only refers on is left before all are asked.
        package let replies: [ServerReply]

        package init(
            asked: DomainName, zone: DomainName, parent: DomainName?, ttl: UInt32?,
            servers: [DomainName], serverCount: Int, replies: [ServerReply]
        ) {
            self.asked = asked
            self.zone = zone
            self.parent = parent
            self.ttl = ttl
            self.servers = servers
            self.serverCount = serverCount
            self.replies = replies
        }
    }

    /// What one server said.
    package struct ServerReply: Hashable, Sendable {
        package let name: DomainName
        /// Nil where none could be found out.
        package let address: IPAddress?
        package let reply: Reply
        /// The zone it answers from and that zone's SOA, if it told.
        package let authority: Authority?
        package let elapsed: Duration

        package init(
            name: DomainName, address: IPAddress?, reply: Reply, authority: Authority? = nil,
            elapsed: Duration
        ) {
            self.name = name
            self.address = address
            self.reply = reply
            self.authority = authority
            self.elapsed = elapsed
        }
    }

    /// The zone a server answers from, by its own word.
    package struct Authority: Hashable, Sendable {
        package let zone: DomainName
        package let start: StartOfAuthority

        package init(zone: DomainName, start: StartOfAuthority) {
            self.zone = zone
            self.start = start
        }
    }

    package enum Reply: Hashable, Sendable {
        /// To servers of a zone further down; not authoritative itself.
        case referral(DomainName)
        /// PTR records, with authority.
        case answers([DomainName], ttl: UInt32)
        /// An alias for the name that was asked, with authority (RFC 2317).
        case alias(DomainName, ttl: UInt32)
        /// With authority and SOA: the name exists without PTR records.
        case noData
        /// With authority and SOA.
        case noSuchName
        /// Neither authority nor a referral further down.
        case lame
        case failed(LookupFailure)
        /// The server's name has no address: DNS denies it.
        case noAddress
        /// Whether the server's name has an address could not be found out.
        case unknownAddress
        /// The address has a special purpose: it is not asked.
        case refusedAddress
    }

    package enum Limit: String, Hashable, Sendable, CaseIterable {
        case packets
        case time
        /// Server names of one zone.
        case servers
        /// Look-ups of servers' names.
        case serverNames = "server-names"
        /// Zones below each other.
        case cuts
        /// Aliases in a row.
        case aliases
    }
}

extension DelegationTrace.Reply {
    /// Whether the server answers for the name itself, with authority.
    package var isAuthoritative: Bool {
        switch self {
        case .answers, .alias, .noData, .noSuchName: true
        case .referral, .lame, .failed, .noAddress, .unknownAddress, .refusedAddress: false
        }
    }

    /// Whether nothing was heard, so that the fault may be ours or passing.
    package var isSilence: Bool {
        switch self {
        case .failed(.timeout), .failed(.unreachable), .failed(.budgetExhausted),
            .failed(.truncated), .unknownAddress, .refusedAddress:
            true
        case .referral, .answers, .alias, .noData, .noSuchName, .lame, .failed, .noAddress: false
        }
    }
}
