import DNSModel
import LookupEngine
import NetNames
import SenderIdentity
import TestSupport
import Testing

/// Name servers by address, each with a master file: a little Internet below a root of its own.
///
/// 127.0.53.1 is the root, 127.0.53.2 the registry of in-addr.arpa and example, .3 and .4 the ISP's.
struct WalkWorld {
    var zones: [String: String]
    var faults: [String: String] = [:]
    var client = "198.51.100.25"
    var hints: RootHints?

    static let root = """
        $TTL 1h
        . SOA a.root. hostmaster.root. 1 1h 15m 2w 1h
        . NS a.root.
        a.root. A 127.0.53.1
        in-addr.arpa. NS ns.registry.example.
        example. NS ns.registry.example.
        ns.registry.example. A 127.0.53.2
        """

    static let registry = """
        $TTL 1h
        in-addr.arpa. SOA ns.registry.example. dns.registry.example. 7 1h 15m 2w 1h
        in-addr.arpa. NS ns.registry.example.
        example. SOA ns.registry.example. dns.registry.example. 7 1h 15m 2w 1h
        example. NS ns.registry.example.
        ns.registry.example. A 127.0.53.2
        isp.example. NS ns1.isp.example.
        ns1.isp.example. A 127.0.53.3
        ns2.isp.example. A 127.0.53.4

        """

    static let delegation = """
        100.51.198.in-addr.arpa. NS ns1.isp.example.
        100.51.198.in-addr.arpa. NS ns2.isp.example.

        """

    static let names = """
        $TTL 1h
        isp.example. SOA ns1.isp.example. hostmaster.isp.example. 3 1h 15m 2w 1h
        isp.example. NS ns1.isp.example.
        ns1.isp.example. A 127.0.53.3
        ns2.isp.example. A 127.0.53.4

        """

    static let reverse = """
        100.51.198.in-addr.arpa. 1h SOA ns1.isp.example. hostmaster.isp.example. 3 1h 15m 2w 1h
        100.51.198.in-addr.arpa. 1h NS ns1.isp.example.
        100.51.198.in-addr.arpa. 1h NS ns2.isp.example.

        """

    /// The ISP's two servers serve the zone with these records besides.
    init(_ records: String = "", registry: String = Self.delegation) {
        zones = [
            "127.0.53.1": Self.root, "127.0.53.2": Self.registry + registry,
            "127.0.53.3": Self.names + Self.reverse + records,
            "127.0.53.4": Self.names + Self.reverse + records,
        ]
    }

    func network() throws -> ScriptedNetwork {
        var servers: [ScriptedServer] = []
        for (address, text) in zones.sorted(by: { $0.key < $1.key }) {
            let file = try ZoneFile(name: address, bytes: Array(text.utf8))
            let world = try ZoneWorld(files: [file])
            let rules = try faults[address].map { try FaultRules(parsing: Array($0.utf8)) }
            servers.append(
                ScriptedServer(
                    label: address, reply: { world.replyAsServer(to: $0) },
                    faults: { rules?.faults(for: $0) ?? [] }))
        }
        return ScriptedNetwork(servers)
    }

    static func hints(at address: IPAddress = .v4(0x7f00_3501)) throws -> RootHints {
        let name = try #require(DomainName("a.root"))
        return try #require(
            RootHints(records: [
                .init(name: .root, ttl: 1, data: .ns(name)),
                .init(name: name, ttl: 1, data: .address(address)),
            ]))
    }

    func trace() throws -> DelegationTrace {
        var network = try network()
        return ScriptedWalker.walk(
            to: try #require(IPAddress(client)), from: try hints ?? Self.hints(),
            through: &network)
    }
}

extension DelegationTrace {
    /// A line a zone and an indented one a server, for comparing at a glance.
    var text: [String] {
        visits.flatMap { visit in
            ["\(visit.zone) for \(visit.asked)"]
                + visit.replies.map {
                    "  \($0.name) \($0.address.map { "\($0)" } ?? "-") \($0.word)"
                }
        }
    }
}

extension DelegationTrace.ServerReply {
    fileprivate var word: String {
        switch reply {
        case .referral(let zone): "refers to \(zone)"
        case .answers(let names, _): "answers \(names.map(\.description).joined(separator: " "))"
        case .alias(let target, _): "alias \(target)"
        case .noData: "nodata"
        case .noSuchName: "nxdomain"
        case .lame: "lame"
        case .failed(let failure): failure.rawValue
        case .noAddress: "no address"
        case .unknownAddress: "address unknown"
        case .refusedAddress: "address refused"
        }
    }
}
