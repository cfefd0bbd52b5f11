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
}
