import TestSupport
import Testing
import WebService

/// When a connection ends: by the request's word, and by the time a head takes.
@Suite(.timeLimit(.minutes(1))) struct ConnectionTests {
    /// Far below the half minute that a connection may be idle, far above an answer's time.
    private static let soon = Duration.seconds(10)

    @Test(arguments: [
        "HTTP/1.0\r\n", "HTTP/1.0\r\nConnection: x\r\n",
        "HTTP/1.0\r\nConnection: keep-alive, close\r\n",
        "HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n",
        "HTTP/1.1\r\nHost: localhost\r\nConnection: Close\r\n",
        "HTTP/1.1\r\nHost: localhost\r\nConnection: close, x\r\n",
        "HTTP/1.1\r\nHost: localhost\r\nConnection: x,\tCLOSE\r\n",
        "HTTP/1.1\r\nHost: localhost\r\nConnection: x\r\nconnection: close\r\n",
    ])
    func `the last request of a client is the last`(version: String) async throws {
        try await TestSite.run { site in
            let watch = Stopwatch()
            let text = try await RawClient.talk(site.port, ["GET /healthz \(version)\r\n"])
            #expect(watch.elapsed < Self.soon)
            let answer = RawClient.Answer(text)
            #expect(answer.status == 200)
            #expect(answer.fields["connection"] == "close")
            #expect(answer.body == "ok\n")
        }
    }

    @Test(arguments: [
        ("HTTP/1.1\r\nHost: localhost\r\n", nil),
        ("HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n", nil),
        // Without the word a client of HTTP/1.0 takes the answer for the last (RFC 9112 §9.3).
        ("HTTP/1.0\r\nConnection: Keep-Alive\r\n", "keep-alive"),
    ])
    func `another request may follow`(version: String, said: String?) async throws {
        try await TestSite.run { site in
            let text = try await RawClient.talk(
                site.port,
                [
                    "GET /healthz \(version)\r\n",
                    "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                ], pause: .milliseconds(50))
            #expect(text.split(separator: "ok\n", omittingEmptySubsequences: false).count == 3)
            #expect(RawClient.Answer(text).fields["connection"] == said)
        }
    }

    @Test func `a refused body's connection ends where the client wanted that`() async throws {
        try await TestSite.run { site in
            let watch = Stopwatch()
            let text = try await RawClient.talk(
                site.port,
                [
                    "POST /nothing HTTP/1.1\r\nHost: localhost\r\nConnection: Close\r\n"
                        + "Content-Length: 6\r\n\r\nabc", "def",
                ], pause: .milliseconds(100))
            #expect(RawClient.Answer(text).status == 404)
            #expect(watch.elapsed < Self.soon)
        }
    }

    @Test func `the next head on a kept connection has the time of a head`() async throws {
        try await TestSite.run {
            $0.times.head = 0.5
        } _: { site in
            let drops = Array(repeating: "X", count: 300)
            let watch = Stopwatch()
            let text = try await RawClient.talk(
                site.port,
                ["GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n", "GET / HTTP/1.1\r\nX-Slow: "]
                    + drops, pause: .milliseconds(50))
            #expect(RawClient.Answer(text).status == 200)
            #expect(watch.elapsed < Self.soon)
        }
    }

    @Test func `a head begun behind a request has its time once that is answered`() async throws {
        try await TestSite.run {
            $0.times.head = 0.5
        } _: { site in
            site.source.hold()
            let body = "{\"ip\":\"192.0.2.1\"}"
            async let talk = RawClient.talk(
                site.port,
                [
                    "POST /api/v1/check HTTP/1.1\r\nHost: localhost\r\n"
                        + "Content-Type: application/json\r\nContent-Length: 18\r\n\r\n\(body)",
                    "GET / HTTP/1.1\r\n",
                ], pause: .milliseconds(50))
            // Longer than a head may take: the answer's time holds.
            try await Task.sleep(for: .milliseconds(1500))
            site.source.release()
            let watch = Stopwatch()
            #expect(RawClient.Answer(try await talk).status == 200)
            #expect(watch.elapsed < Self.soon)
        }
    }

    @Test func `a head in pieces on a kept connection is waited for`() async throws {
        try await TestSite.run {
            $0.times.head = 5
        } _: { site in
            let head = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n"
            let text = try await RawClient.talk(
                site.port, [head + "\r\n", head, "Connection: close\r\n", "\r\n"],
                pause: .milliseconds(100))
            #expect(text.split(separator: "ok\n", omittingEmptySubsequences: false).count == 3)
        }
    }
}
