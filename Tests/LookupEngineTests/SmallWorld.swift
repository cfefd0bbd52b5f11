import DNSModel
import LookupEngine
import NetNames
import SenderIdentity
import Testing

/// A world of a few records: what is not in it does not exist, and a SOA says so.
struct SmallWorld: Sendable {
    var records: [ResourceRecord] = []
    /// Aliases are given alone, their targets not added: as by a server without the other zone.
    var cutsChains = false

    init(_ lines: [(String, RecordData)], ttl: UInt32 = 300) throws {
        for (name, data) in lines {
            records.append(
                ResourceRecord(
                    name: try #require(DomainName(name)), ttl: ttl, data: data))
        }
    }

    func reply(to question: Question) -> WorldReply {
        var reply = WorldReply(code: .noError, isAuthoritative: true)
        var owner = question.name
        for _ in 0..<20 {
            let here = records.filter { $0.name == owner }
            let found = here.filter { $0.type == question.type }
            if !found.isEmpty {
                reply.answers += found
                return reply
            }
            guard let alias = here.first(where: { $0.type == .cname }),
                case .cname(let target) = alias.data
            else {
                if cutsChains, !reply.answers.isEmpty { return reply }
                reply.code = here.isEmpty ? .noSuchName : .noError
                reply.authority = [Self.authority]
                return reply
            }
            reply.answers.append(alias)
            if cutsChains { return reply }
            owner = target
        }
        return reply
    }

    static let authority = ResourceRecord(
        name: .root, ttl: 3600,
        data: .soa(
            StartOfAuthority(
                primary: .root, mailbox: .root, serial: 1, refresh: 1, retry: 1, expire: 1,
                minimum: 60)))
}

let serverAddress = "192.0.2.53#53"
let client = DomainName("1.2.0.192.in-addr.arpa") ?? .root
let host = DomainName("mail.example") ?? .root
let pointer = Question(client, .ptr)
let confirmed: [(String, RecordData)] = [
    ("1.2.0.192.in-addr.arpa", .ptr(host)),
    ("mail.example", .address(.v4(0xc000_0201))),
]

/// A server for a world, with the same faults for every question.
func server(
    _ world: SmallWorld, _ faults: [Fault] = [], label: String = serverAddress,
    latency: Duration = .milliseconds(20)
) -> ScriptedServer {
    ScriptedServer(
        label: label, latency: latency, reply: { world.reply(to: $0) }, faults: { _ in faults })
}

/// Asks these questions at once and nothing else.
func collect(
    _ questions: [Question], from network: inout ScriptedNetwork, cache: inout AnswerCache,
    deadline: Duration = LookupTimes.deadline
) -> Evidence {
    ScriptedCollector.collect(
        startedAt: 0, sources: [], network: &network, deadline: deadline, cache: &cache
    ) { _ in
        questions.map { PlannedQuestion($0, stage: .verdict) }
    }
}

/// Asks one question of one or more servers.
func look(
    up question: Question = pointer, _ servers: ScriptedServer..., deadline: Duration = .seconds(5)
) throws -> Observation {
    var network = ScriptedNetwork(servers)
    var cache = AnswerCache()
    let evidence = collect([question], from: &network, cache: &cache, deadline: deadline)
    #expect(evidence.observations.count == 1)
    return try #require(evidence.observations.first)
}
