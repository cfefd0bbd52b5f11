import DNSModel
package import LookupEngine
package import NetNames
package import Remedies

/// A plan carried out as its owners would: by hand, in the zone files of a world.
package enum AppliedPlan {
    /// The files with the records of the steps, and without those that the steps replace.
    package static func files(_ files: [ZoneFile], _ steps: [RemedyStep]) -> [ZoneFile] {
        var kept = files.map { $0.contents.entries.map(\.record) }
        for step in steps {
            switch step.action {
            case .changePointer(let owner, _, _):
                kept = kept.map { $0.filter { $0.name != owner || $0.type != .ptr } }
            case .removePointers(let owner, let names, _):
                kept = kept.map { records in
                    records.filter { record in
                        guard record.name == owner, case .ptr(let name) = record.data else {
                            return true
                        }
                        return !names.contains(name)
                    }
                }
            default: break
            }
        }
        let changed = zip(files, kept).map { file, records in
            ZoneFile(name: file.name, contents: MasterFile(records: records))
        }
        // A file without SOA adds to the zones of the others.
        let added = ZoneFile(
            name: "added.zone", contents: MasterFile(records: steps.flatMap(\.records)))
        return changed + [added]
    }

    /// What the mail server says in HELO then; nil where the plan leaves that as it is.
    package static func helo(_ steps: [RemedyStep]) -> DomainName? {
        steps.lazy.compactMap { if case .setHELO(let name) = $0.action { name } else { nil } }.first
    }
}
