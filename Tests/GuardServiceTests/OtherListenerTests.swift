import GuardService
import NetNames
import TestSupport
import Testing

/// Exim's lines, HTTP, and the standard streams.
@Suite(.timeLimit(.minutes(1)))
struct OtherListenerTests {
    @Test func `Exim closes its half and reads the answer to its end`() async throws {
        try await TestGuard.with { guarding in
            let peer = try await guarding.connect(.exim)
            await peer.send("check ip=192.0.2.3 helo=mail.example.com\n")
            await peer.finish()
            let answer = try await peer.readToEnd()
            #expect(answer.hasPrefix("verdict=fail reason=no-ptr code=550 dsn=5.7.25 text=\""))
        }
    }

    /// What the client chose (a HELO name of 5,000 letters, a TAB in the sender) spares it nothing.
    @Test(arguments: [
        "helo=" + String(repeating: "a", count: 5_000),
        "helo=x from=\"\\\"a\tb\\\"@b.org\" to=\"u@dest.example\"",
        "helo=\"" + String(repeating: "\\\"", count: 16_384) + "\"",
    ])
    func `Exim's client is judged whatever it says`(rest: String) async throws {
        try await TestGuard.with { guarding in
            let peer = try await guarding.connect(.exim)
            await peer.send("check ip=192.0.2.3 \(rest)\n")
            await peer.finish()
            let answer = try await peer.readToEnd()
            #expect(answer.hasPrefix("verdict=fail reason=no-ptr code=550 "))
        }
    }

    @Test func `Exim is told temperror at its deadline`() async throws {
        let resolver = try await SilentResolver.start()
        let answer = try await TestGuard.with(
            resolver.source, { $0.deadlines.exim = .milliseconds(200) }
        ) { guarding in
            let peer = try await guarding.connect(.exim)
            await peer.send("check ip=192.0.2.3\n")
            await peer.finish()
            return try await peer.readToEnd(within: .seconds(2))
        }
        await resolver.stop()
        #expect(answer.hasPrefix("verdict=temperror"))
        #expect(!answer.contains("code="))
    }

    @Test func `a decision over HTTP`() async throws {
        try await TestGuard.with { guarding in
            let body = "{\"ip\":\"192.0.2.3\",\"helo\":\"mail.example.com\"}"
            let answer = try await guarding.http(
                "POST /api/v1/decide HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.utf8.count)\r\n"
                    + "Connection: close\r\n\r\n" + body)
            #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(answer.contains("\"action\":\"refuse\""))
        }
    }

    @Test(arguments: [
        ("GET /api/v1/decide/map?ip=192.0.2.3&helo=mail.example.com", 200),
        ("GET /api/v1/decide/map?ip=192.0.2.1&helo=mail%2eexample.com", 404),
        ("GET /api/v1/decide/map?helo=x", 400), ("GET /api/v1/decide/map?ip=%zz", 400),
        ("GET /healthz", 200), ("GET /readyz", 200), ("GET /metrics", 200), ("GET /", 404),
        ("DELETE /metrics", 405), ("GET /api/v1/decide", 405), ("POST /api/v1/decide", 400),
    ])
    func `every resource has its status`(request: String, status: Int) async throws {
        try await TestGuard.with { guarding in
            let answer = try await guarding.http(
                "\(request) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 \(status) "))
        }
    }

    @Test(arguments: [
        (
            "GET / HTTP/1.1\r\nHost: x\r\nX: " + String(repeating: "a", count: 20_000)
                + "\r\n\r\n", 400
        ),
        (
            "POST /api/v1/decide HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n"
                + String(repeating: "[", count: 100_000), 413
        ),
        ("\0\0\0\r\n\r\n", 400), ("NONSENSE\r\n\r\n", 400),
    ])
    func `HTTP that is none, or too much, is answered with an error and closed`(
        bytes: String, status: Int
    ) async throws {
        try await TestGuard.with { guarding in
            let answer = try await guarding.http(bytes)
            #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(answer.prefix(40))")
            #expect(try await guarding.ask("192.0.2.1") == "action=DUNNO\n\n")
        }
    }

    @Test func `rspamd is answered within its second, though the resolver is silent`() async throws
    {
        let resolver = try await SilentResolver.start()
        let (answer, time) = try await TestGuard.with(resolver.source) { guarding in
            let watch = Stopwatch()
            let answer = try await guarding.http(
                "GET /api/v1/decide/map?ip=192.0.2.3 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
            )
            return (answer, watch.elapsed)
        }
        await resolver.stop()
        #expect(answer.hasPrefix("HTTP/1.1 404 "))
        // 0.8 s by its deadline; the rest is for a busy machine. The look-up itself would take five.
        #expect(time < .seconds(2))
    }
}

extension TestGuard {
    func http(_ text: String) async throws -> String {
        let peer = try await connect(.http)
        await peer.send(text)
        let answer = try await peer.readToEnd()
        await peer.close()
        return answer
    }

    func metrics() async throws -> String {
        try await http("GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    }
}
