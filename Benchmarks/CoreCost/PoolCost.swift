import DNSModel
import LookupEngine
import NetNames
import SenderIdentity

/// Measures whether looking a pool up costs in proportion to its hosts, with answers as large as
/// may be.
enum PoolCost {
    static let hosts = (few: 128, many: 1024)
    /// Of what a host costs among eight times as many: two for memory that no cache holds any more; a
    /// plan that looks at all hosts after each answer would need some eight.
    static let target = 4.0

    /// Prints the times, and whether they are in proportion.
    static func isInProportion() -> Bool {
        guard let server = hostileServer() else { return false }
        let (few, many) = (milliseconds(hosts.few, server), milliseconds(hosts.many, server))
        let ratio = many / few * Double(hosts.few) / Double(hosts.many)
        print(
            "a pool of \(hosts.few) hosts \(CoreCost.decimals(few)) ms, of \(hosts.many)"
                + " \(CoreCost.decimals(many)) ms: \(CoreCost.decimals(ratio)) × as much for each"
                + "  target \(target)")
        return ratio <= target
    }

    /// The least of three.
    private static func milliseconds(_ hosts: Int, _ server: ScriptedServer) -> Double {
        let target = PoolTarget.clients(
            (0..<hosts).map {
                Subject(
                    address: .v4(0x0b00_0000 + UInt32($0)),
                    helo: HELOArgument("h\($0).evil.example"))
            })
        let times = (0..<3).map { _ in
            let start = CoreCost.processorTime()
            var network = ScriptedNetwork([server])
            var plan = PoolPlan(for: target)
            _ = ScriptedCollector.collect(
                startedAt: 0, sources: [.init(kind: .zone, name: "z")], network: &network,
                deadline: .seconds(60), mostBytes: PoolLimits.bytes
            ) { plan.questions(knowing: $0) }
            return Double(CoreCost.processorTime() - start) / 1_000_000
        }
        return times.min() ?? .infinity
    }

    /// Every address has ten PTR names, and every name twenty addresses.
    private static func hostileServer() -> ScriptedServer? {
        let names = (0..<10).compactMap { DomainName("p\($0).evil.example") }
        guard let root = DomainName("evil.example"), names.count == 10 else { return nil }
        let addresses = (0..<20).map {
            ResourceRecord(name: root, ttl: 60, data: .address(.v4(0x0800_0000 + $0)))
        }
        return ScriptedServer(label: "evil", latency: .milliseconds(1)) { question in
            let data: [RecordData] =
                switch question.type {
                case .a: addresses.map(\.data)
                case .ptr: names.map { .ptr($0) }
                default: []
                }
            return WorldReply(
                code: data.isEmpty ? .refused : .noError, isAuthoritative: !data.isEmpty,
                answers: data.map { .init(name: question.name, ttl: 60, data: $0) }, authority: [])
        }
    }
}
