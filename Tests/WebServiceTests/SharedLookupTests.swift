import Foundation
import NetNames
import SenderIdentity
import Synchronization
import Testing
import WebService

/// Look-ups that several wait for: who goes away ends them for nobody else.
@Suite(.timeLimit(.minutes(1))) struct SharedLookupTests {
    private static let client = Subject(address: .v4(0xcb00_7109))

    @Test func `a mail whose sender hangs up is judged all the same, for all who wait`()
        async throws
    {
        try await TestSite.run(MailTests.offer) { site in
            let (mailbox, path, _) = try await MailTests.make(site)
            site.source.hold()
            let mail = Task { await site.server.mail(to: Array(mailbox.utf8), from: Self.client) }
            try await site.source.waitUntil(asked: 1)
            async let program = RawClient.check(site.port, "203.0.113.9")
            let form = try await RawClient.form(site.port, "/check", "ip=203.0.113.9")
            async let report = RawClient.get(site.port, try #require(form.fields["location"]))
            try await Task.sleep(for: .milliseconds(100))
            // As the listener does when the connection is reset, or ends with the service.
            mail.cancel()
            try await Task.sleep(for: .milliseconds(100))
            site.source.release()
            #expect(try await [program.status, report.status] == [200, 200])
            #expect(site.source.asked == 1)
            _ = await mail.value
            #expect(try await RawClient.get(site.port, path).status == 303)
            #expect(
                try await RawClient.get(site.port, "/r/\(MailTests.id(path))").status == 200)
        }
    }

    @Test func `a mail under way is kept before the service ends`() async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path()
        defer { try? FileManager.default.removeItem(atPath: file) }
        let path = Mutex("")
        try await TestSite.run {
            MailTests.offer(&$0)
            $0.database = file
        } _: { site in
            let (mailbox, page, _) = try await MailTests.make(site)
            path.withLock { $0 = page }
            site.source.hold()
            let mail = Task { await site.server.mail(to: Array(mailbox.utf8), from: Self.client) }
            try await site.source.waitUntil(asked: 1)
            mail.cancel()
            await site.shutDown()
            try await Task.sleep(for: .milliseconds(200))
            site.source.release()
        }
        // Its last connections are let go a moment later, and the file with them.
        var store = try? ReportStore(path: file, most: 10)
        for _ in 0..<200 where store == nil {
            try await Task.sleep(for: .milliseconds(50))
            store = try? ReportStore(path: file, most: 10)
        }
        #expect(try await store?.report(MailTests.id(path.withLock { $0 }), at: 0) != nil)
    }

    @Test func `no look-up outlives a service that is made to end`() async throws {
        let sources = Mutex<[SteeredSource]>([])
        let service = Task {
            try await TestSite.run { site in
                sources.withLock { $0 = [site.source] }
                site.source.hold()
                _ = try await RawClient.form(site.port, "/check", "ip=192.0.2.1")
                try await site.source.waitUntil(asked: 1)
                try await Task.sleep(for: .seconds(60))
            }
        }
        while sources.withLock({ $0.first?.asked ?? 0 }) == 0 {
            try await Task.sleep(for: .milliseconds(2))
        }
        service.cancel()
        await #expect(throws: (any Error).self) { try await service.value }
        #expect(sources.withLock { $0.map(\.underWay) } == [0])
    }
}
