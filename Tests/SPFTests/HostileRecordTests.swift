import DNSModel
import Foundation
import FuzzEntries
import SPF
import Testing

/// What an enemy may publish: the check ends, soon, and asks little.
@Suite struct `A hostile record` {
    @Test(arguments: HostileRecord.all)
    func `ends within 150 questions and half a second`(record: HostileRecord) throws {
        var course: HostileRecord.Course?
        let time = Self.processorTime { course = record.evaluate() }
        let ended = try #require(course)
        #expect(ended.report != nil)
        #expect(ended.questions <= 150)
        #expect(time < .seconds(Self.isOptimized ? 0.5 : 10))
    }

    /// What the work costs this thread, however busy the machine is.
    private static func processorTime(_ work: () -> Void) -> Duration {
        func now() -> Duration {
            var time = timespec()
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
            return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
        }
        let start = now()
        work()
        return now() - start
    }

    private static let isOptimized: Bool = {
        var isDebug = false
        // The condition of an assert is evaluated in debug builds only.
        assert(
            {
                isDebug = true; return true
            }())
        return !isDebug
    }()

    @Test func `of twice the length takes about twice the time`() {
        let texts = [
            "a:x.example ", "%", "ip4:192.0.2.0/24 ", "%{d2r}", "x=y ", "/", ":", "a/24//64 ", ".",
        ]
        for text in texts {
            let short = [RecordData.txt([Array(("v=spf1 " + copies(text, 8_000)).utf8)])]
            let long = [RecordData.txt([Array(("v=spf1 " + copies(text, 64_000)).utf8)])]
            var best = [Duration.seconds(60), .seconds(60)]
            for _ in 0..<3 {
                best[0] = min(best[0], Self.processorTime { _ = SPFSelection(data: short) })
                best[1] = min(best[1], Self.processorTime { _ = SPFSelection(data: long) })
            }
            // Eight times the length: quadratic would be 64 times the time.
            #expect(best[1] < best[0] * 24 + .milliseconds(5), "\(text): \(best)")
        }
    }

    private func copies(_ text: String, _ bytes: Int) -> String {
        String(repeating: text, count: bytes / text.utf8.count)
    }
}
