import DNSModel
import LookupEngine
import NetNames
import SenderIdentity

/// A generated world: records, faults, and the client in it.
struct World {
    var client: IPAddress
    var helo: String?
    var records: [ResourceRecord] = []
    var faults: [(question: Question, fault: Fault)] = []
    /// Whether the faults are the first server's alone.
    var faultsAreLocal = false

    mutating func add(_ name: String, _ data: RecordData) {
        guard let name = DomainName(name) else { return }
        records.append(ResourceRecord(name: name, ttl: 300, data: data))
    }

    mutating func addPointer(of address: IPAddress, to name: String) {
        guard let target = DomainName(name) else { return }
        records.append(
            ResourceRecord(name: ReverseName.name(of: address), ttl: 300, data: .ptr(target)))
    }

    mutating func addAddress(_ address: IPAddress, to name: String) {
        add(name, .address(address))
    }

    /// PTR and address record of one host.
    mutating func addHost(_ name: String, _ address: IPAddress) {
        addPointer(of: address, to: name)
        addAddress(address, to: name)
    }

    mutating func fail(_ question: Question, _ fault: Fault) {
        faults.append((question, fault))
    }

    struct Unusable: Error {}

    /// Looks everything up through the client's state machine and judges it.
    func judge(servers: Int = 1, seed: UInt64 = 1) throws -> (IdentityFacts, Verdict) {
        guard let world = ZoneWorld.generated(records) else { throw Unusable() }
        let faults = faults
        let isLocal = faultsAreLocal
        let list = (1...servers).map { number in
            ScriptedServer(
                label: "server\(number)", latency: .milliseconds(5),
                reply: { world.reply(to: $0) },
                faults: { question in
                    if isLocal, number > 1 { return [] }
                    return faults.filter { $0.question == question }.map(\.fault)
                })
        }
        var network = ScriptedNetwork(list, seed: seed)
        let subject = Subject(address: client, helo: helo.map { HELOArgument($0) })
        let evidence = ScriptedCollector.collect(
            startedAt: 0, sources: [.init(kind: .zone, name: "generated")], network: &network
        ) { LookupPlan.questions(for: subject, knowing: $0) }
        let facts = IdentityFacts(subject: subject, evidence: evidence)
        return (facts, Verdict(Check.findings(in: facts), facts: facts))
    }
}

/// Random hosts and names; the same seed gives the same worlds.
struct Dice {
    private var generator: SeededGenerator

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
    }

    mutating func number(_ range: ClosedRange<Int>) -> Int {
        Int.random(in: range, using: &generator)
    }

    mutating func chance(_ percent: Int) -> Bool { number(1...100) <= percent }

    mutating func pick<Value>(_ values: [Value]) -> Value {
        values[number(0...(values.count - 1))]
    }

    /// An address of no special purpose, IPv6 now and then.
    mutating func address(version6 percent: Int = 20) -> IPAddress {
        if chance(percent) {
            return IPAddress(
                high: 0x2a00_0000_0000_0000 | UInt64(number(1...0xff_ffff)) << 16,
                low: UInt64(number(1...0xffff_ffff)))
        }
        return .v4(
            UInt32(number(1...200)) << 8 | 0x2d00_0000 | UInt32(number(1...254)) << 16
                | UInt32(number(1...254)))
    }

    mutating func word() -> String {
        let letters = Array("bcdfghklmnprstvw")
        let vowels = Array("aeiou")
        return String(
            (0..<number(2...3)).flatMap { _ in [pick(letters), pick(vowels)] })
    }
}
