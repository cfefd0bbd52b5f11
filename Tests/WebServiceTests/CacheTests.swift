import DNSModel
import NIOCore
import NetNames
import SenderIdentity
import Testing
import WebService

/// What is held in memory: ready bodies and fresh evidence, and when they are given up.
@Suite struct CacheTests {
    private struct NotReady: Error {}

    private let page = BodyCache.Key(id: "a", form: .html)

    private func entry(_ text: String, expires: Int64 = 100) -> BodyCache.Entry {
        .init(body: ByteBuffer(string: text), owner: OwnerDigest(of: "t"), expires: expires)
    }

    /// Whether the body is ready.
    private func isReady(_ key: BodyCache.Key, in cache: BodyCache, at now: Int64 = 0) async -> Bool
    {
        (try? await cache.entry(key, at: now) { throw NotReady() }) != nil
    }

    @Test func `a body is made once, until its report expires`() async throws {
        let cache = BodyCache()
        _ = try await cache.entry(page, at: 0) { entry("x") }
        #expect(await isReady(page, in: cache, at: 99))
        #expect(await !isReady(page, in: cache, at: 100))
        #expect(await !isReady(.init(id: "a", form: .json), in: cache))
    }

    @Test func `what is deleted while it is rendered is not kept`() async throws {
        let cache = BodyCache()
        let late = try await cache.entry(page, at: 0) {
            cache.forget(["a"])
            return entry("late")
        }
        #expect(late.body.readableBytes == 4)
        #expect(await !isReady(page, in: cache))
        // Another report is not concerned, nor one that begins afterwards.
        _ = try await cache.entry(page, at: 0) {
            cache.forget(["b"])
            return entry("new")
        }
        #expect(await isReady(page, in: cache))
    }

    @Test func `two that render a report at once both see it deleted`() async throws {
        let cache = BodyCache()
        _ = try await cache.entry(page, at: 0) {
            _ = try await cache.entry(.init(id: "a", form: .json), at: 0) {
                cache.forget(["a"])
                return entry("json")
            }
            return entry("html")
        }
        #expect(await !isReady(page, in: cache))
        #expect(await !isReady(.init(id: "a", form: .json), in: cache))
    }

    @Test func `only so many render at once`() async throws {
        let cache = BodyCache()
        var refused = 0
        func nest(_ depth: Int) async throws -> BodyCache.Entry {
            try await cache.entry(.init(id: "\(depth)", form: .html), at: 0) {
                if depth < 200 {
                    do {
                        _ = try await nest(depth + 1)
                    } catch {
                        refused += 1
                    }
                }
                return entry("x")
            }
        }
        _ = try await nest(1)
        #expect(refused == 1)
        #expect(await isReady(.init(id: "64", form: .html), in: cache))
        #expect(await !isReady(.init(id: "65", form: .html), in: cache))
    }

    // MARK: Evidence of the last minute

    private func evidence(records: Int) -> Evidence {
        var evidence = Evidence(startedAt: 0, sources: [])
        let question = Question(.root, .a)
        let records = (0..<records).map {
            ResourceRecord(name: .root, ttl: 60, data: .address(.v4(UInt32($0))))
        }
        evidence.add(
            Observation(
                question: question, stage: .verdict,
                response: Response(code: .noError, answers: records), attempts: [], elapsed: .zero))
        return evidence
    }

    private func subject(_ number: UInt32) -> Subject { Subject(address: .v4(number)) }

    @Test func `evidence serves for a minute, and is gone when another lands`() {
        var recent = RecentEvidence()
        let start = ContinuousClock.now
        recent.note(evidence(records: 1), about: subject(1), at: start)
        #expect(recent.evidence(about: subject(1), at: start + .seconds(59)) != nil)
        #expect(recent.evidence(about: subject(1), at: start + .seconds(60)) == nil)
        recent.note(evidence(records: 1), about: subject(2), at: start + .seconds(60))
        #expect(recent.evidence(about: subject(1), at: start) == nil)
    }

    @Test func `large evidence is given up for new one`() {
        var recent = RecentEvidence()
        let start = ContinuousClock.now
        let large = evidence(records: 4000)
        #expect(large.weight > 400_000)
        let most = RecentEvidence.mostBytes / large.weight
        for number in 0...most {
            recent.note(large, about: subject(UInt32(number)), at: start)
        }
        #expect(recent.evidence(about: subject(0), at: start) == nil)
        #expect(recent.evidence(about: subject(1), at: start) != nil)
        // The same subject again takes no second place.
        for _ in 0..<most { recent.note(large, about: subject(1), at: start) }
        #expect(recent.evidence(about: subject(2), at: start) != nil)
    }
}
