import LookupEngine
import NIOCore
import NIOPosix
import NetNames
import Resolution
import SenderIdentity

#if canImport(Glibc)
    import Glibc
#endif

/// Measures decisions a second, and CPU time for each, when many are looked up at once.
///
/// `heloscope-shared-lookups ADDR#PORT [decisions] [at once] [event loops]`. The server has to know
/// mail-A-B-C-D.bulk.test and its reverse; clients are 10.0.0.0 and up, each asked once.
@main
enum SharedLookups {
    static func main() async throws {
        let arguments = CommandLine.arguments.dropFirst()
        let number = { (place: Int, usual: Int) in
            arguments.dropFirst(place).first.flatMap { Int($0) } ?? usual
        }
        guard let first = arguments.first,
            let server = try? ResolverAddress(parsing: Array(first.utf8))
        else { exit(64) }
        let total = number(1, 200_000)
        let atOnce = number(2, 50)
        let loops = number(3, 1)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: loops)
        let began = NIODeadline.now()
        let cpu = cpuSeconds()
        let counts = try await withThrowingTaskGroup(of: Tally.self) { tasks in
            for (index, loop) in Array(group.makeIterator()).enumerated() {
                tasks.addTask {
                    let promise = loop.makePromise(of: Tally.self)
                    loop.execute {
                        Load(
                            server: server, on: loop, first: index * total / loops,
                            count: total / loops, promise: promise
                        ).begin(atOnce: max(1, atOnce / loops))
                    }
                    return try await promise.futureResult.get()
                }
            }
            var sum = Tally()
            for try await tally in tasks { sum = sum + tally }
            return sum
        }
        let seconds = Double((NIODeadline.now() - began).nanoseconds) / 1e9
        let spent = (cpuSeconds() - cpu) * 1e6 / Double(counts.decided)
        print(
            "decided=\(counts.decided) confirmed=\(counts.confirmed) queries=\(counts.queries)"
                + " decisions/s=\(Int(Double(counts.decided) / seconds)) cpu_us=\(spent)")
        try await group.shutdownGracefully()
    }

    private static func cpuSeconds() -> Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        let seconds = { (time: timeval) in Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        return seconds(usage.ru_utime) + seconds(usage.ru_stime)
    }
}

struct Tally: Sendable {
    var decided = 0
    var confirmed = 0
    var queries = 0

    static func + (one: Tally, other: Tally) -> Tally {
        Tally(
            decided: one.decided + other.decided, confirmed: one.confirmed + other.confirmed,
            queries: one.queries + other.queries)
    }
}

/// Decisions behind each other on one event loop, some at once.
private final class Load {
    private let collector: SharedCollector
    private let sources: [Evidence.Source]
    private var next: Int
    private let end: Int
    private let count: Int
    private var tally = Tally()
    private let promise: EventLoopPromise<Tally>

    init(
        server: ResolverAddress, on loop: any EventLoop, first: Int, count: Int,
        promise: EventLoopPromise<Tally>
    ) {
        collector = SharedCollector(servers: [server], on: loop)
        sources = [.init(kind: .resolver, name: server.description)]
        next = first
        end = first + count
        self.count = count
        self.promise = promise
    }

    func begin(atOnce: Int) { for _ in 0..<min(atOnce, count) { ask() } }

    private func ask() {
        guard next < end else { return }
        let address = UInt32(10 << 24 | next & 0xff_ffff)
        next += 1
        let octets = [24, 16, 8, 0].map { String(address >> UInt32($0) & 0xff) }
        let name = "mail-" + octets.joined(separator: "-") + ".bulk.test"
        let subject = Subject(address: .v4(address), helo: HELOArgument(name))
        collector.collect(
            Evidence(startedAt: 0, sources: sources), deadline: LookupTimes.deadline,
            next: { known in
                LookupPlan.questions(for: subject, knowing: known).filter { $0.stage == .verdict }
            },
            completion: { [self] evidence in
                let facts = IdentityFacts(subject: subject, evidence: evidence)
                tally.decided += 1
                if facts.confirmedName != nil { tally.confirmed += 1 }
                if tally.decided == count {
                    tally.queries = collector.counts.sent
                    collector.shutDown()
                    promise.succeed(tally)
                } else {
                    ask()
                }
            })
    }
}
