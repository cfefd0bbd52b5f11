import DNSModel
import DNSWire
import LookupEngine
import NetNames
import SenderIdentity

/// The client seen most: one PTR name that leads back, and HELO says that name.
enum ConfirmedClient {
    static let subject = Subject(address: address, helo: HELOArgument("mail.example.com"))

    private static let address = IPAddress.v4(0x2d4c_2105)
    private static let world = """
        $TTL 1h
        $ORIGIN example.com.
        @    SOA ns1.example.com. hostmaster.example.com. ( 1 1h 15m 2w 1h )
        mail A   45.76.33.5
        $ORIGIN 33.76.45.in-addr.arpa.
        @    SOA ns1.example.com. hostmaster.example.com. ( 1 1h 15m 2w 1h )
        5    PTR mail.example.com.
        """

    /// What the plan asks for this client: PTR, A, AAAA and MX, and for SPF the TXT of its name.
    static func evidence(withSPF: Bool) throws -> Evidence {
        let world = try ZoneWorld(files: [
            try ZoneFile(name: "world.zone", bytes: Array(world.utf8))
        ])
        let server = ScriptedServer(
            label: "192.0.2.53#53", latency: .milliseconds(1), reply: { world.reply(to: $0) })
        var network = ScriptedNetwork([server])
        return ScriptedCollector.collect(
            startedAt: 0, sources: [.init(kind: .resolver, name: "192.0.2.53#53")],
            network: &network
        ) { known in
            LookupPlan.questions(for: subject, knowing: known).filter {
                withSPF || $0.stage != .spf
            }
        }
    }

    /// The same answers as they came over the wire.
    static func messages(of evidence: Evidence) throws -> [[UInt8]] {
        try evidence.observations.compactMap { observation in
            guard let response = observation.response else { return nil }
            let message = Message(
                id: 0x1234, flags: [.response, .recursionDesired, .recursionAvailable],
                code: response.code, questions: [observation.question],
                answers: response.answers, authority: response.authority, edns: .init())
            return try MessageWriter.bytes(of: message)
        }
    }
}
