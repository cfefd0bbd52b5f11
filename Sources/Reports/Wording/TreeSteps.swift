import DNSModel
import NetNames
import Remedies
import SenderIdentity

/// The sentences of the steps that follow from a walk to the keeper of the reverse zone.
enum TreeStepWording {
    static func sentence(_ step: RemedyStep) -> String {
        switch step.action {
        case .createAlias(_, let target, let keeper):
            "keeps \(StepWording.zone(keeper)): lead the name into \(parent(of: target)) by"
        case .replaceAlias(_, let target, let keeper):
            "keeps \(StepWording.zone(keeper)): replace the CNAME to \(target), which leads nowhere, by"
        case .pointerIsRight(_, let names, let keeper):
            "keeps \(StepWording.zone(keeper)): the PTR record \(StepWording.list(names)) is there"
                + " already"
        case .createZone(let zone, _):
            "nobody keeps \(zone) yet: make it on two name servers, with"
        case .delegateZone(let zone, let keeper):
            keeper.isRegistry
                ? "then let the registry, which keeps \(keeper.zone), delegate \(zone):"
                : "keeps \(StepWording.zone(keeper)): delegate \(zone), with"
        case .serveZone(let service): serving(service, hasRecord: !step.records.isEmpty)
        case .synchronize(let copies): synchronizing(copies)
        case .awaitResolvers(_, let names, let keeper):
            "nothing to change: the servers of \(keeper.zone) have \(StepWording.list(names))"
                + " already, resolvers still remember another answer"
        default: ""
        }
    }

    private static func serving(_ service: ZoneService, hasRecord: Bool) -> String {
        let useless = service.useless
        let zone = useless.zone
        guard useless.serving == 0 else {
            let load = "load \(zone) on \(named(useless.servers))"
            guard service.dropped.isEmpty else {
                return service.parent.isRegistry
                    ? load + ", or let the registry delegate it only to"
                    : load + ", or let \(service.parent.zone) delegate it only to"
            }
            return useless.serving == 1 ? load + ": one server alone is too few" : load
        }
        let condition = useless.isProven ? "" : "if they stay silent, from elsewhere too: "
        let count = useless.asked == 1 ? "its only server" : "its \(useless.asked) servers"
        return condition + "load \(zone) on \(count), or delegate it to others"
            + (hasRecord ? ", with" : "")
    }

    private static func synchronizing(_ copies: ZoneCopies) -> String {
        let fresh = WalkWording.named(copies.fresh)
        let keeps =
            copies.keeper.isRegistry
            ? "let the registry, which keeps \(copies.keeper.zone), mend it: "
            : "keeps \(StepWording.zone(copies.keeper)): "
        if copies.isAboutDelegation {
            return keeps + "give \(named(copies.stale)) the delegation that \(fresh) has:"
        }
        let serial = copies.fresh.authority?.start.serial
        let old = copies.stale.first?.authority?.start.serial
        let state =
            serial == old
            ? "\(named(copies.stale)) and \(fresh) differ under one number"
            : "\(named(copies.stale)) has an older copy than \(fresh)"
        return keeps + state + "; raise the serial number, let all fetch"
    }

    static func why(_ step: RemedyStep) -> String? {
        switch step.action {
        case .createAlias:
            "the zone of the block is delegated, and no name leads into it (RFC 2317 §4)"
        case .replaceAlias:
            "an alias needs a name that exists at its end; the record in its place needs no other"
                + " zone"
        case .createZone:
            "a registry delegates only to servers that have the zone already"
        case .delegateZone(_, let keeper):
            keeper.isRegistry
                ? "without a delegation no record of the range can be found (RFC 1034 §4.2.2)"
                : "the alias leads into a zone that nobody was given (RFC 2317 §4)"
        case .serveZone(let service):
            service.dropped.isEmpty
                ? "a server that is named for a zone has to answer for it (RFC 1912 §2.8)"
                : "a server that is named for a zone has to answer for it (RFC 1912 §2.8); the"
                    + " same NS records belong into the zone itself"
        case .synchronize:
            "receivers get now the one answer, now the other; secondaries fetch a zone when its"
                + " serial number has grown (RFC 1034 §4.3.5)"
        case .awaitResolvers:
            "what a resolver remembers passes by itself; only time is missing"
        default: nil
        }
    }

    /// Up to two servers with their addresses, and how many more.
    static func named(_ servers: [DelegationTrace.ServerReply]) -> String {
        let shown = servers.prefix(2).map(WalkWording.named).joined(separator: " and ")
        return servers.count > 2 ? "\(shown) and \(servers.count - 2) more" : shown
    }

    private static func parent(of name: DomainName) -> String {
        name.parent?.description ?? "it"
    }

    // MARK: In a letter

    /// What the letter's subject asks for.
    static func subject(_ step: RemedyStep) -> String {
        switch step.action {
        case .createAlias: "please add a CNAME record"
        case .replaceAlias: "please replace a CNAME record"
        case .createZone, .delegateZone: "please have its range delegated"
        case .serveZone: "please look after the zone's name servers"
        case .synchronize: "please bring the zone's name servers in step"
        default: "please change the PTR record"
        }
    }

    /// The request in front of the records.
    static func request(_ step: RemedyStep) -> String {
        switch step.action {
        case .removePointers: return "Please leave only:"
        case .changePointer: return "Please let this be the only PTR record:"
        case .movePointer: return "Please put the record at the reversed name:"
        case .createAlias(_, let target, let keeper):
            return "\(parent(of: target)) is delegated already, but no CNAME leads into it. Please"
                + " add to \(keeper.zone):"
        case .replaceAlias(_, let target, let keeper):
            return "The CNAME to \(target) in \(keeper.zone) leads nowhere. Please replace it by:"
        case .createZone(let zone, _):
            return "Please make the zone \(zone) on two name servers, with this record in it:"
        case .delegateZone(let zone, let keeper):
            return "Then please let the registry, which keeps \(keeper.zone), delegate \(zone) to"
                + " these servers:"
        case .serveZone(let service):
            let useless = service.useless
            let state = WalkWording.list(useless.servers)
            let wish =
                useless.serving == 0
                ? "Please load the zone on the servers it is delegated to, or have it delegated to"
                    + " others"
                : "Please load the zone there"
            let rest =
                useless.serving == 0 ? "; it should hold:" : ", or have it delegated only to:"
            return "\(useless.zone): \(state). " + wish
                + (step.records.isEmpty ? "." : rest)
        case .synchronize(let copies):
            let state =
                "The servers of \(copies.keeper.zone) differ: \(named(copies.stale)) has another"
                + " copy than \(WalkWording.named(copies.fresh))."
            return copies.isAboutDelegation
                ? state + " Please let all have the delegation:"
                : state + " Please raise the serial number and let all servers fetch the zone with:"
        default: return "Please add:"
        }
    }
}
