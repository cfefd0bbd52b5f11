import DNSModel
import NetNames
import Remedies
import SenderIdentity

/// A line of «Who keeps the reverse zone».
struct KeeperRow {
    static let title = "Who keeps the reverse zone"

    let label: String
    let text: String
    /// Whether strangers wrote it.
    var isForeign = false

    /// More servers of the last zone are counted, unless they do not serve it.
    private static let shownServers = 4

    /// What the walk found, and what the registry says; nothing where neither was asked.
    static func all(in report: Report, showsAll: Bool) -> [KeeperRow] {
        walked(in: report, showsAll: showsAll)
            + (report.evidence.registration.map(RegistrationWording.rows) ?? [])
    }

    /// The keeper, its servers, the mailbox, and the zones on the way; nothing without a walk.
    private static func walked(in report: Report, showsAll: Bool) -> [KeeperRow] {
        guard let tree = report.facts.reverseTree else { return [] }
        let visits = tree.trace.visits
        var rows = keeper(tree.keeper, report.facts)
        let shownUseless = tree.keeper == nil ? shownServers : Int.max
        if showsAll {
            for visit in visits {
                rows.append(KeeperRow(label: "cut", text: summary(visit)))
                rows += visit.replies.map { KeeperRow(label: "", text: row($0)) }
            }
        } else {
            let last = visits.last { $0.zone == tree.keeper?.zone } ?? visits.last
            let replies = last?.replies ?? []
            let useless = replies.filter { !$0.reply.isAuthoritative }.prefix(shownUseless)
            let serving = replies.filter(\.reply.isAuthoritative)
            let shown = useless + serving.prefix(max(0, shownServers - useless.count))
            for (index, reply) in shown.enumerated() {
                rows.append(KeeperRow(label: index == 0 ? "servers" : "", text: row(reply)))
            }
            if replies.count > shown.count {
                rows.append(
                    KeeperRow(
                        label: "", text: "… \(replies.count - shown.count) more alike (--all)"))
            }
            let guessed = tree.trace.classless
            rows.append(
                KeeperRow(
                    label: "way", text: way(visits.filter { !guessed.contains($0.zone) })))
        }
        for zone in tree.trace.classless {
            rows.append(KeeperRow(label: "besides", text: "\(zone) is delegated"))
            guard !showsAll, let visit = visits.last(where: { $0.zone == zone }) else { continue }
            let useless = visit.replies.filter { !$0.reply.isAuthoritative }
            rows += useless.prefix(shownServers).map { KeeperRow(label: "", text: row($0)) }
            if useless.count > shownServers {
                let rest = useless.count - shownServers
                rows.append(KeeperRow(label: "", text: "… \(rest) more alike (--all)"))
            }
        }
        let packets = tree.trace.packets
        let milliseconds = microseconds(tree.trace.elapsed) / 1000
        rows.append(
            KeeperRow(
                label: "walked",
                text: "from the root without resolvers: \(packets) packets, \(milliseconds) ms"))
        return rows
    }

    private static func keeper(
        _ keeper: ReverseTreeFacts.Keeper?, _ facts: IdentityFacts
    ) -> [KeeperRow] {
        guard let keeper else {
            return [KeeperRow(label: "zone", text: unfound(facts.reverseTree?.trace))]
        }
        var rows = [
            KeeperRow(
                label: "zone",
                text: "\(keeper.zone) (\(WalkWording.phrase(keeper.confidence)))")
        ]
        guard let authority = keeper.authority else { return rows }
        rows.append(KeeperRow(label: "primary", text: "\(authority.primary)"))
        let mail = ZoneKeeper(of: facts).mailAddress
        // What a SOA names as its mailbox is often unread: never more than a hint.
        rows.append(
            KeeperRow(
                label: "mailbox",
                text: (mail ?? "\(authority.mailbox) in the SOA")
                    + " (low confidence: often unread)"))
        return rows
    }

    /// Root servers have authority; whoever answers without it is somebody on the way.
    private static func unfound(_ trace: DelegationTrace?) -> String {
        let replies = trace?.visits.first?.replies ?? []
        return replies.contains { $0.reply == .lame }
            ? "not found out: something on the way answers port 53 in the root servers' place"
            : "not found out: no root server answers; the network may drop what goes to port 53"
    }

    /// `ns1.isp.example 192.0.2.1: answers NXDOMAIN, serial 7, 12 ms`.
    private static func row(_ reply: DelegationTrace.ServerReply) -> String {
        var text = reply.address.map { "\(reply.name) \($0)" } ?? "\(reply.name)"
        text += ": \(WalkWording.phrase(reply.reply))"
        if let authority = reply.authority { text += ", serial \(authority.start.serial)" }
        return text
    }

    private static func summary(_ visit: DelegationTrace.Visit) -> String {
        let names = visit.serverCount == 1 ? "1 server name" : "\(visit.serverCount) server names"
        let parent = visit.parent.map { ", delegated by \($0)" } ?? ""
        return "\(visit.zone)\(parent): \(names); asked for \(visit.asked)"
    }

    /// The zones in the order entered; one that is entered again for an alias stands once.
    private static func way(_ visits: [DelegationTrace.Visit]) -> String {
        var zones: [DomainName] = []
        for visit in visits where zones.last != visit.zone { zones.append(visit.zone) }
        return zones.map(\.description).joined(separator: " → ")
    }
}
