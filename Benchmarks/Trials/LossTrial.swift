import DNSModel
import LookupEngine
import NetNames
import SenderIdentity

/// Look-ups of records that exist, over a lossy network with failing servers: an absence must
/// never be reported.
enum LossTrial {
    private static let addressesInWorld = 1000
    private static let lookupsPerRun = 20

    static func run(lookups: Int) -> Bool {
        var dice = Dice(seed: 5)
        var world = World(client: dice.address())
        var clients: [IPAddress] = []
        for index in 0..<addressesInWorld {
            let address = dice.address()
            clients.append(address)
            world.addHost("host\(index).example", address)
        }
        guard let zone = ZoneWorld.generated(world.records) else { return false }
        let servers = (1...2).map {
            ScriptedServer(
                label: "server\($0)", latency: .milliseconds(5), reply: { zone.reply(to: $0) })
        }
        var network = ScriptedNetwork(servers, lossPercent: 5, failurePercent: 5, seed: 7)
        var found = 0
        var open = 0
        var absent = 0
        for run in 0..<(lookups / lookupsPerRun) {
            let questions = (0..<lookupsPerRun).map { step in
                PlannedQuestion(
                    Question(
                        ReverseName.name(of: clients[(run * lookupsPerRun + step) % clients.count]),
                        .ptr),
                    stage: .verdict)
            }
            let evidence = ScriptedCollector.collect(
                startedAt: 0, sources: [], network: &network
            ) { _ in questions }
            for observation in evidence.observations {
                switch observation.outcome {
                case .answers: found += 1
                case .failed: open += 1
                case .noData, .noSuchName: absent += 1
                }
            }
        }
        let all = found + open + absent
        print("Existing PTR records under 5 % loss and 5 % SERVFAIL, \(all) look-ups")
        print(
            "  found \(Trials.percent(found, of: all)), could not find out"
                + " \(Trials.percent(open, of: all)), false «no PTR» \(absent)")
        return absent == 0 && all >= lookups / lookupsPerRun * lookupsPerRun
    }
}

extension ZoneWorld {
    /// A world of these records, with a SOA for each tree they stand in.
    static func generated(_ records: [ResourceRecord]) -> ZoneWorld? {
        let roots = ["in-addr.arpa", "ip6.arpa", "example", "test"].compactMap { DomainName($0) }
        let soa = StartOfAuthority(
            primary: .root, mailbox: .root, serial: 1, refresh: 3600, retry: 600, expire: 86_400,
            minimum: 300)
        let all = roots.map { ResourceRecord(name: $0, ttl: 300, data: .soa(soa)) } + records
        return try? ZoneWorld(
            files: [ZoneFile(name: "generated", contents: MasterFile(records: all))])
    }
}
