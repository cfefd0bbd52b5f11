import DNSModel
import NetNames

/// Decides which zone each record of the files belongs to.
///
/// 1. A zone begins at every owner of a SOA record. A record belongs to the deepest of its own
///    file's zones that holds it; so a parent's delegation in another file stays the parent's. A
///    record that none of them holds is an error.
/// 2. A file without any SOA adds to the zones of the other files where they hold its records.
/// 3. What is left gets zones that are assumed, with a SOA of MNAME `invalid` and a negative TTL of
///    one hour. The zone is the outermost `$ORIGIN` above the record; where that is the root or a
///    public suffix, it is the registrable domain, or for reverse names the usual /24 or /64. A
///    careless file so never denies all the names it does not mention: they are REFUSED.
enum ZoneAssignment {
    static func zones(of files: [ZoneFile]) throws(WorldError) -> [DomainName: Zone] {
        var contents: [DomainName: [SourcedRecord]] = [:]
        var loose: [LooseRecord] = []
        for file in files {
            let apexes = Set(
                file.contents.entries.filter { $0.record.type == .soa }.map(\.record.name))
            for entry in file.contents.entries {
                let sourced = SourcedRecord(
                    record: entry.record, file: file.name, line: entry.line)
                if apexes.isEmpty {
                    loose.append(LooseRecord(sourced: sourced, origin: entry.origin))
                } else if let apex = deepest(in: apexes, above: entry.record.name) {
                    contents[apex, default: []].append(sourced)
                } else {
                    throw sourced.error(.outsideEveryZone(entry.record.name))
                }
            }
        }
        assign(loose, to: &contents)
        var zones: [DomainName: Zone] = [:]
        for (apex, records) in contents { zones[apex] = try Zone(apex: apex, records: records) }
        return zones
    }

    /// A record of a file without SOA, and the origin it was written under.
    private struct LooseRecord {
        let sourced: SourcedRecord
        let origin: DomainName

        var owner: DomainName { sourced.record.name }

        /// The apex this record alone would suggest.
        var suggestedApex: DomainName {
            if RegistrableDomain.of(origin) != nil, owner.isSubdomain(of: origin) { return origin }
            return ZoneAssignment.conventionalApex(of: owner)
        }
    }

    private static func assign(
        _ loose: [LooseRecord], to contents: inout [DomainName: [SourcedRecord]]
    ) {
        let stated = Set(contents.keys)
        let left = loose.filter { record in
            guard let apex = deepest(in: stated, above: record.owner) else { return true }
            contents[apex, default: []].append(record.sourced)
            return false
        }
        let suggested = Set(left.map(\.suggestedApex))
        for record in left {
            let apex = outermost(in: suggested, above: record.owner) ?? record.owner
            contents[apex, default: []].append(record.sourced)
        }
    }

    private static func conventionalApex(of name: DomainName) -> DomainName {
        if name.isSubdomain(of: ReverseName.version4Suffix) {
            return name.suffix(labels: 5) ?? name
        }
        if name.isSubdomain(of: ReverseName.version6Suffix) {
            return name.suffix(labels: 18) ?? name
        }
        return RegistrableDomain.of(name) ?? name
    }

    private static func deepest(
        in apexes: Set<DomainName>, above name: DomainName
    ) -> DomainName? {
        lineage(of: name).first(where: apexes.contains)
    }

    private static func outermost(
        in apexes: Set<DomainName>, above name: DomainName
    ) -> DomainName? {
        lineage(of: name).reversed().first(where: apexes.contains)
    }

    /// The name and its ancestors up to the root.
    private static func lineage(of name: DomainName) -> some Sequence<DomainName> {
        sequence(first: name, next: \.parent)
    }
}
