import NetNames
import SenderIdentity
import Testing
import WebService

/// What every answer has to be: headers, methods, errors.
@Suite(.timeLimit(.minutes(1))) struct AnswerTests {
    @Test func `every answer forbids scripts and frames of others, and sets no cookie`()
        async throws
    {
        try await TestSite.run { site in
            for path in ["/", "/nothing", "/assets/heloscope.css", "/api/v1/nothing", "/metrics"] {
                let fields = try await RawClient.get(site.port, path).fields
                let policy = fields["content-security-policy"] ?? ""
                #expect(policy.hasPrefix("default-src 'none';"), "\(path)")
                #expect(!policy.contains("unsafe"), "\(path)")
                #expect(policy.contains("frame-ancestors 'none'"), "\(path)")
                #expect(fields["x-content-type-options"] == "nosniff", "\(path)")
                #expect(fields["referrer-policy"] == "no-referrer", "\(path)")
                #expect(fields["set-cookie"] == nil, "\(path)")
            }
        }
    }

    @Test(arguments: [
        ("PUT", "/", 405, "GET, HEAD, OPTIONS"),
        ("GET", "/check", 405, "POST, OPTIONS"),
        ("DELETE", "/r/AAAAAAAAAAAAAAAAAAAAAA", 405, "GET, HEAD, OPTIONS"),
        ("TRACE", "/api/v1/check", 405, "POST, OPTIONS"),
        ("PROPFIND", "/api/v1/receivers", 405, "GET, HEAD, OPTIONS"),
        ("OPTIONS", "/api/v1/check", 204, "POST, OPTIONS"),
        ("OPTIONS", "/findings", 204, "GET, HEAD, OPTIONS"),
    ])
    func `a path says how it is asked`(
        method: String, path: String, status: Int, allow: String
    ) async throws {
        try await TestSite.run { site in
            let answer = try await RawClient.ask(site.port, method, path)
            #expect(answer.status == status)
            #expect(answer.fields["allow"] == allow)
            if path.hasPrefix("/api/"), status == 405 {
                #expect(answer.fields["content-type"] == "application/problem+json")
            }
        }
    }

    @Test func `block lists of the settings belong to every check`() async throws {
        let zone = try BlockListZone(parsing: "bl.example.net".utf8)
        try await TestSite.run({ $0.blockLists = [.v4: [zone]] }) { site in
            _ = try await RawClient.check(site.port, "198.51.100.26")
            _ = try await RawClient.check(site.port, "2001:db8::26")
            #expect(site.source.subjects.map(\.blockLists) == [[zone], []])
        }
    }

    @Test func `an answer has its date`() async throws {
        try await TestSite.run { site in
            let answer = try await RawClient.get(site.port, "/healthz")
            #expect(answer.fields["date"] == "Wed, 18 Nov 2026 11:06:40 GMT")
        }
    }

    @Test func `HEAD is GET without the body`() async throws {
        try await TestSite.run { site in
            let answer = try await RawClient.ask(site.port, "HEAD", "/findings")
            #expect(answer.status == 200)
            #expect(answer.fields["content-type"] == "text/html; charset=utf-8")
            #expect(answer.body.isEmpty)
            #expect(try await RawClient.ask(site.port, "HEAD", "/nothing").status == 404)
        }
    }

    @Test(arguments: [
        ("{", 400), ("[]", 422), ("{}", 422), ("{\"ip\":7}", 422), ("{\"ip\":null}", 422),
        ("{\"ip\":\"\"}", 422), ("{\"ip\":\"192.0.2.256\"}", 422), ("\u{0}", 400),
        ("{\"ip\":\"192.0.2.1\",\"helo\":\"a\\u0000\"}", 422),
        ("{\"ip\":\"192.0.2.1\",\"keep\":\"yes\"}", 422),
        ("{\"ip\":\"192.0.2.1\",\"mail_from\":\"nobody\"}", 422),
        ("{\"ip\":\"192.0.2.1\",\"mail_from\":\"<>\"}", 422),
    ])
    func `input that cannot be read is a problem with a status`(body: String, status: Int)
        async throws
    {
        try await TestSite.run { site in
            let answer = try await RawClient.ask(
                site.port, "POST", "/api/v1/check",
                fields: ["Content-Type: application/json; charset=utf-8"], body: body)
            #expect(answer.status == status)
            #expect(answer.fields["content-type"] == "application/problem+json")
            #expect(answer.body.contains("\"status\":\(status)"))
        }
    }

    @Test(arguments: [
        // The object itself is a level.
        (31, "[", "]", 200), (32, "[", "]", 400), (31, "{\"a\":", "}", 200),
        (32, "{\"a\":", "}", 400), (400, "[", "]", 400), (20_000, "[", "]", 400),
    ])
    func `JSON has a depth`(count: Int, open: String, close: String, status: Int) async throws {
        try await TestSite.run { site in
            let deep =
                String(repeating: open, count: count) + "1" + String(repeating: close, count: count)
            let answer = try await RawClient.ask(
                site.port, "POST", "/api/v1/check", fields: ["Content-Type: application/json"],
                body: "{\"ip\":\"192.0.2.1\",\"x\":\(deep)}")
            #expect(answer.status == status)
            guard status == 400 else { return }
            #expect(answer.fields["content-type"] == "application/problem+json")
            #expect(answer.body.contains("more than 32"))
        }
    }

    @Test(arguments: [
        // Brackets in a text are no levels, whatever stands before them.
        ("\"\(brackets)\"", 200), ("\"\\\"\(brackets)\"", 200), ("[\(empties)[]]", 200),
        ("\"\\\\\",\"y\":\(brackets)", 400),
    ])
    func `depth is counted outside of texts`(value: String, status: Int) async throws {
        try await TestSite.run { site in
            let answer = try await RawClient.ask(
                site.port, "POST", "/api/v1/check", fields: ["Content-Type: application/json"],
                body: "{\"ip\":\"192.0.2.1\",\"x\":\(value)}")
            #expect(answer.status == status)
            #expect(answer.body.contains("more than 32") == (status == 400))
        }
    }

    private static let brackets = String(repeating: "[", count: 99)
    private static let empties = String(repeating: "[],", count: 99)

    /// Half a sign of UTF-16 may be a quote, and hide what is behind it (RFC 8259 §8.1).
    @Test func `JSON is UTF-8`() async throws {
        try await TestSite.run { site in
            let wide = "{\"ip\":\"192.0.2.1\"}".map { "\0\($0)" }.joined()
            let answer = try await RawClient.ask(
                site.port, "POST", "/api/v1/check", fields: ["Content-Type: application/json"],
                body: wide)
            #expect(answer.status == 400)
        }
    }

    @Test(arguments: [
        "application/json ; charset=utf-8", "APPLICATION/JSON", "application/json\t;a=b",
    ])
    func `JSON has a type with parameters, spaces and any case`(type: String) async throws {
        try await TestSite.run { site in
            let answer = try await RawClient.ask(
                site.port, "POST", "/api/v1/check", fields: ["Content-Type: \(type)"],
                body: "{\"ip\":\"192.0.2.1\"}")
            #expect(answer.status == 200)
        }
    }

    @Test(arguments: [
        ("{\"hosts\":[{\"ip\":\"192.0.2.1\"},{\"ip\":\"x\"}]}", "\"field\":\"hosts[1].ip\""),
        ("{\"hosts\":[{\"ip\":7}]}", "\"field\":\"hosts[0].ip\""),
        ("{\"hosts\":[{}]}", "\"field\":\"hosts[0].ip\""),
        ("{\"hosts\":[{\"ip\":\"\u{202e}\u{9b}x\"}]}", "address: \\\\u{202e}\\\\u{9b}x "),
    ])
    func `a problem names the field, and shows what nobody sees`(body: String, part: String)
        async throws
    {
        try await TestSite.run { site in
            let answer = try await RawClient.pool(site.port, body)
            #expect(answer.status == 422)
            #expect(answer.body.contains(part), "\(answer.body)")
            // The same words as the status line.
            #expect(answer.body.contains("\"title\":\"\(answer.phrase)\""))
        }
    }

    @Test func `a body that is no object names no field`() async throws {
        try await TestSite.run { site in
            let answer = try await RawClient.pool(site.port, "[]")
            #expect(answer.status == 422)
            #expect(!answer.body.contains("\"field\""))
        }
    }

    @Test func `errors of the API are for programs, however its path is written`() async throws {
        try await TestSite.run { site in
            for path in ["//api/v1/nothing", "/api//v1/nothing"] {
                let answer = try await RawClient.get(site.port, path)
                #expect(answer.status == 404)
                #expect(answer.fields["content-type"] == "application/problem+json")
            }
        }
    }

    @Test func `another site's page cannot begin a check`() async throws {
        try await TestSite.run { site in
            let ask = { @Sendable (origin: String) in
                try await RawClient.ask(
                    site.port, "POST", "/check",
                    fields: [
                        "Sec-Fetch-Site: \(origin)",
                        "Content-Type: application/x-www-form-urlencoded",
                    ], body: "ip=192.0.2.1"
                ).status
            }
            let statuses = try await [ask("cross-site"), ask("same-origin")]
            #expect(statuses == [403, 303])
            #expect(site.source.asked == 1)
        }
    }

    @Test func `who waits to be asked for the body is asked`() async throws {
        try await TestSite.run {
            $0.times.body = 1
        } _: { site in
            let text = try await RawClient.talk(
                site.port,
                [
                    "POST /api/v1/check HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"
                        + "Content-Type: application/json\r\nContent-Length: 18\r\n\r\n"
                ])
            #expect(text.hasPrefix("HTTP/1.1 100 Continue\r\n\r\n"))
        }
    }

    @Test func `a body of another type is 415`() async throws {
        try await TestSite.run { site in
            let answer = try await RawClient.ask(
                site.port, "POST", "/api/v1/check", fields: ["Content-Type: text/plain"],
                body: "{\"ip\":\"192.0.2.1\"}")
            #expect(answer.status == 415)
        }
    }

    @Test(arguments: [
        "GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost : a\r\n\r\n", "GET\r\n\r\n", "\u{16}\u{3}\u{1}\r\n\r\n",
        "POST /check HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST /check HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "POST /check HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
    ])
    func `what is no HTTP is answered with 400 and closed`(text: String) async throws {
        try await TestSite.run { site in
            let answer = RawClient.Answer(try await RawClient.talk(site.port, [text]))
            #expect(answer.status == 400)
            #expect(try await RawClient.get(site.port, "/healthz").status == 200)
        }
    }

    @Test func `metrics name no visitor and no target`() async throws {
        try await TestSite.run { site in
            _ = try await RawClient.check(site.port, "192.0.2.99")
            _ = try await RawClient.get(site.port, "/nothing/192.0.2.98")
            let text = try await RawClient.get(site.port, "/metrics").body
            #expect(text.contains("heloscope_check_seconds_count 1"))
            #expect(text.contains("route=\"/api/v1/check\",status=\"200\"} 1"))
            #expect(text.contains("route=\"NotFound\",status=\"404\"} 1"))
            #expect(!text.contains("192.0.2") && !text.contains("127.0.0.1"))
        }
    }

    @Test(arguments: [
        ("{\"helo\":\"out.example.net\"}", 200), ("{\"hosts\":[{\"ip\":\"192.0.2.1\"}]}", 200),
        ("{\"helo\":null,\"hosts\":[{\"ip\":\"192.0.2.1\",\"helo\":\"a.example\"}]}", 200),
        ("{}", 422), ("{\"hosts\":[]}", 422), ("{\"helo\":\"localhost\"}", 422),
        ("{\"helo\":\"192.0.2.1\"}", 422), ("{\"hosts\":[{\"ip\":\"x\"}]}", 422),
        ("{\"helo\":\"a.example\",\"hosts\":[{\"ip\":\"192.0.2.1\"}]}", 422),
    ])
    func `a pool is named by its HELO name or by its hosts`(body: String, status: Int)
        async throws
    {
        try await TestSite.run { site in
            let answer = try await RawClient.pool(site.port, body)
            #expect(answer.status == status)
        }
    }

    @Test func `a pool counts as ten checks and has no more hosts than a pool may`() async throws {
        try await TestSite.run { site in
            let host = "{\"ip\":\"192.0.2.1\"}"
            let hosts = Array(repeating: host, count: 1025).joined(separator: ",")
            let large = try await RawClient.pool(site.port, "{\"hosts\":[\(hosts)]}")
            #expect(large.status == 422)
            var statuses: [Int] = []
            for _ in 0..<3 {
                statuses.append(
                    try await RawClient.pool(site.port, "{\"hosts\":[\(host)]}").status)
            }
            #expect(statuses == [200, 200, 429])
        }
    }
}
