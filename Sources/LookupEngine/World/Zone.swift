package import DNSModel
package import NetNames

/// One zone: an apex and the records at and below it.
package struct Zone: Hashable, Sendable {
    package let apex: DomainName
    /// The SOA record at the apex.
    package let authority: ResourceRecord
    /// Whether the SOA record was made up, because the file has none.
    package let isAssumed: Bool
    /// Records by owner, in file order; an empty non-terminal has an entry without records.
    private var nodes: [DomainName: [ResourceRecord]] = [:]

    /// What a zone says about one name and type, before aliases are followed.
    enum Finding {
        case records([ResourceRecord])
        case alias(ResourceRecord, target: DomainName)
        case noData
        case noSuchName
        case referral(servers: [ResourceRecord], glue: [ResourceRecord])
    }

    /// Builds the zone from records that lie at or below its apex.
    init(apex: DomainName, records: [SourcedRecord]) throws(WorldError) {
        self.apex = apex
        var authority: ResourceRecord?
        var seen: Set<Contents> = []
        for sourced in records {
            let record = sourced.record
            guard seen.insert(Contents(owner: record.name, data: record.data)).inserted else {
                continue
            }
            if record.type == .soa {
                guard authority == nil else { throw sourced.error(.secondAuthority(record.name)) }
                authority = record
            }
            nodes[record.name, default: []].append(record)
        }
        isAssumed = authority == nil
        self.authority = authority ?? Self.assumedAuthority(of: apex)
        for sourced in records { try check(sourced) }
        // An assumed apex may be an alias; a SOA that nobody wrote must not contradict it.
        let isAlias = nodes[apex]?.contains { $0.type == .cname } ?? false
        if isAssumed, !isAlias { nodes[apex, default: []].append(self.authority) }
        for owner in Array(nodes.keys) { addNonTerminals(above: owner) }
    }

    /// Every record, the SOA first, then by owner in canonical order: a zone file's contents.
    package var records: [ResourceRecord] {
        let owners = nodes.keys.sorted()
        let others = owners.flatMap { nodes[$0] ?? [] }.filter { $0.type != .soa }
        return [authority] + others
    }

    /// The same record with another TTL is the same record (RFC 2181 §5.2).
    private struct Contents: Hashable {
        let owner: DomainName
        let data: RecordData
    }

    static func assumedAuthority(of apex: DomainName) -> ResourceRecord {
        let invalid = DomainName("invalid") ?? .root
        let soa = StartOfAuthority(
            primary: invalid, mailbox: invalid, serial: 1, refresh: 3600, retry: 600,
            expire: 86_400, minimum: 3600)
        return ResourceRecord(name: apex, ttl: 3600, data: .soa(soa))
    }

    private func check(_ sourced: SourcedRecord) throws(WorldError) {
        let owner = sourced.record.name
        guard sourced.record.type == .cname, let here = nodes[owner], here.count > 1 else { return }
        if here.contains(where: { $0.type != .cname && !Self.standsBesideAlias($0.type) }) {
            throw sourced.error(.aliasBesideData(owner))
        }
        if here.contains(where: { $0.type == .cname && $0.data != sourced.record.data }) {
            throw sourced.error(.secondAlias(owner))
        }
    }

    /// RRSIG and NSEC belong to every name (RFC 4034 §3, §4).
    private static func standsBesideAlias(_ type: RecordType) -> Bool {
        type.rawValue == 46 || type.rawValue == 47
    }

    private mutating func addNonTerminals(above owner: DomainName) {
        var name = owner
        while name != apex, let parent = name.parent, nodes[parent] == nil {
            nodes[parent] = []
            name = parent
        }
    }
}

extension Zone {
    /// The algorithm of RFC 1034 §4.3.2 with the wildcards of RFC 4592.
    ///
    /// 1. A name at or below NS records that are not the apex's own is delegated: a referral.
    /// 2. The name is there: its records of the type, its alias, or no data. An empty non-terminal
    ///    is there, too.
    /// 3. It is not: the wildcard below its closest encloser answers under the name that was asked;
    ///    without one, the name does not exist.
    func find(_ type: RecordType, at name: DomainName) -> Finding {
        var cut: DomainName?
        var encloser: DomainName?
        var ancestor = name
        while ancestor != apex, let parent = ancestor.parent {
            if let here = nodes[ancestor] {
                if encloser == nil { encloser = ancestor }
                if here.contains(where: { $0.type == .ns }) { cut = ancestor }
            }
            ancestor = parent
        }
        if let cut { return referral(at: cut) }
        let closest = encloser ?? apex
        if closest == name { return finding(type, among: nodes[name] ?? []) }
        guard let wildcard = try? closest.prepending("*".utf8), let source = nodes[wildcard] else {
            return .noSuchName
        }
        let synthesized = source.map { ResourceRecord(name: name, ttl: $0.ttl, data: $0.data) }
        return finding(type, among: synthesized)
    }

    private func finding(_ type: RecordType, among records: [ResourceRecord]) -> Finding {
        let found = type == .any ? records : records.filter { $0.type == type }
        if !found.isEmpty { return .records(found) }
        for record in records {
            if case .cname(let target) = record.data { return .alias(record, target: target) }
        }
        return .noData
    }

    private func referral(at cut: DomainName) -> Finding {
        let servers = (nodes[cut] ?? []).filter { $0.type == .ns }
        var glue: [ResourceRecord] = []
        for server in servers {
            guard case .ns(let name) = server.data else { continue }
            glue += (nodes[name] ?? []).filter { $0.type == .a || $0.type == .aaaa }
        }
        return .referral(servers: servers, glue: glue)
    }

    /// The SOA record as a negative answer carries it (RFC 2308 §3).
    var negativeAuthority: ResourceRecord {
        guard case .soa(let soa) = authority.data else { return authority }
        return ResourceRecord(
            name: authority.name, ttl: min(authority.ttl, soa.minimum), data: authority.data)
    }
}
