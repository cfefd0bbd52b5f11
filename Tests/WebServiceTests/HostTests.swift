import Testing
import WebService

/// Whom a request is for, where the settings say what the site is called.
@Suite(.timeLimit(.minutes(1))) struct HostTests {
    private static func status(
        _ port: Int, _ host: String, path: String = "/", version: String = "1.1"
    ) async throws -> Int {
        let field = host.isEmpty ? "" : "Host: \(host)\r\n"
        return RawClient.Answer(
            try await RawClient.talk(
                port, ["GET \(path) HTTP/\(version)\r\n\(field)Connection: close\r\n\r\n"])
        ).status
    }

    @Test(arguments: [
        ("https://check.example.org", "check.example.org"),
        ("https://check.example.org", "CHECK.Example.org"),
        ("https://check.example.org", "check.example.org."),
        // A proxy may leave the port out, or send its own.
        ("https://check.example.org:8443", "check.example.org"),
        ("https://check.example.org", "check.example.org:8080"),
        ("http://[2001:db8::1]:8080", "[2001:DB8:0::1]:8080"),
        ("http://192.0.2.1", "192.0.2.1"),
        ("https://check.example.org", "localhost:8080"),
        ("https://check.example.org", "127.0.0.2"),
        ("https://check.example.org", "[::1]:8080"),
        ("", "other.example"),
    ])
    func `a request for the site is answered`(url: String, host: String) async throws {
        try await TestSite.run({ $0.publicURL = url }) { site in
            let status = try await Self.status(site.port, host)
            #expect(status == 200)
        }
    }

    @Test(arguments: [
        "other.example", "check.example.org.other.example", "xcheck.example.org", "check.example",
        "user@check.example.org", "check.example.org:80:80", "192.0.2.1", "[2001:db8::1]",
        "localhost.example", "127.0.0.1.example", "[::1", "a:127.0.0.1",
    ])
    func `a request for another site is 421`(host: String) async throws {
        try await TestSite.run({ $0.publicURL = "https://check.example.org" }) { site in
            let status = try await Self.status(site.port, host)
            #expect(status == 421)
            // Who watches over the service knows its address, not its name.
            for path in ["/healthz", "/readyz", "/metrics"] {
                let status = try await Self.status(site.port, host, path: path)
                #expect(status == 200)
            }
        }
    }

    @Test func `who names no host is answered, as HTTP/1.0 may`() async throws {
        try await TestSite.run({ $0.publicURL = "https://check.example.org" }) { site in
            let old = try await Self.status(site.port, "", version: "1.0")
            let new = try await Self.status(site.port, "", version: "1.1")
            #expect([old, new] == [200, 400])
        }
    }

    @Test func `a check for another site is not carried out, and the answer says where`()
        async throws
    {
        try await TestSite.run({ $0.publicURL = "https://check.example.org" }) { site in
            let body = "{\"ip\":\"192.0.2.1\"}"
            let answer = RawClient.Answer(
                try await RawClient.talk(
                    site.port,
                    [
                        "POST /api/v1/check HTTP/1.1\r\nHost: other.example\r\n"
                            + "Content-Type: application/json\r\nConnection: close\r\n"
                            + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
                    ]))
            #expect(answer.status == 421)
            #expect(answer.fields["content-type"] == "application/problem+json")
            #expect(answer.body.contains("https:\\/\\/check.example.org"))
            #expect(site.source.asked == 0)
        }
    }
}
