import DNSModel
import LookupEngine
import NetNames
import Resolution
import SenderIdentity
import Testing

let client = DomainName("1.2.0.192.in-addr.arpa") ?? .root
let host = DomainName("mail.example") ?? .root
let pointer = Question(client, .ptr)

/// A client with so many PTR records, all but the first made up, and the address of the first.
func scripted(
    pointers: Int = 1, _ faults: [Fault] = [], latency: Duration = .milliseconds(1),
    dropping dropped: RecordType? = nil
) -> ScriptedServer {
    ScriptedServer(
        label: "script", latency: latency,
        reply: { question in
            var reply = WorldReply(code: .noError, isAuthoritative: true)
            switch (question.name, question.type) {
            case (client, .ptr):
                reply.answers = (0..<pointers).map { number in
                    let name = number == 0 ? host : DomainName("host-\(number).example") ?? .root
                    return .init(name: client, ttl: 300, data: .ptr(name))
                }
            case (host, .a):
                reply.answers = [.init(name: host, ttl: 300, data: .address(.v4(0xc000_0201)))]
            default:
                reply.code =
                    question.name == host || question.name == client ? .noError : .noSuchName
                let soa = StartOfAuthority(
                    primary: .root, mailbox: .root, serial: 1, refresh: 1, retry: 1, expire: 1,
                    minimum: 60)
                reply.authority = [.init(name: .root, ttl: 300, data: .soa(soa))]
            }
            return reply
        }, faults: { $0.type == dropped ? [.drop] : faults })
}

/// Asks one question of real servers and gives its observation.
func look(
    up question: Question = pointer, at servers: [ResolverAddress],
    deadline: Duration = .seconds(5)
) async throws -> Observation {
    let evidence = try await DNSClient.withOwnThread(servers: servers) { client in
        try await Collector.collect(
            startedAt: 0, sources: [], client: client, deadline: deadline
        ) { _ in [PlannedQuestion(question, stage: .verdict)] }
    }
    #expect(evidence.observations.count == 1)
    return try #require(evidence.observations.first)
}
