import GuardService
import NIOCore
import NIOPosix
import NetNames
import Testing

/// The cache that a fleet shares, with a server of the test's own.
@Suite(.timeLimit(.minutes(1)))
struct SharedCacheTests {
    @Test func `what one guard has found out, another need not ask`() async throws {
        let store = try await StoreServer.start(.working)
        let resolver = try await SilentResolver.start()
        let share: @Sendable (inout GuardOptions) -> Void = { options in
            store.share(&options)
            options.deadlines.policy = .seconds(3)
        }
        try await TestGuard.with(nil, share) { guarding in
            // The first question opens the connection and does not wait for it.
            _ = try await guarding.ask("192.0.2.2")
            try await Task.sleep(for: .milliseconds(300))
            #expect(try await guarding.ask("192.0.2.3").hasPrefix("action=550 "))
            try await Task.sleep(for: .milliseconds(100))
        }
        #expect(await store.count() == 1)
        // The second guard's resolver says nothing: only the shared cache can know.
        let answer = try await TestGuard.with(resolver.source, share) { guarding in
            async let warming = guarding.ask("192.0.2.9")
            try await Task.sleep(for: .milliseconds(300))
            let answer = try await guarding.ask("192.0.2.3")
            _ = try await warming
            return answer
        }
        await resolver.stop()
        await store.stop()
        #expect(answer.hasPrefix("action=550 5.7.25 "))
    }

    @Test(arguments: [StoreServer.Manner.silent, .nonsense, .refusing, .huge, .closing])
    func `a store that does not work costs no decision`(manner: StoreServer.Manner) async throws {
        let store = try await StoreServer.start(manner)
        try await TestGuard.with(
            nil,
            {
                $0.sharedCache = SharedCacheOptions(
                    place: .host("127.0.0.1", port: store.port))
            }
        ) { guarding in
            for number in 1...40 {
                let answer = try await guarding.ask("192.0.2.3", helo: "h\(number).example.com")
                #expect(answer.hasPrefix("action=550 "))
            }
        }
        await store.stop()
    }

    /// Each reply too many would double the time that the store is left alone.
    @Test func `more replies than questions are one failure`() async throws {
        let store = try await StoreServer.start(.talkative)
        let page = try await TestGuard.with(
            nil,
            {
                var shared = SharedCacheOptions(place: .host("127.0.0.1", port: store.port))
                shared.deadline = .milliseconds(500)
                $0.sharedCache = shared
                $0.threads = 1
            }
        ) { guarding in
            // The first question opens the connection and does not wait for it.
            _ = try await guarding.ask("192.0.2.2")
            try await Task.sleep(for: .milliseconds(300))
            #expect(try await guarding.ask("192.0.2.3").hasPrefix("action=550 "))
            return try await guarding.metrics()
        }
        await store.stop()
        #expect(page.contains("guard_shared_cache_total{event=\"miss\"} 1\n"))
        #expect(page.contains("guard_shared_cache_total{event=\"broken\"} 1\n"))
    }

    @Test func `nobody listening costs no decision`() async throws {
        try await TestGuard.with(
            nil, { $0.sharedCache = SharedCacheOptions(place: .host("127.0.0.1", port: 1)) }
        ) { guarding in
            let answer = try await guarding.ask("192.0.2.3")
            #expect(answer.hasPrefix("action=550 "))
        }
    }

    @Test(arguments: [
        ("redis://127.0.0.1", "127.0.0.1", 6379, "", 0),
        ("redis://redis.example:6380/3", "redis.example", 6380, "", 3),
        ("redis://:pa:ss@[::1]:7000", "::1", 7000, "pa:ss", 0),
        ("redis://[::1]", "::1", 6379, "", 0),
    ])
    func `a URL names the place`(
        url: String, host: String, port: Int, password: String, database: Int
    ) throws {
        let options = try #require(SharedCacheOptions(url: url))
        #expect(options.place == .host(host, port: port))
        #expect(options.password == password)
        #expect(options.database == database)
    }

