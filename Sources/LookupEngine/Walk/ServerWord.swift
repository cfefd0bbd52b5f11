import DNSModel
import NetNames
import SenderIdentity

/// What one server's response means to a walk that asked it about a name of a zone.
///
/// 1. With authority: an alias at the name, records, or an absence with a SOA from this zone or one
///    below it. A SOA from above says that the server does not have the zone. An absence with none
///    (RFC 2308 §2.1, §2.2: types 3 and 4 of NXDOMAIN, type 3 of NODATA) is believed for now: the
///    walk asks for the SOA.
/// 2. A referral counts only downwards, to a zone that holds the name. Sideways or upwards, or an
///    answer without authority, the server is lame.
struct ServerWord {
    let reply: DelegationTrace.Reply
    let authority: DelegationTrace.Authority?
    /// The delegation, where the reply is a referral.
    let cut: Cut?

    init(_ observation: Observation, in zone: DomainName) {
        let question = observation.question
        guard let response = observation.response,
            response.code == .noError || response.code == .noSuchName
        else {
            self.init(.failed(observation.outcome.failure ?? .timeout))
            return
        }
        let authority = response.authority(of: question.name, within: zone)
        if response.isAuthoritative {
            // The code is that of the alias's end (RFC 6604 §3), which is another walk's matter.
            if let alias = response.alias(of: question.name) {
                self.init(.alias(alias.target, ttl: alias.ttl), authority: authority)
                return
            }
            switch observation.outcome {
            case .answers(let answers):
                let names = question.type == .ptr ? pointerNames(in: observation.outcome) : []
                self.init(.answers(names, ttl: answers.ttl), authority: authority)
                return
            case .noData where authority != nil:
                self.init(.noData, authority: authority)
                return
            case .noSuchName where authority != nil || response.namesNoAuthority:
                self.init(.noSuchName, authority: authority)
                return
            case .failed(.lame) where response.answers.isEmpty && response.namesNoAuthority:
                self.init(.noData)
                return
            case .noData, .noSuchName, .failed:
                break
            }
        }
        if response.code == .noError, response.answers.isEmpty,
            let cut = Cut(in: response, of: question.name, below: zone)
        {
            self.init(.referral(cut.zone), cut: cut)
        } else {
            self.init(.lame)
        }
    }

    private init(
        _ reply: DelegationTrace.Reply, authority: DelegationTrace.Authority? = nil,
        cut: Cut? = nil
    ) {
        self.reply = reply
        self.authority = authority
        self.cut = cut
    }
}

/// A delegation: the zone, its servers, and such addresses as the parent may speak for.
struct Cut: Hashable, Sendable {
    let zone: DomainName
    let parent: DomainName?
    let ttl: UInt32?
    /// Cut off at ``WalkLimits/servers``.
    let servers: [DomainName]
    let serverCount: Int
    let glue: [ResourceRecord]

    /// The referral of a response, if it leads from the zone towards the name.
    init?(in response: Response, of name: DomainName, below zone: DomainName) {
        let records = response.authority.filter { $0.type == .ns }
        guard let owner = records.first?.name, owner != zone, owner.isSubdomain(of: zone),
            name.isSubdomain(of: owner)
        else { return nil }
        self.init(owner, parent: zone, records, glue: response.glue)
    }

    /// The servers that a zone names itself, in an authoritative answer to an NS question.
    init?(answering response: Response, at zone: DomainName, below parent: DomainName) {
        let records = response.answers.filter { $0.type == .ns && $0.name == zone }
        guard response.isAuthoritative, response.code == .noError, !records.isEmpty else {
            return nil
        }
        self.init(zone, parent: parent, records, glue: response.glue)
    }

    init(hints: RootHints) {
        zone = .root
        parent = nil
        ttl = nil
        servers = hints.servers.prefix(WalkLimits.servers).map(\.name)
        serverCount = hints.servers.count
        glue = []
    }

    private init(
        _ zone: DomainName, parent: DomainName, _ records: [ResourceRecord],
        glue: [ResourceRecord]
    ) {
        var names: [DomainName] = []
        for record in records where record.name == zone {
            if case .ns(let name) = record.data, !names.contains(name) { names.append(name) }
        }
        self.zone = zone
        self.parent = parent
        ttl = records.map(\.ttl).min()
        let used = names.prefix(WalkLimits.servers)
        servers = Array(used)
        serverCount = names.count
        // A server speaks for names of its own zone; what it adds about others is hearsay.
        self.glue = glue.filter { used.contains($0.name) && $0.name.isSubdomain(of: parent) }
    }
}

extension Response {
    /// The SOA of the zone that holds the name: the given one or one below it.
    func authority(
        of name: DomainName, within zone: DomainName
    ) -> DelegationTrace.Authority? {
        for record in answers + authority
        where record.name.isSubdomain(of: zone) && name.isSubdomain(of: record.name) {
            if case .soa(let start) = record.data {
                return .init(zone: record.name, start: start)
            }
        }
        return nil
    }

    /// Whether it neither shows a SOA nor refers to servers.
    fileprivate var namesNoAuthority: Bool {
        !authority.contains { $0.type == .soa || $0.type == .ns }
    }

    fileprivate func alias(of name: DomainName) -> (target: DomainName, ttl: UInt32)? {
        for record in answers where record.name == name {
            if case .cname(let target) = record.data { return (target, record.ttl) }
        }
        return nil
    }
}
