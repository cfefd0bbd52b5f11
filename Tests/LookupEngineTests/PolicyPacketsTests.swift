import DNSModel
import LookupEngine
import NetNames
import SPF
import SenderIdentity
import Testing

/// Each identity pays for its own SPF look-ups.
@Suite struct PolicyPacketsTests {
    @Test func `a HELO name's costly record takes nothing from MAIL FROM`() throws {
        let costly = (1...4).map { " mx:m\($0).helo.example" }.joined()
        var records: [(String, RecordData)] =
            confirmed + [
                ("helo.example", .txt([Array("v=spf1\(costly) -all".utf8)])),
                ("two.example", .txt([Array("v=spf1 a:mail.two.example -all".utf8)])),
                ("mail.two.example", .address(.v4(0xc000_0201))),
            ]
        for name in 1...4 {
            for number in 0..<10 {
                let exchange = try #require(DomainName("x\(number).m\(name).helo.example"))
                records.append(
                    ("m\(name).helo.example", .mx(preference: UInt16(number), exchange: exchange)))
            }
        }
        let world = try SmallWorld(records)
        let exchanges = try #require(DomainName("helo.example"))
        let silent = ScriptedServer(
            label: serverAddress, latency: .milliseconds(20), reply: { world.reply(to: $0) },
            faults: { question in
                question.type == .a && question.name != exchanges
                    && question.name.isSubdomain(of: exchanges) ? [.code(.serverFailure)] : []
            })
        let subject = Subject(
            address: .v4(0xc000_0201), helo: HELOArgument("helo.example"),
            mailFrom: try MailFrom("a@two.example".utf8))
        var network = ScriptedNetwork([silent, silent, silent])
        let evidence = ScriptedCollector.collect(
            startedAt: 0, sources: [.init(kind: .zone, name: "z")], network: &network
        ) { LookupPlan.questions(for: subject, knowing: $0) }
        let packets = evidence.observations.filter {
            $0.stage == .spf && $0.question.name.isSubdomain(of: exchanges)
        }.reduce(0) { $0 + $1.attempts.count }
        let facts = IdentityFacts(subject: subject, evidence: evidence)
        #expect(packets <= EvidenceLimits.spfPackets)
        #expect(facts.spf.map(\.result) == [.temperror, .pass])
        let empty = Evidence(startedAt: 0, sources: [.init(kind: .zone, name: "z")])
        let purses = LookupPlan.questions(for: subject, knowing: empty).filter {
            $0.stage == .spf
        }.map(\.purse)
        #expect(Set(purses).count == 2)
    }
}
