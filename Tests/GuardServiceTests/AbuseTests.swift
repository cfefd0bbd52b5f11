import GuardService
import NetNames
import TestSupport
import Testing

/// Peers that behave badly: their session ends, the others go on.
@Suite(.timeLimit(.minutes(1)))
struct AbuseTests {
    @Test(arguments: [
        ("a line without end", String(repeating: "x", count: 5_000)),
        ("a request without end", String(repeating: "name=value\n", count: 7_000)),
        ("a NUL", "request=smtpd_access_policy\nclient_address=192.0.2.1\0\n\n"),
        ("no equals sign", "GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
        ("an empty request", "\n"),
    ])
    func `a broken policy request ends its session and no other`(
        what: String, bytes: String
    ) async throws {
        try await TestGuard.with { guarding in
            let good = try await guarding.connect()
            await good.send(TestGuard.request("192.0.2.1"))
            _ = try await good.read(until: "\n\n")
            let bad = try await guarding.connect()
            await bad.send(bytes)
            #expect(try await bad.readToEnd(within: .seconds(5)).isEmpty)
            await good.send(TestGuard.request("192.0.2.1"))
            #expect(try await good.read(until: "\n\n") == "action=DUNNO\n\n")
        }
    }

    @Test(arguments: [
        Array("GET / HTTP/1.1\r\nHost: x\r\n\r\n".utf8), [0, 0, 0, 0], [0xff, 0xff, 0xff, 0xff],
        [0, 0, 0, 1, 0], [0, 0, 0, 2] + Array("C".utf8) + [0], [0, 2, 0, 1] + Array("O".utf8),
    ])
    func `what is no milter ends its session and no other`(bytes: [UInt8]) async throws {
        try await TestGuard.with { guarding in
            let bad = try await guarding.connect(.milter)
            await bad.send(bytes)
            #expect(try await bad.readToEnd(within: .seconds(5)).isEmpty)
            #expect(try await guarding.ask("192.0.2.1") == "action=DUNNO\n\n")
        }
    }

    @Test(arguments: [GuardProtocol.policy, .exim, .milter])
    func `a byte at a time is not waited for`(speaks: GuardProtocol) async throws {
        try await TestGuard.with(nil, { $0.limits.request = .milliseconds(600) }) { guarding in
            let peer = try await guarding.connect(speaks)
            let watch = Stopwatch()
            let reading = Task { try await peer.readToEnd(within: .seconds(8)) }
            let text = speaks == .milter ? "\0\0\0\u{10}Oxxxxxxxxxxxx" : "check=helo"
            for byte in text.utf8 {
                await peer.send([byte])
                try await Task.sleep(for: .milliseconds(150))
            }
            _ = try await reading.value
            #expect(watch.elapsed < .seconds(4))
            #expect(try await guarding.ask("192.0.2.1") == "action=DUNNO\n\n")
        }
    }

    @Test func `an idle connection is closed after its time`() async throws {
        try await TestGuard.with(nil, { $0.limits.policyIdle = .milliseconds(400) }) { guarding in
            let peer = try await guarding.connect()
            #expect(try await peer.readToEnd(within: .seconds(5)).isEmpty)
        }
    }

    @Test(arguments: [GuardProtocol.milter, .http])
    func `what does not become a request is not waited for`(speaks: GuardProtocol) async throws {
        try await TestGuard.with(nil, { $0.limits.request = .milliseconds(600) }) { guarding in
            let peer = try await guarding.connect(speaks)
            let watch = Stopwatch()
            if speaks == .http { await peer.send("GET /healthz HT") }
            #expect(try await peer.readToEnd(within: .seconds(8)).isEmpty)
            #expect(watch.elapsed < .seconds(4))
            #expect(try await guarding.ask("192.0.2.1") == "action=DUNNO\n\n")
        }
    }

    @Test func `a kept HTTP connection may rest longer than a request may take`() async throws {
        try await TestGuard.with(
            nil,
            {
                $0.limits.request = .milliseconds(300)
                $0.limits.lineIdle = .seconds(20)
            }
        ) { guarding in
            let peer = try await guarding.connect(.http)
            for _ in 0..<2 {
                await peer.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(try await peer.read(until: "ok\n").hasPrefix("HTTP/1.1 200 "))
                // Limits are looked at each second.
                try await Task.sleep(for: .milliseconds(1500))
            }
            await peer.close()
        }
    }

    @Test func `who has sent all and reads on is answered, and sees the end`() async throws {
        let resolver = try await SilentResolver.start()
        let answer = try await TestGuard.with(
            resolver.source, { $0.deadlines.http = .milliseconds(300) }
        ) { guarding in
            let peer = try await guarding.connect(.http)
            await peer.send("GET /api/v1/decide/map?ip=192.0.2.3 HTTP/1.1\r\nHost: x\r\n\r\n")
            await peer.finish()
            return try await peer.readToEnd(within: .seconds(8))
        }
        await resolver.stop()
        #expect(answer.hasPrefix("HTTP/1.1 404 "))
    }

    @Test func `one connection too many is closed at once, and those that are there go on`()
        async throws
    {
        try await TestGuard.with(nil, { $0.limits.connections = 2 }) { guarding in
            let first = try await guarding.connect()
            let second = try await guarding.connect()
            for peer in [first, second] {
                await peer.send(TestGuard.request("192.0.2.1"))
                _ = try await peer.read(until: "\n\n")
            }
            let third = try await guarding.connect()
            #expect(try await third.readToEnd(within: .seconds(5)).isEmpty)
            await first.close()
            try await Task.sleep(for: .milliseconds(100))
            #expect(try await guarding.ask("192.0.2.1") == "action=DUNNO\n\n")
        }
    }

    @Test func `who reads no answers is not written to without end`() async throws {
        try await TestGuard.with { guarding in
            let peer = try await guarding.connect()
            // Nothing is read: the guard stops reading when its answers are not taken.
            let flood = String(repeating: TestGuard.request("192.0.2.2"), count: 500)
            let writing = Task { for _ in 0..<200 { await peer.send(flood) } }
            try await Task.sleep(for: .milliseconds(300))
            #expect(try await guarding.ask("192.0.2.1") == "action=DUNNO\n\n")
            writing.cancel()
            await peer.close()
        }
    }

    @Test func `no connection is forgotten`() async throws {
        try await TestGuard.with { guarding in
            for _ in 0..<100 { _ = try await guarding.ask("192.0.2.1") }
            for _ in 0..<50 {
                let peer = try await guarding.connect(.milter)
                await peer.send([0, 0, 0, 0])
                _ = try await peer.readToEnd()
                await peer.close()
            }
            try await Task.sleep(for: .milliseconds(100))
            let page = try await guarding.metrics()
            #expect(page.contains("heloscope_guard_connections{protocol=\"policy\"} 0\n"))
            #expect(page.contains("heloscope_guard_connections{protocol=\"milter\"} 0\n"))
            #expect(page.contains("heloscope_guard_connections_total{protocol=\"policy\"} 100\n"))
            #expect(
                page.contains(
                    "heloscope_guard_session_ends_total{protocol=\"milter\",end=\"broken\"} 50\n"))
        }
    }
}
