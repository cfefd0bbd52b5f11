import DNSModel
import NetNames

extension Overlay {
    /// Planned records as a user wrote them, refused where they contradict themselves.
    ///
    /// 1. What no zone could hold, the overlay may not either: a CNAME record beside other records or
    ///    a second, different one, a second SOA record.
    /// 2. What would silently do nothing is refused, too: a wildcard, which an overlay does not expand;
    ///    an alias of itself, at once or by way of others; a file without records.
    /// 3. A record whose place contradicts its type is a slip: an address in the reverse tree, where
    ///    only the names of servers have one.
    /// - Parameter file: The file, read as a master file.
    /// - Throws: ``WorldError`` with the line.
    package init(file: ZoneFile) throws(WorldError) {
        try Self.check(
            file.contents.entries.map {
                SourcedRecord(record: $0.record, file: file.name, line: $0.line)
            })
        guard !file.contents.entries.isEmpty else {
            throw WorldError(file: file.name, line: 1, reason: .nothingPlanned)
        }
        self.init(records: file.contents.entries.map(\.record))
    }

    /// Reads a planned zone or a planned update, whichever the bytes are.
    /// - Parameters:
    ///   - name: The file's name for error messages.
    ///   - bytes: The whole file.
    /// - Throws: ``WorldError`` with the line and the reason.
    package init(name: String, bytes: [UInt8]) throws(WorldError) {
        guard PlannedUpdate.isUpdate(bytes) else {
            try self.init(file: try ZoneFile(name: name, bytes: bytes))
            return
        }
        let update = try PlannedUpdate(name: name, bytes: bytes)
        try Self.check(update.added)
        guard !update.changes.isEmpty else {
            throw WorldError(file: name, line: 1, reason: .nothingPlanned)
        }
        self.init(changes: update.changes)
    }

    private static func check(_ records: [SourcedRecord]) throws(WorldError) {
        var authorities: [DomainName: RecordData] = [:]
        var seen: [DomainName: [SourcedRecord]] = [:]
        for sourced in records {
            let owner = sourced.record.name
            if owner.labels.first.map({ $0.elementsEqual("*".utf8) }) == true {
                throw sourced.error(.plannedWildcard(owner))
            }
            switch sourced.record.data {
            case .soa:
                if let first = authorities[owner], first != sourced.record.data {
                    throw sourced.error(.secondAuthority(owner))
                }
                authorities[owner] = sourced.record.data
            case .cname(owner): throw sourced.error(.aliasOfItself(owner))
            case .address where ReverseName.address(of: owner) != nil:
                throw sourced.error(.addressInReverseTree(owner))
            default: break
            }
            for other in seen[owner] ?? [] {
                try Self.check(sourced, beside: other)
            }
            seen[owner, default: []].append(sourced)
        }
        try checkAliases(among: records)
    }

    /// Follows every planned alias, passing each name once: a file may plan 65,536 of them.
    private static func checkAliases(among records: [SourcedRecord]) throws(WorldError) {
        var aliases: [DomainName: (target: DomainName, place: Int)] = [:]
        for (place, sourced) in records.enumerated() {
            guard case .cname(let target) = sourced.record.data else { continue }
            aliases[sourced.record.name] = (target, place)
        }
        // By which walk a name was passed: the place of the record where it began.
        var walks: [DomainName: Int] = [:]
        for (walk, sourced) in records.enumerated() {
            var name = sourced.record.name
            while let alias = aliases[name], walks[name] == nil {
                walks[name] = walk
                name = alias.target
            }
            // Only where a walk meets itself is a ring.
            guard let alias = aliases[name], walks[name] == walk else { continue }
            var (last, next) = (alias.place, alias.target)
            while next != name, let alias = aliases[next] {
                last = max(last, alias.place)
                next = alias.target
            }
            throw records[last].error(.aliasRing(records[last].record.name))
        }
    }

    private static func check(
        _ sourced: SourcedRecord, beside other: SourcedRecord
    ) throws(WorldError) {
        let types = [sourced.record.type, other.record.type]
        guard types.contains(.cname) else { return }
        guard types == [.cname, .cname] else {
            throw sourced.error(.aliasBesideData(sourced.record.name))
        }
        guard sourced.record.data == other.record.data else {
            throw sourced.error(.secondAlias(sourced.record.name))
        }
    }
}
