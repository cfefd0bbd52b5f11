package import DNSModel
package import LookupEngine
package import NetNames
package import Remedies
import SenderIdentity

/// A plan carried out as its owners would: by hand, in the zone files of a world.
///
/// Records are put in and taken out as printed. What no record can do is done as the step says:
/// a zone is made or loaded, secondaries fetch the newest copy, resolvers forget.
package enum AppliedPlan {
    /// The resolvers' world with the records of the steps, and without those that they replace.
    package static func files(_ files: [ZoneFile], _ steps: [RemedyStep]) -> [ZoneFile] {
        var kept = files.map { $0.contents.entries.map(\.record) }
        for step in steps {
            kept = kept.map { records in
                records.compactMap { record in
                    guard isReplaced(record, by: step) else { return record }
                    // A zone is never without its SOA record.
                    return record.type == .soa ? step.records.first { $0.type == .soa } : nil
                }
            }
        }
        let changed = zip(files, kept).map { file, records in
            ZoneFile(name: file.name, contents: MasterFile(records: records))
        }
        let zones = steps.compactMap(madeZone)
        var added = steps.flatMap(\.records).filter { $0.type != .soa } + presentRecords(steps)
        let made = zones.enumerated().map { number, zone in
            let own = added.filter { $0.name.isSubdomain(of: zone) && $0.type == .ptr }
            added.removeAll(where: own.contains)
            return ZoneFile(
                name: "made-\(number).zone",
                contents: MasterFile(records: [authority(of: zone)] + own))
        }
        // A file without SOA adds to the zones of the others.
        return changed + made + [ZoneFile(name: "added.zone", contents: MasterFile(records: added))]
    }

    /// Whether carrying the step out takes the record away.
    static func isReplaced(_ record: ResourceRecord, by step: RemedyStep) -> Bool {
        switch step.action {
        case .changePointer(let owner, _, _): return record.name == owner && record.type == .ptr
        case .removePointers(let owner, let names, _):
            guard record.name == owner, case .ptr(let name) = record.data else { return false }
            return names.contains(name)
        case .replaceAlias(let owner, _, _), .leaveAlias(let owner, _):
            return record.name == owner && record.type == .cname
        case .serveZone(let service):
            guard record.name == service.useless.zone, case .ns(let name) = record.data else {
                return false
            }
            return service.dropped.contains(name)
        case .synchronize:
            return record.type == .soa
                && step.records.contains { $0.type == .soa && $0.name == record.name }
        case .allowInSPF(let domain, _, _, let old), .mendSPF(let domain, _, _, _, let old):
            return record.name == domain && old.contains(record.data)
        default: return false
        }
    }

    /// The zone that the step has somebody make or load.
    private static func madeZone(_ step: RemedyStep) -> DomainName? {
        switch step.action {
        case .createZone(let zone, _): zone
        case .serveZone(let service): service.useless.serving == 0 ? service.useless.zone : nil
        default: nil
        }
    }

    /// Records that are elsewhere already, and that resolvers will see once the plan is carried out.
    package static func presentRecords(_ steps: [RemedyStep]) -> [ResourceRecord] {
        steps.flatMap { step -> [ResourceRecord] in
            switch step.action {
            case .pointerIsRight(let owner, let names, _), .awaitResolvers(let owner, let names, _):
                names.map { .init(name: owner, ttl: 3600, data: .ptr($0)) }
            default: []
            }
        }
    }

    /// A SOA record for a zone that a step makes.
    static func authority(of zone: DomainName) -> ResourceRecord {
        let start = StartOfAuthority(
            primary: DomainName("ns1.isp.example") ?? .root,
            mailbox: DomainName("hostmaster.isp.example") ?? .root, serial: 1, refresh: 3600,
            retry: 900, expire: 1_209_600, minimum: 3600)
        return ResourceRecord(name: zone, ttl: 3600, data: .soa(start))
    }

    /// What the mail server says in HELO then; nil where the plan leaves that as it is.
    package static func helo(_ steps: [RemedyStep]) -> DomainName? {
        steps.lazy.compactMap { if case .setHELO(let name) = $0.action { name } else { nil } }.first
    }
}
