import DNSModel
package import NetNames
import SenderIdentity

/// A step's records as a dynamic update (RFC 2136), in the language of `nsupdate`.
///
/// Server and zone are named where an answer told them; else nsupdate finds them by itself.
package struct UpdateScript: Hashable, Sendable {
    /// The zone's primary server; nil where it is not known.
    package let server: DomainName?
    package let zone: DomainName?
    /// `update delete …` and `update add …`, in this order.
    package let changes: [String]

    /// The update of a step; nil where it has no record, or where none can be sent: a zone that does
    /// not exist or is not served takes no updates, and registries have portals.
    package init?(_ step: RemedyStep) {
        guard !step.records.isEmpty else { return nil }
        var removals: [String] = []
        var additions = step.records
        switch step.action {
        case .changePointer(let owner, _, _):
            removals = ["update delete \(owner.absolute) PTR"]
        case .removePointers(let owner, let names, _):
            removals = names.map { "update delete \(owner.absolute) PTR \($0.absolute)" }
            // Those that stay are there already.
            additions = []
        case .replaceAlias(let owner, _, _), .leaveAlias(let owner, _):
            removals = ["update delete \(owner.absolute) CNAME"]
        case .serveZone(let service):
            guard !service.dropped.isEmpty, !service.parent.isRegistry else { return nil }
            let zone = service.useless.zone.absolute
            removals = service.dropped.map { "update delete \(zone) NS \($0.absolute)" }
            additions = []
        case .synchronize(let copies):
            if copies.keeper.isRegistry { return nil }
        case .allowInSPF(_, _, _, let replaced), .mendSPF(_, _, _, _, let replaced):
            // Other TXT records of the name stay.
            let owners = Set(step.records.map(\.name))
            removals = owners.flatMap { owner in
                replaced.map { "update delete \(owner.absolute) TXT \(MasterFilePrinter.data($0))" }
            }
        case .createZone: return nil
        default: break
        }
        changes = removals + additions.map { "update add \(MasterFilePrinter.line($0))" }
        let keeper = step.keeper.flatMap { keeper in
            let holdsAll = step.records.allSatisfy { $0.name.isSubdomain(of: keeper.zone) }
            return keeper.isGuess || keeper.isRegistry || !holdsAll ? nil : keeper
        }
        zone = keeper?.zone
        // The name comes from a stranger's SOA record and ends in a command.
        server = keeper?.primary.flatMap { HostnameDefect.of($0) == nil ? $0 : nil }
    }

    /// The lines up to `send`.
    package var lines: [String] {
        let place =
            (server.map { ["server \($0)"] } ?? []) + (zone.map { ["zone \($0.absolute)"] } ?? [])
        return place + changes + ["send"]
    }

    /// The updates of all steps as one script; nil where no step has a record.
    ///
    /// `server` and `zone` hold until they are named again, so updates that leave one of them open come
    /// before those that name it. Each has its comment, for the steps have different owners.
    package static func whole(of steps: [RemedyStep]) -> String? {
        let updates = steps.enumerated().compactMap { index, step in
            UpdateScript(step).map { (comment: "; step \(index + 1): \(step.owner.rawValue)", $0) }
        }
        guard !updates.isEmpty else { return nil }
        // A server comes of a zone's keeper, so there is none without a zone.
        let named = { (script: UpdateScript) in
            (script.zone == nil ? 0 : 1) + (script.server == nil ? 0 : 1)
        }
        let ordered = (0...2).flatMap { tier in updates.filter { named($0.1) == tier } }
        return ordered.flatMap { [$0.comment] + $0.1.lines }.joined(separator: "\n") + "\n"
    }
}

extension RemedyStep {
    /// Who keeps the zone that the step's records belong to.
    package var keeper: ZoneKeeper? {
        switch action {
        case .createPointer(_, let keeper), .changePointer(_, _, let keeper),
            .removePointers(_, _, let keeper), .movePointer(_, _, let keeper),
            .createAlias(_, _, let keeper), .replaceAlias(_, _, let keeper),
            .pointerIsRight(_, _, let keeper), .awaitResolvers(_, _, let keeper),
            .delegateZone(_, let keeper):
            keeper
        case .serveZone(let service): service.dropped.isEmpty ? service.keeper : service.parent
        case .synchronize(let copies): copies.keeper
        default: nil
        }
    }

    /// Whether the step is about the PTR record itself, which a provider's customers can set.
    package var isAboutPointer: Bool {
        switch action {
        case .createPointer, .changePointer, .removePointers, .movePointer: true
        default: false
        }
    }

    /// The name that the PTR record will have.
    package var plannedPointer: DomainName? {
        records.lazy.compactMap { if case .ptr(let name) = $0.data { name } else { nil } }.first
    }
}
