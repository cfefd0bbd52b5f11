import DNSModel
import NetNames

extension Overlay {
    /// Planned records as a user wrote them, refused where they contradict themselves.
    ///
    /// 1. What no zone could hold, the overlay may not either: a CNAME record beside other records or
    ///    a second, different one, a second SOA record.
    /// 2. What would silently do nothing is refused, too: a wildcard, which an overlay does not expand;
    ///    an alias of itself; a file without records.
    /// 3. A record whose place contradicts its type is a slip: an address in the reverse tree, where
    ///    only the names of servers have one.
    /// - Parameter file: The file, read as a master file.
    /// - Throws: ``WorldError`` with the line.
    package init(file: ZoneFile) throws(WorldError) {
        var authorities: [DomainName: RecordData] = [:]
        var seen: [DomainName: [SourcedRecord]] = [:]
        for entry in file.contents.entries {
            let sourced = SourcedRecord(record: entry.record, file: file.name, line: entry.line)
            let owner = entry.record.name
            if owner.labels.first.map({ $0.elementsEqual("*".utf8) }) == true {
                throw sourced.error(.plannedWildcard(owner))
            }
            switch entry.record.data {
            case .soa:
                if let first = authorities[owner], first != entry.record.data {
                    throw sourced.error(.secondAuthority(owner))
                }
                authorities[owner] = entry.record.data
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
        guard !seen.isEmpty else {
            throw WorldError(file: file.name, line: 1, reason: .nothingPlanned)
        }
        self.init(records: file.contents.entries.map(\.record))
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
