import NetNames
import TestSupport
import Testing
import WebService

/// What a public page bounds, and what it answers at the bound.
@Suite(.timeLimit(.minutes(1))) struct LimitTests {
    @Test func `more checks than the burst are answered with 429 and a time`() async throws {
        try await TestSite.run {
            $0.burst = 2
            $0.checksPerMinute = 6
        } _: { site in
            for _ in 0..<2 {
                #expect(try await RawClient.check(site.port, "192.0.2.1").status == 200)
            }
            let answer = try await RawClient.check(site.port, "192.0.2.1")
            #expect(answer.status == 429)
            #expect(answer.fields["content-type"] == "application/problem+json")
            let wait = try #require(Int(answer.fields["retry-after"] ?? ""))
            #expect((1...10).contains(wait))
            // Pages and reports are not checks.
            #expect(try await RawClient.get(site.port, "/").status == 200)
            #expect(try await RawClient.form(site.port, "/check", "ip=192.0.2.1").status == 429)
        }
    }

    @Test func `X-Forwarded-For counts only behind a configured proxy`() async throws {
        let proxy = try #require(AddressBlock("127.0.0.0/8"))
        try await TestSite.run {
            $0.burst = 1
            $0.trustedProxies = [proxy]
        } _: { site in
            let status = { @Sendable (visitor: String) in
                try await RawClient.check(
                    site.port, "192.0.2.1", fields: ["X-Forwarded-For: \(visitor)"]
                ).status
            }
            let one = try await [status("203.0.113.1"), status("203.0.113.1")]
            #expect(one == [200, 429])
            // What stands left of the address that the proxy saw is the visitor's own claim.
            let other = try await [
                status("203.0.113.2"), status("198.51.100.7, 203.0.113.2"),
            ]
            #expect(other == [200, 429])
            // One network is one visitor, the next is another.
            let networks = try await [
                status("2001:db8:1:1::1"), status("2001:db8:1:1:ffff::2"),
                status("2001:db8:1:2::1"),
            ]
            #expect(networks == [200, 429, 200])
        }
        try await TestSite.run {
            $0.burst = 1
        } _: { site in
            let status = { @Sendable (visitor: String) in
                try await RawClient.check(
                    site.port, "192.0.2.1", fields: ["X-Forwarded-For: \(visitor)"]
                ).status
            }
            let statuses = try await [status("203.0.113.1"), status("203.0.113.2")]
            #expect(statuses == [200, 429])
        }
    }

    @Test func `a proxy's word is read with a port, in brackets, behind a tab`() async throws {
        let proxy = try #require(AddressBlock("127.0.0.0/8"))
        try await TestSite.run {
            $0.burst = 1
            $0.trustedProxies = [proxy]
        } _: { site in
            let status = { @Sendable (visitor: String) in
                try await RawClient.check(
                    site.port, "192.0.2.1", fields: ["X-Forwarded-For: \(visitor)"]
                ).status
            }
            for visitor in [
                "203.0.113.1:1234", "[2001:db8:1::1]:443", "[2001:db8:2::1]",
                "192.0.2.9,\t203.0.113.2", "2001:db8:3::1",
            ] {
                #expect(try await status(visitor) == 200, "\(visitor)")
            }
            for visitor in ["203.0.113.1", "203.0.113.1:99", "2001:db8:1::7", "203.0.113.2"] {
                #expect(try await status(visitor) == 429, "\(visitor)")
            }
            // What cannot be read is the proxy, once for all of them.
            let unreadable = try await [
                status("unknown"), status("203.0.113.7:x"), status("[203.0.113.8]"),
                status("[2001:db8:7::1"),
            ]
            #expect(unreadable == [200, 429, 429, 429])
        }
    }

    @Test func `all visitors together have a rate`() async throws {
        let proxy = try #require(AddressBlock("127.0.0.1/32"))
        try await TestSite.run {
            $0.burst = 2
            $0.checksPerHour = 20
            $0.trustedProxies = [proxy]
        } _: { site in
            var statuses: [Int] = []
            for visitor in 1...3 {
                statuses.append(
                    try await RawClient.check(
                        site.port, "192.0.2.1", fields: ["X-Forwarded-For: 203.0.113.\(visitor)"]
                    ).status)
            }
            #expect(statuses == [200, 200, 429])
        }
    }

    @Test func `checks under way have a number, and equal ones are one`() async throws {
        try await TestSite.run {
            $0.maxChecks = 1
        } _: { site in
            site.source.hold()
            async let first = RawClient.check(site.port, "192.0.2.1")
            try await site.source.waitUntil(asked: 1)
            let other = try await RawClient.check(site.port, "192.0.2.2")
            #expect(other.status == 503)
            #expect(Int(other.fields["retry-after"] ?? "") ?? 0 >= 1)
            #expect(try await RawClient.form(site.port, "/check", "ip=192.0.2.2").status == 503)
            async let equal = RawClient.check(site.port, "192.0.2.1")
            try await Task.sleep(for: .milliseconds(50))
            site.source.release()
            #expect(try await [first.status, equal.status] == [200, 200])
            #expect(site.source.asked == 1)
        }
    }

    @Test func `one pool is looked at at a time, and checks go on meanwhile`() async throws {
        try await TestSite.run {
            $0.burst = 100
        } _: { site in
            site.source.hold()
            let body = "{\"hosts\":[{\"ip\":\"192.0.2.1\"}]}"
            async let first = RawClient.pool(site.port, body)
            try await site.source.waitUntil(asked: 1)
            let second = try await RawClient.pool(site.port, body)
            #expect(second.status == 503)
            #expect(second.body.contains("Another pool"))
            async let check = RawClient.check(site.port, "192.0.2.2")
            try await site.source.waitUntil(asked: 2)
            site.source.release()
            #expect(try await [first.status, check.status] == [200, 200])
        }
    }

    @Test func `a pool of a thousand hosts with long names fits`() async throws {
        try await TestSite.run { site in
            let name = String(repeating: "a", count: 60) + "." + String(repeating: "b", count: 60)
            let hosts = (0..<1024).map {
                "{\"ip\":\"192.0.\($0 / 256).\($0 % 256)\",\"helo\":\"mx\($0).\(name).example\"}"
            }.joined(separator: ",")
            #expect(hosts.utf8.count > 128 << 10)
            #expect(try await RawClient.pool(site.port, "{\"hosts\":[\(hosts)]}").status == 200)
            let padded = "{\"hosts\":[]}" + String(repeating: " ", count: 530_000)
            let large = try await RawClient.pool(site.port, padded)
            #expect(large.status == 413)
            #expect(large.body.contains("512 KiB") && large.body.contains("1024 hosts"))
        }
    }

    @Test func `an answer is the last where more body would have to be skipped`() async throws {
        try await TestSite.run { site in
            let head = "POST /nothing HTTP/1.1\r\nHost: a\r\nContent-Length: 90000000\r\n\r\n"
            let parts = Array(repeating: String(repeating: "a", count: 65_536), count: 200)
            let watch = Stopwatch()
            let text = try await RawClient.talk(
                site.port, [head] + parts, pause: .milliseconds(20))
            #expect(text.isEmpty || text.hasPrefix("HTTP/1.1 404"))
            #expect(watch.elapsed < .seconds(4))
        }
    }

    @Test func `connections of one client have a number, those of a proxy have not`() async throws {
        try await TestSite.run {
            $0.maxConnectionsPerClient = 2
            $0.times.head = 3
        } _: { site in
            async let one = RawClient.talk(site.port, ["GET "])
            async let two = RawClient.talk(site.port, ["GET "])
            try await Task.sleep(for: .milliseconds(200))
            let watch = Stopwatch()
            #expect(try await RawClient.talk(site.port, ["GET "]).isEmpty)
            #expect(watch.elapsed < .seconds(2))
            _ = try await (one, two)
            #expect(try await RawClient.get(site.port, "/healthz").status == 200)
        }
        let proxy = try #require(AddressBlock("127.0.0.0/8"))
        try await TestSite.run {
            $0.maxConnectionsPerClient = 1
            $0.trustedProxies = [proxy]
            $0.times.head = 2
        } _: { site in
            async let one = RawClient.talk(site.port, ["GET "])
            try await Task.sleep(for: .milliseconds(200))
            #expect(try await RawClient.get(site.port, "/healthz").status == 200)
            _ = try await one
        }
    }

    @Test func `who reads nothing does not keep the service from ending`() async throws {
        let watch = Stopwatch()
        try await TestSite.run {
            $0.times.closing = 0.5
            $0.times.head = 0.5
        } _: { site in
            try await RawClient.neverRead(
                site.port,
                String(
                    repeating: "GET /api/v1/receivers HTTP/1.1\r\nHost: a\r\n\r\n", count: 300))
            try await Task.sleep(for: .milliseconds(300))
        }
        // An answer may take two minutes to be read.
        #expect(watch.elapsed < .seconds(50))
    }

    @Test func `a body has a length`() async throws {
        try await TestSite.run { site in
            let name = String(repeating: "a", count: 70_000)
            let long = "{\"ip\":\"192.0.2.1\",\"helo\":\"\(name)\"}"
            let answer = try await RawClient.ask(
                site.port, "POST", "/api/v1/check", fields: ["Content-Type: application/json"],
                body: long)
            #expect(answer.status == 413)
            #expect(answer.fields["content-type"] == "application/problem+json")
        }
    }

    @Test func `a head has a length and a number of fields`() async throws {
        try await TestSite.run { site in
            let long = "X-Long: " + String(repeating: "a", count: 20_000)
            let many = (0..<200).map { "X-\($0): a" }
            let statuses = try await [
                RawClient.get(site.port, "/", fields: [long]).status,
                RawClient.get(site.port, "/", fields: many).status,
            ]
            #expect(statuses == [400, 400])
        }
    }

    @Test func `a head that does not come is not waited for`() async throws {
        try await TestSite.run {
            $0.times.head = 0.3
        } _: { site in
            let clock = ContinuousClock()
            let silent = try await clock.measure { _ = try await RawClient.talk(site.port, [""]) }
            #expect(silent < .seconds(5))
            // Every byte that arrives is too little.
            let drops = Array(repeating: "X", count: 200)
            let slow = try await clock.measure {
                let text = try await RawClient.talk(
                    site.port, ["GET / HTTP/1.1\r\nX-Slow: "] + drops, pause: .milliseconds(50))
                #expect(text.isEmpty)
            }
            #expect(slow < .seconds(5))
        }
    }

    @Test func `a body that does not come is not waited for`() async throws {
        try await TestSite.run {
            $0.times.body = 0.3
        } _: { site in
            let slow = try await ContinuousClock().measure {
                _ = try await RawClient.talk(
                    site.port,
                    [
                        "POST /check HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\nip="
                    ] + Array(repeating: "1", count: 200), pause: .milliseconds(50))
            }
            #expect(slow < .seconds(5))
        }
    }

    @Test func `an idle connection is closed, one that waits for its answer is not`() async throws {
        try await TestSite.run {
            $0.times.idle = 0.2
        } _: { site in
            site.source.hold()
            let body = "{\"ip\":\"192.0.2.1\"}"
            async let talk = RawClient.talk(
                site.port,
                [
                    "POST /api/v1/check HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                        + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
                ])
            try await Task.sleep(for: .milliseconds(600))
            site.source.release()
            #expect(RawClient.Answer(try await talk).status == 200)
        }
    }

    @Test func `connections have a number, and the next is served when one ends`() async throws {
        try await TestSite.run {
            $0.maxConnections = 2
            // Long enough for a busy machine to send a head of its own.
            $0.times.head = 3
        } _: { site in
            async let one = RawClient.talk(site.port, ["GET "])
            async let two = RawClient.talk(site.port, ["GET "])
            try await Task.sleep(for: .milliseconds(100))
            #expect(try await RawClient.get(site.port, "/healthz").status == 200)
            _ = try await (one, two)
        }
    }
}
