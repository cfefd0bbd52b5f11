import DNSModel
import NetNames
import Remedies
import SenderIdentity

/// The shape of a walk to the keeper of the reverse zone, in reports and in saved evidence.
struct WalkDocument: Codable {
    let goal: String
    let visits: [Visit]
    /// Delegations of classless zones that were found by guessing.
    let classless: [String]
    let limits: [String]
    let packets: Int
    let elapsedMicroseconds: Int64

    struct Visit: Codable {
        let asked: String
        let zone: String
        let parent: String?
        let ttl: UInt32?
        let servers: [String]
        let serverCount: Int
        let replies: [Reply]
    }

    struct Reply: Codable {
        let name: String
        let address: String?
        let reply: String
        /// Of a referral the zone, of an alias where it leads.
        let target: String?
        let names: [String]?
        let ttl: UInt32?
        let failure: String?
        /// The zone it answers from.
        let zone: String?
        /// Its SOA as a line of a master file.
        let soa: String?
        let elapsedMicroseconds: Int64
    }

    init(_ trace: DelegationTrace) {
        goal = trace.goal.description
        visits = trace.visits.map { visit in
            Visit(
                asked: visit.asked.description, zone: visit.zone.description,
                parent: visit.parent?.description, ttl: visit.ttl,
                servers: visit.servers.map(\.description), serverCount: visit.serverCount,
                replies: visit.replies.map(Reply.init))
        }
        classless = trace.classless.map(\.description)
        limits = trace.limits.map(\.rawValue)
        packets = trace.packets
        elapsedMicroseconds = microseconds(trace.elapsed)
    }
}

extension WalkDocument.Reply {
    init(_ server: DelegationTrace.ServerReply) {
        let word: String
        var target: DomainName?
        var names: [DomainName]?
        var ttl: UInt32?
        var failure: LookupFailure?
        switch server.reply {
        case .referral(let zone): (word, target) = ("referral", zone)
        case .answers(let found, let seconds): (word, names, ttl) = ("answers", found, seconds)
        case .alias(let end, let seconds): (word, target, ttl) = ("alias", end, seconds)
        case .noData: word = "no-data"
        case .noSuchName: word = "no-such-name"
        case .lame: word = "lame"
        case .failed(let reason): (word, failure) = ("failed", reason)
        case .noAddress: word = "no-address"
        case .unknownAddress: word = "address-unknown"
        case .refusedAddress: word = "refused-address"
        }
        let authority = server.authority
        self.init(
            name: server.name.description, address: server.address?.description, reply: word,
            target: target?.description, names: names?.map(\.description), ttl: ttl,
            failure: failure?.rawValue, zone: authority?.zone.description,
            soa: authority.map {
                MasterFilePrinter.line(
                    ResourceRecord(
                        name: $0.zone, ttl: min($0.start.minimum, .max >> 1), data: .soa($0.start)))
            },
            elapsedMicroseconds: microseconds(server.elapsed))
    }

    /// Nil where a field makes no sense.
    fileprivate var serverReply: DelegationTrace.ServerReply? {
        guard let name = DomainName(name) else { return nil }
        let reply: DelegationTrace.Reply
        switch self.reply {
        case "referral":
            guard let zone = target.flatMap({ DomainName($0) }) else { return nil }
            reply = .referral(zone)
        case "answers":
            guard let names = WalkDocument.names(names ?? []) else { return nil }
            reply = .answers(names, ttl: ttl ?? 0)
        case "alias":
            guard let end = target.flatMap({ DomainName($0) }) else { return nil }
            reply = .alias(end, ttl: ttl ?? 0)
        case "no-data": reply = .noData
        case "no-such-name": reply = .noSuchName
        case "lame": reply = .lame
        case "failed":
            guard let reason = failure.flatMap(LookupFailure.init) else { return nil }
            reply = .failed(reason)
        case "no-address": reply = .noAddress
        case "address-unknown": reply = .unknownAddress
        case "refused-address": reply = .refusedAddress
        default: return nil
        }
        var authority: DelegationTrace.Authority?
        if let soa {
            guard let record = try? MasterFileReader.read(Array(soa.utf8)).entries.first?.record,
                case .soa(let start) = record.data
            else { return nil }
            authority = .init(zone: record.name, start: start)
        }
        if let text = address, IPAddress(text) == nil { return nil }
        return .init(
            name: name, address: address.flatMap { IPAddress($0) }, reply: reply,
            authority: authority, elapsed: WalkDocument.span(elapsedMicroseconds))
    }
}

extension WalkDocument {
    /// Zones of one walk: all its cuts for the name and for each of eight aliases, and more.
    private static let mostVisits = 200
    /// Addresses of one zone's servers: thirteen names of two, and more.
    private static let mostReplies = 50
    /// Names of one list: more than TCP carries in one answer.
    private static let longestList = 8192

    /// Nil where a field makes no sense.
    var trace: DelegationTrace? {
        guard let goal = DomainName(goal), visits.count <= Self.mostVisits,
            let classless = Self.names(classless)
        else { return nil }
        var read: [DelegationTrace.Visit] = []
        for visit in visits {
            let replies = visit.replies.compactMap(\.serverReply)
            guard let asked = DomainName(visit.asked), let zone = DomainName(visit.zone),
                let servers = Self.names(visit.servers), replies.count == visit.replies.count,
                replies.count <= Self.mostReplies
            else { return nil }
            if let parent = visit.parent, DomainName(parent) == nil { return nil }
            read.append(
                .init(
                    asked: asked, zone: zone, parent: visit.parent.flatMap { DomainName($0) },
                    ttl: visit.ttl, servers: servers,
                    serverCount: max(visit.serverCount, servers.count), replies: replies))
        }
        return DelegationTrace(
            goal: goal, visits: read, classless: classless,
            limits: limits.compactMap(DelegationTrace.Limit.init), packets: packets,
            elapsed: Self.span(elapsedMicroseconds))
    }

    fileprivate static func names(_ texts: [String]) -> [DomainName]? {
        guard texts.count <= longestList else { return nil }
        let names = texts.compactMap { DomainName($0) }
        return names.count == texts.count ? names : nil
    }

    /// A day at most, as for observations.
    fileprivate static func span(_ microseconds: Int64) -> Duration {
        .microseconds(min(max(microseconds, 0), 86_400_000_000))
    }
}

/// Who keeps the reverse zone, for readers of the report.
struct KeeperDocument: Encodable {
    let zone: String
    let confidence: String
    let servers: [String]
    let primary: String?
    let mailbox: String?
    /// The mailbox as a mail address; often unread.
    let mail: String?
    let serial: UInt32?
    let agreeing: Int
    let asked: Int

    init(_ keeper: ReverseTreeFacts.Keeper, _ facts: IdentityFacts) {
        zone = keeper.zone.description
        confidence = keeper.confidence.rawValue
        servers = keeper.servers.map(\.description)
        primary = keeper.authority?.primary.description
        mailbox = keeper.authority?.mailbox.description
        mail = ZoneKeeper(of: facts).mailAddress
        serial = keeper.authority?.serial
        agreeing = keeper.agreeing
        asked = keeper.asked
    }
}
