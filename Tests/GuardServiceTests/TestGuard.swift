import GuardDecisions
import GuardService
import Logging
import LookupEngine
import NIOCore
import NIOPosix
import NetNames
import Resolution
import SenderIdentity
import Testing

/// A guard on the loopback, with a world of its own.
struct TestGuard: Sendable {
    let server: GuardServer
    /// By protocol.
    let ports: [GuardProtocol: Int]
    let logFile: String

    func connect(_ speaks: GuardProtocol = .policy) async throws -> Peer {
        try await Peer.connect(to: try #require(ports[speaks]))
    }

    /// One policy request on a connection of its own.
    func ask(_ address: String, helo: String = "mail.example.com") async throws -> String {
        let peer = try await connect()
        await peer.send(Self.request(address, helo: helo))
        let answer = try await peer.read(until: "\n\n")
        await peer.close()
        return answer
    }

    static func request(_ address: String, helo: String = "mail.example.com") -> String {
        "request=smtpd_access_policy\nclient_address=\(address)\nhelo_name=\(helo)\n\n"
    }

    /// 192.0.2.1 is confirmed, 192.0.2.2 leads elsewhere, 192.0.2.3 has no PTR record.
    static let world = """
        $TTL 1h
        $ORIGIN example.com.
        @     SOA ns1 hostmaster ( 1 1h 15m 2w 1h )
        mail  A   192.0.2.1
        $ORIGIN 2.0.192.in-addr.arpa.
        @     SOA ns1.example.com. hostmaster.example.com. ( 1 1h 15m 2w 1h )
        1     PTR mail.example.com.
        2     PTR mail.example.com.
        """

    static func rules(_ profile: String = "fcrdns-required") throws -> GuardRules {
        var source = GuardRules.Source()
        source.profile = profile
        source.looksUpSpecialRanges = true
        return try GuardRules(source)
    }

    static func configuration(_ profile: String = "fcrdns-required") throws -> GuardConfiguration {
        GuardConfiguration(
            rules: try rules(profile), words: GuardWords(server: Array("mx.example.org".utf8)))
    }

    static func zones() throws -> LookupSource {
        let world = try ZoneWorld(files: [
            try ZoneFile(name: "world.zone", bytes: Array(world.utf8))
        ])
        let server = ScriptedServer(
            label: "zone", latency: .zero, reply: { world.reply(to: $0) })
        return .scripted(named: [.init(kind: .zone, name: "world.zone")]) { empty, deadline, next in
            var network = ScriptedNetwork([server])
            return ScriptedCollector.collect(
                startedAt: empty.startedAt, sources: empty.sources, network: &network,
                deadline: deadline, next: next)
        }
    }

    /// Runs a guard with all TCP listeners, and ends it.
    static func with<Result: Sendable>(
        _ source: LookupSource? = nil, profile: String = "fcrdns-required",
        _ change: (inout GuardOptions) -> Void = { _ in },
        _ body: (TestGuard) async throws -> Result
    ) async throws -> Result {
        let logFile = "/tmp/heloscope-guard-test-\(UInt64.random(in: 0...UInt64.max)).log"
        defer { unlinkFile(logFile) }
        var options = GuardOptions(source: try source ?? zones())
        let place = ListenerPlace.tcp(.v4(0x7f00_0001), port: 0)
        let spoken: [GuardProtocol] = [.policy, .milter, .exim, .http]
        options.listeners = spoken.map { GuardListener($0, at: place) }
        options.logFile = logFile
        options.limits.drain = .seconds(1)
        change(&options)
        let server = try await GuardServer(
            options, try configuration(profile),
            logger: Logger(label: "test") { _ in
                SwiftLogNoOpLogHandler()
            })
        let ports = try await server.listen()
        let guarding = TestGuard(
            server: server, ports: Dictionary(uniqueKeysWithValues: zip(spoken, ports)),
            logFile: logFile)
        do {
            let result = try await body(guarding)
            await server.shutDown()
            return result
        } catch {
            await server.shutDown()
            throw error
        }
    }
}

/// A resolver on the loopback that never answers.
struct SilentResolver: Sendable {
    let address: ResolverAddress
    private let channel: any Channel

    static func start() async throws -> SilentResolver {
        let channel = try await DatagramBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0).get()
        let port = UInt16(truncatingIfNeeded: channel.localAddress?.port ?? 0)
        return SilentResolver(
            address: ResolverAddress(.v4(0x7f00_0001), port: port), channel: channel)
    }

    var source: LookupSource {
        .resolvers([address], named: [.init(kind: .resolver, name: address.description)])
    }

    func stop() async { try? await channel.close() }
}