    @Test(arguments: [
        "", "http://x", "redis://", "redis://x:port", "redis://user:p@x", "redis://x/a",
    ])
    func `what is no URL of a Redis is none`(url: String) {
        #expect(SharedCacheOptions(url: url) == nil)
    }
}

/// GET and SET of a Redis server, or something worse.
struct StoreServer: Sendable {
    enum Manner: Sendable, CaseIterable {
        case working
        case silent
        case nonsense
        case refusing
        case huge
        case closing
        case talkative
    }

    let port: Int
    private let channel: any Channel

    /// Makes a guard of one event loop share what it finds out here, with time for a busy machine.
    func share(_ options: inout GuardOptions) {
        var shared = SharedCacheOptions(place: .host("127.0.0.1", port: port))
        shared.secret = "common"
        shared.deadline = .milliseconds(500)
        options.sharedCache = shared
        options.threads = 1
    }
    private let store: NIOLoopBound<Store>

    static func start(_ manner: Manner) async throws -> StoreServer {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let store = try await loop.submit { NIOLoopBound(Store(manner), eventLoop: loop) }.get()
        let channel = try await ServerBootstrap(group: loop)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(StoreHandler(store.value))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return StoreServer(
            port: channel.localAddress?.port ?? 0, channel: channel, store: store)
    }

    func count() async -> Int {
        (try? await channel.eventLoop.submit { store.value.values.count }.get()) ?? -1
    }

    func stop() async { try? await channel.close() }

    final class Store {
        let manner: Manner
        var values: [[UInt8]: [UInt8]] = [:]

        init(_ manner: Manner) { self.manner = manner }
    }
}

private final class StoreHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let store: StoreServer.Store
    private var bytes: [UInt8] = []

    init(_ store: StoreServer.Store) { self.store = store }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let answer: [UInt8]
        switch store.manner {
        case .silent: return
        case .nonsense: answer = Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8)
        case .refusing: answer = Array("-NOAUTH Authentication required.\r\n".utf8)
        case .huge: answer = Array("$99999999\r\nxxxx".utf8)
        case .talkative: answer = Array(String(repeating: "$-1\r\n", count: 50).utf8)
        case .closing:
            context.close(promise: nil)
            return
        case .working:
            bytes += unwrapInboundIn(data).readableBytesView
            answer = answers()
        }
        context.channel.writeAndFlush(ByteBuffer(bytes: answer), promise: nil)
    }

    /// Commands are complete in what these tests send at once.
    private func answers() -> [UInt8] {
        var answer: [UInt8] = []
        while let words = command() {
            switch (words.first.map { String(decoding: $0, as: UTF8.self) }, words.count) {
            case ("GET", 2):
                if let value = store.values[words[1]] {
                    answer += "$\(value.count)\r\n".utf8
                    answer += value
                    answer += "\r\n".utf8
                } else {
                    answer += "$-1\r\n".utf8
                }
            case ("SET", 5):
                store.values[words[1]] = words[2]
                answer += "+OK\r\n".utf8
            default:
                answer += "-ERR unknown command\r\n".utf8
            }
        }
        return answer
    }

    private func command() -> [[UInt8]]? {
        var rest = bytes[...]
        guard let count = number(&rest, after: UInt8(ascii: "*")) else { return nil }
        var words: [[UInt8]] = []
        for _ in 0..<count {
            guard let length = number(&rest, after: UInt8(ascii: "$")), rest.count >= length + 2
            else { return nil }
            words.append(Array(rest.prefix(length)))
            rest = rest.dropFirst(length + 2)
        }
        bytes = Array(rest)
        return words
    }

    private func number(_ rest: inout ArraySlice<UInt8>, after sign: UInt8) -> Int? {
        guard rest.first == sign, let end = rest.firstIndex(of: UInt8(ascii: "\r")) else {
            return nil
        }
        let text = String(decoding: rest[(rest.startIndex + 1)..<end], as: UTF8.self)
        rest = rest[(end + 2)...]
        return Int(text)
    }
}
