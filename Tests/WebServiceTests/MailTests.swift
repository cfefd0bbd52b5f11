import DNSModel
import Foundation
import NetNames
import Reports
import SenderIdentity
import Testing
import WebService

/// One-time mail addresses.
@Suite(.timeLimit(.minutes(1))) struct MailTests {
    static let client = Subject(
        address: .v4(0xcb00_7109), helo: HELOArgument("mail.example.org"))

    static func offer(_ options: inout WebServer.Options) {
        options.mailDomain = "probe.example.net"
        options.publicURL = "https://check.example.org"
    }

    /// An address made through the page: its mailbox, its page, and that page's text.
    static func make(
        _ site: TestSite
    ) async throws -> (mailbox: String, path: String, page: String) {
        let made = try await RawClient.form(site.port, "/mail", "")
        #expect(made.status == 303)
        let path = try #require(made.fields["location"])
        let page = try await RawClient.get(site.port, path).body
        let end = try #require(page.range(of: "@probe.example.net"))
        let local = page[..<end.lowerBound].reversed().prefix { $0 != ">" }.reversed()
        return (String(local) + "@probe.example.net", path, page)
    }

    static func id(_ path: String) -> String {
        String(path.split(separator: "/")[1].prefix { $0 != "?" })
    }

    @Test func `the first mail is judged, kept, and told again to later ones`() async throws {
        try await TestSite.run(Self.offer) { site in
            let (mailbox, path, page) = try await Self.make(site)
            #expect(page.contains("Waiting for your") && page.contains("http-equiv=\"refresh\""))
            let id = Self.id(path)
            // Somebody's server changed the case on the way.
            for recipient in [mailbox, mailbox.uppercased()] {
                let arrival = await site.server.mail(
                    to: Array(recipient.utf8), from: Self.client)
                guard case .told(let reply) = arrival else {
                    Issue.record("\(arrival)")
                    return
                }
                #expect(reply.lines.contains("Seen: 203.0.113.9, HELO mail.example.org"))
                #expect(reply.lines.contains("Report: https://check.example.org/r/\(id)"))
            }
            #expect(site.source.asked == 1)
            let moved = try await RawClient.get(site.port, path)
            #expect(moved.status == 303)
            let report = try #require(moved.fields["location"])
            #expect(report.hasPrefix("/r/\(id)?owner="))
            let shown = try await RawClient.get(site.port, report)
            #expect(shown.status == 200 && shown.body.contains("203.0.113.9"))
            #expect(shown.body.contains("/r/\(id)/delete"))
            // Without the owner's token nobody is handed it.
            let stranger = try await RawClient.get(site.port, "/mail/\(id)")
            #expect(stranger.fields["location"] == "/r/\(id)")
            let events = try await RawClient.get(site.port, "/mail/\(id)/events")
            #expect(events.body.contains("event: done"))
            let metrics = try await RawClient.get(site.port, "/metrics").body
            #expect(metrics.contains("heloscope_mails_total 1\n"))
        }
    }

    @Test func `who does not know an address gets nothing looked up`() async throws {
        try await TestSite.run(Self.offer) { site in
            for recipient in ["root@probe.example.net", "", "@", "x"] {
                let arrival = await site.server.mail(to: Array(recipient.utf8), from: Self.client)
                guard case .unknown = arrival else {
                    Issue.record("\(recipient): \(arrival)")
                    continue
                }
            }
            #expect(site.source.asked == 0)
            let page = try await RawClient.get(site.port, "/mail/nobody")
            #expect(page.status == 404)
        }
    }

    @Test func `a check that fails leaves the address for another mail`() async throws {
        try await TestSite.run(Self.offer) { site in
            let (mailbox, path, _) = try await Self.make(site)
            site.source.fail()
            let arrival = await site.server.mail(to: Array(mailbox.utf8), from: Self.client)
            guard case .failed = arrival else {
                Issue.record("\(arrival)")
                return
            }
            site.source.recover()
            let second = await site.server.mail(to: Array(mailbox.utf8), from: Self.client)
            guard case .told = second else {
                Issue.record("\(second)")
                return
            }
            #expect(try await RawClient.get(site.port, path).status == 303)
        }
    }

    @Test func `an address has its time`() async throws {
        let clock = TestClock()
        try await TestSite.run(clock: clock, Self.offer) { site in
            let (mailbox, path, _) = try await Self.make(site)
            clock.advance(1800)
            let arrival = await site.server.mail(to: Array(mailbox.utf8), from: Self.client)
            guard case .unknown = arrival else {
                Issue.record("\(arrival)")
                return
            }
            #expect(try await RawClient.get(site.port, path).status == 404)
        }
    }

    @Test func `who watches does not hold up the end of the service`() async throws {
        try await TestSite.run(Self.offer) { site in
            let (_, path, _) = try await Self.make(site)
            async let events = RawClient.get(site.port, "/mail/\(Self.id(path))/events")
            try await Task.sleep(for: .milliseconds(200))
            await site.shutDown()
            #expect(try await !events.body.contains("event: done"))
        }
    }

    @Test func `addresses count as checks`() async throws {
        try await TestSite.run {
            Self.offer(&$0)
            $0.burst = 2
            $0.checksPerMinute = 1
        } _: { site in
            for expected in [303, 303, 429] {
                let made = try await RawClient.form(site.port, "/mail", "")
                #expect(made.status == expected)
            }
        }
    }

    @Test func `without a listener nothing is offered`() async throws {
        try await TestSite.run { site in
            #expect(try await RawClient.form(site.port, "/mail", "").status == 404)
            let form = try await RawClient.get(site.port, "/").body
            #expect(!form.contains("What do I really send?"))
        }
    }

    // MARK: Reports that are gone

    /// Whether the sender of one more mail is told a verdict; nil if there is no such address.
    private static func isTold(_ site: TestSite, _ mailbox: String) async -> Bool? {
        switch await site.server.mail(to: Array(mailbox.utf8), from: client) {
        case .told: true
        case .failed: false
        case .unknown: nil
        }
    }

    @Test func `a deleted report is told to no further mail`() async throws {
        try await TestSite.run(Self.offer) { site in
            let (mailbox, path, _) = try await Self.make(site)
            #expect(await Self.isTold(site, mailbox) == true)
            let token = try #require(path.split(separator: "=").last)
            let deleted = try await RawClient.form(
                site.port, "/r/\(Self.id(path))/delete", "token=\(token)")
            #expect(deleted.status == 200)
            #expect(await Self.isTold(site, mailbox) == nil)
            let page = try await RawClient.get(site.port, path)
            #expect(page.status == 404 && page.body.contains("The time of this address is over."))
        }
    }

    @Test func `a report that made room for another is told to no further mail`() async throws {
        try await TestSite.run {
            Self.offer(&$0)
            $0.maxReports = 1
        } _: { site in
            let (mailbox, path, _) = try await Self.make(site)
            #expect(await Self.isTold(site, mailbox) == true)
            #expect(try await RawClient.check(site.port, "192.0.2.9", keep: true).status == 200)
            #expect(await Self.isTold(site, mailbox) == nil)
            #expect(try await RawClient.get(site.port, path).status == 404)
        }
    }

    // MARK: A full disk

    /// Of nearly a mebibyte, as the limit of a check allows.
    static let heavy: Evidence = {
        var evidence = Evidence(startedAt: 1_795_000_000, sources: [])
        let text = [UInt8](repeating: UInt8(ascii: "a"), count: 250)
        evidence.add(
            Observation(
                question: Question(.root, .txt), stage: .verdict,
                response: Response(
                    code: .noError,
                    answers: [
                        ResourceRecord(
                            name: .root, ttl: 60, data: .txt(Array(repeating: text, count: 3400)))
                    ]), attempts: [], elapsed: .zero))
        return evidence
    }()

    @Test func `a report that cannot be kept is shown for a minute, and told on`() async throws {
        let clock = TestClock()
        try await TestSite.run(clock: clock) {
            Self.offer(&$0)
            $0.databasePages = 8
        } _: { site in
            site.source.give(Self.heavy)
            let (mailbox, path, _) = try await Self.make(site)
            #expect(await Self.isTold(site, mailbox) == true)
            #expect(try await RawClient.get(site.port, path).status == 303)
            let report = "/r/\(Self.id(path))"
            let shown = try await RawClient.get(site.port, report)
            #expect(shown.status == 200 && shown.body.contains("gone in a minute"))
            clock.advance(60)
            #expect(try await RawClient.get(site.port, report).status == 404)
            #expect(await Self.isTold(site, mailbox) == true)
        }
    }

    @Test func `what cannot be kept is bounded in bytes`() async throws {
        let clock = TestClock()
        try await TestSite.run(clock: clock) {
            Self.offer(&$0)
            $0.databasePages = 8
            $0.burst = 100
        } _: { site in
            #expect((900_000...1_000_000).contains(Self.heavy.weight))
            site.source.give(Self.heavy)
            let one = { @Sendable () async throws -> String in
                let (mailbox, path, _) = try await Self.make(site)
                // Its sender is told in any case.
                #expect(await Self.isTold(site, mailbox) == true)
                return "/r/\(Self.id(path)).txt"
            }
            var statuses: [Int] = []
            for _ in 0..<20 {
                statuses.append(try await RawClient.get(site.port, try await one()).status)
            }
            #expect(statuses.prefix(16).allSatisfy { $0 == 200 })
            #expect(statuses.suffix(2) == [503, 503])
            // A minute later there is room again.
            clock.advance(60)
            #expect(try await RawClient.get(site.port, try await one()).status == 200)
        }
    }

    @Test func `further mails cost no report`() async throws {
        try await TestSite.run(Self.offer) { site in
            let (mailbox, _, _) = try await Self.make(site)
            #expect(await Self.isTold(site, mailbox) == true)
            let evidence = Evidence(startedAt: 1_795_000_000, sources: [])
            // The quickest of many: a busy machine adds its own delays, never takes any away.
            var report = Duration.seconds(60)
            var mail = Duration.seconds(60)
            for _ in 0..<50 {
                let clock = ContinuousClock()
                report = min(
                    report, clock.measure { _ = Report(subject: Self.client, evidence: evidence) })
                mail = min(mail, await clock.measure { _ = await Self.isTold(site, mailbox) })
            }
            #expect(mail < report / 2)
        }
    }

    @Test func `who watches an address past its time is sent to its page`() async throws {
        let clock = TestClock()
        try await TestSite.run(clock: clock, Self.offer) { site in
            let (_, path, page) = try await Self.make(site)
            #expect(page.contains("data-next=\"\(path)\""))
            #expect(!page.contains("/r/"))
            clock.advance(1800)
            // Making another one forgets those.
            _ = try await Self.make(site)
            let events = try await RawClient.get(site.port, "/mail/\(Self.id(path))/events")
            #expect(events.body.contains("event: done"))
            let over = try await RawClient.get(site.port, path)
            #expect(over.status == 404 && over.body.contains("The time of this address is over."))
        }
    }
}
