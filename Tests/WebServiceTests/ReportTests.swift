import Testing
import WebService

/// Reports that are kept, shared and deleted, and what happens when they cannot be kept.
@Suite(.timeLimit(.minutes(1))) struct ReportTests {
    /// Runs a check from the form.
    /// - Returns: The report's path, and its owner's token.
    private func kept(_ site: TestSite) async throws -> (path: String, token: String) {
        let answer = try await RawClient.form(site.port, "/check", "ip=192.0.2.1&helo=a.example")
        #expect(answer.status == 303)
        let parts = try #require(answer.fields["location"]).split(separator: "?owner=")
        return (String(try #require(parts.first)), String(try #require(parts.last)))
    }

    @Test func `a report is there in four forms, for whoever knows its address`() async throws {
        try await TestSite.run { site in
            let path = try await kept(site).path
            for (form, type) in [
                ("", "text/html"), (".json", "application/json"), (".md", "text/markdown"),
                (".txt", "text/plain"),
            ] {
                let answer = try await RawClient.get(site.port, path + form)
                #expect(answer.status == 200)
                #expect(answer.fields["content-type"]?.hasPrefix(type) == true)
                #expect(answer.body.contains("192.0.2.1"))
            }
            #expect(try await RawClient.get(site.port, path + ".exe").status == 404)
            #expect(
                try await RawClient.get(site.port, "/api/v1/reports/" + path.dropFirst(3)).status
                    == 200)
        }
    }

    @Test func `only its owner may delete a report, and then it is gone`() async throws {
        try await TestSite.run { site in
            let (path, token) = try await kept(site)
            let wrong = String(token.reversed())
            let others = try await RawClient.get(site.port, path + "?owner=\(wrong)")
            #expect(others.status == 200)
            #expect(!others.body.contains("Delete it now"))
            // Wrong in its first character alone: every one has to count.
            let near = (token.hasPrefix("A") ? "B" : "A") + token.dropFirst()
            let neighbors = try await RawClient.get(site.port, path + "?owner=\(near)")
            #expect(!neighbors.body.contains("Delete it now"))
            #expect(
                try await RawClient.get(site.port, path + "?owner=\(token)").body
                    .contains("Delete it now"))
            let delete = { @Sendable (token: String) in
                try await RawClient.form(site.port, path + "/delete", "token=\(token)").status
            }
            #expect(try await delete("") == 404)
            #expect(try await delete(String(token.reversed())) == 404)
            #expect(try await RawClient.get(site.port, path).status == 200)
            #expect(try await delete(token) == 200)
            #expect(try await RawClient.get(site.port, path).status == 404)
            #expect(try await RawClient.get(site.port, path + ".json").status == 404)
        }
    }

    @Test func `a report that a program had kept is deleted by its token`() async throws {
        try await TestSite.run { site in
            let answer = try await RawClient.check(site.port, "192.0.2.1", keep: true)
            let id = try #require(answer.fields["location"]?.dropFirst(3))
            let token = try #require(answer.fields["heloscope-owner-token"])
            let delete = { @Sendable (fields: [String]) in
                try await RawClient.ask(
                    site.port, "DELETE", "/api/v1/reports/\(id)", fields: fields
                ).status
            }
            #expect(try await delete([]) == 404)
            #expect(try await delete(["Heloscope-Owner-Token: \(String(token.reversed()))"]) == 404)
            #expect(try await RawClient.get(site.port, "/api/v1/reports/\(id)").status == 200)
            #expect(try await delete(["Heloscope-Owner-Token: \(token)"]) == 204)
            #expect(try await RawClient.get(site.port, "/api/v1/reports/\(id)").status == 404)
            #expect(try await RawClient.get(site.port, "/r/\(id)").status == 404)
            let unkept = try await RawClient.check(site.port, "192.0.2.1")
            #expect(unkept.fields["heloscope-owner-token"] == nil)
        }
    }

    @Test func `a report that made room for another is gone, ready or not`() async throws {
        try await TestSite.run {
            $0.maxReports = 1
        } _: { site in
            let first = try await kept(site).path
            #expect(try await RawClient.get(site.port, first).status == 200)
            #expect(try await RawClient.check(site.port, "192.0.2.9", keep: true).status == 200)
            #expect(try await RawClient.get(site.port, first).status == 404)
        }
    }

    @Test func `each form of a report and each article is rendered once, for its owner too`()
        async throws
    {
        try await TestSite.run { site in
            let (path, token) = try await kept(site)
            for _ in 0..<3 {
                for query in ["", "?owner=\(token)", "?owner=x", ".json", ".txt"] {
                    #expect(try await RawClient.get(site.port, path + query).status == 200)
                }
                for article in [
                    "/api/v1/reports/" + path.dropFirst(3), "/findings", "/findings/no-ptr",
                    "/receivers", "/receivers/exim", "/api",
                ] {
                    #expect(try await RawClient.get(site.port, article).status == 200)
                }
            }
            #expect(
                try await RawClient.get(site.port, "/metrics").body
                    .contains("heloscope_rendered_total 8\n"))
            let page = try await RawClient.get(site.port, path).body
            let owners = try await RawClient.get(site.port, path + "?owner=\(token)").body
            let form =
                "<form method=\"post\" action=\"\(path)/delete\">\n<input type=\"hidden\""
                + " name=\"token\" value=\"\(token)\">\n"
            #expect(owners.contains(form))
            #expect(!page.contains(token))
            #expect(owners.utf8.count > page.utf8.count + form.utf8.count)
            #expect(owners.hasSuffix(page.suffix(200)) && owners.hasPrefix(page.prefix(2000)))
        }
    }

    @Test func `a report expires, in the cache too`() async throws {
        let clock = TestClock()
        try await TestSite.run(clock: clock) {
            $0.reportDays = 2
        } _: { site in
            let path = try await kept(site).path
            #expect(try await RawClient.get(site.port, path).status == 200)
            clock.advance(2 * 86_400 - 1)
            #expect(try await RawClient.get(site.port, path).status == 200)
            clock.advance(1)
            #expect(try await RawClient.get(site.port, path).status == 404)
        }
    }

    @Test func `who comes for the report before its end waits for it`() async throws {
        try await TestSite.run { site in
            site.source.hold()
            let path = try await kept(site).path
            async let report = RawClient.get(site.port, path)
            async let events = RawClient.get(
                site.port, "/checks/" + path.dropFirst(3) + "/events")
            try await Task.sleep(for: .milliseconds(50))
            site.source.release()
            #expect(try await report.status == 200)
            #expect(try await events.body.contains("event: done"))
        }
    }

    @Test func `a check that fails says so at the report's address`() async throws {
        try await TestSite.run { site in
            site.source.fail()
            let path = try await kept(site).path
            for _ in 0..<2 {
                let answer = try await RawClient.get(site.port, path)
                #expect(answer.status == 500)
                #expect(answer.body.contains("could not be carried out"))
            }
        }
    }

    @Test func `a report that cannot be kept is shown all the same`() async throws {
        try await TestSite.run {
            $0.databasePages = 8
            $0.burst = 100
        } _: { site in
            // Fills what room there is.
            var paths: [String] = []
            for number in 1...20 {
                let answer = try await RawClient.form(
                    site.port, "/check",
                    "ip=192.0.2.\(number)&helo=\(String(repeating: "a", count: 200)).example")
                paths.append(String(answer.fields["location"]?.split(separator: "?").first ?? ""))
            }
            let answer = try await RawClient.get(site.port, try #require(paths.last))
            #expect(answer.status == 200)
            #expect(answer.body.contains("could not be kept"))
            // A small report may still find a place.
            var kept = try await RawClient.check(site.port, "192.0.2.77", keep: true)
            for _ in 0..<40 where kept.status == 200 {
                kept = try await RawClient.check(site.port, "192.0.2.77", keep: true)
            }
            #expect(kept.status == 503)
            #expect(kept.fields["retry-after"] != nil)
            #expect(try await RawClient.check(site.port, "192.0.2.77").status == 200)
            let metrics = try await RawClient.get(site.port, "/metrics").body
            let failures = metrics.split(separator: "\n").compactMap { line -> Int? in
                let parts = line.split(separator: " ")
                return parts.first == "heloscope_store_failures_total" ? Int(parts[1]) : nil
            }
            #expect(failures.count == 1 && failures[0] > 0)
        }
    }

    @Test func `reports that cannot be kept are bounded in bytes, and the oldest goes first`()
        async throws
    {
        try await TestSite.run {
            $0.databasePages = 8
            $0.burst = 100
        } _: { site in
            site.source.give(MailTests.heavy)
            var paths: [String] = []
            for number in 1...20 {
                let answer = try await RawClient.form(site.port, "/check", "ip=192.0.2.\(number)")
                let path = try #require(answer.fields["location"]?.split(separator: "?").first)
                paths.append(path + ".txt")
                #expect(try await RawClient.get(site.port, path + ".txt").status == 200)
            }
            #expect(try await RawClient.get(site.port, paths[0]).status == 404)
            #expect(try await RawClient.get(site.port, paths[10]).status == 200)
        }
    }

    @Test func `a request under way is answered before the service ends`() async throws {
        try await TestSite.run { site in
            site.source.hold()
            async let answer = RawClient.check(site.port, "192.0.2.1")
            try await site.source.waitUntil(asked: 1)
            await site.shutDown()
            var isRefused = false
            // A busy machine takes its time to close the door.
            for _ in 0..<50 where !isRefused {
                try await Task.sleep(for: .milliseconds(100))
                isRefused = (try? await RawClient.get(site.port, "/healthz")) == nil
            }
            #expect(isRefused)
            site.source.release()
            #expect(try await answer.status == 200)
        }
    }
}
