import GuardService
import NetNames
import TestSupport
import Testing

/// The policy listener over real sockets.
@Suite(.timeLimit(.minutes(1)))
struct PolicyListenerTests {
    @Test func `good, bad and unknown clients are told apart, on one connection`() async throws {
        try await TestGuard.with { guarding in
            let peer = try await guarding.connect()
            await peer.send(TestGuard.request("192.0.2.1"))
            #expect(try await peer.read(until: "\n\n") == "action=DUNNO\n\n")
            await peer.send(TestGuard.request("192.0.2.2"))
            #expect(try await peer.read(until: "\n\n").hasPrefix("action=550 5.7.25 "))
            await peer.send(TestGuard.request("192.0.2.3"))
            #expect(try await peer.read(until: "\n\n").hasPrefix("action=550 5.7.25 "))
            // No zone answers for it: that may change, so it is put off.
            await peer.send(TestGuard.request("198.51.100.1"))
            #expect(
                try await peer.read(until: "\n\n").hasPrefix("action=DEFER_IF_PERMIT 4.7.25 "))
        }
    }

    @Test func `2,000 requests in one piece are answered in their order`() async throws {
        try await TestGuard.with { guarding in
            let peer = try await guarding.connect()
            let pair = TestGuard.request("192.0.2.1") + TestGuard.request("192.0.2.2")
            for _ in 0..<10 {
                // As much as may wait while a decision is made.
                await peer.send(String(repeating: pair, count: 100))
            }
            var answers = ""
            while answers.split(separator: "\n").count < 2000 {
                answers += try await peer.read(until: "\n\n")
            }
            let lines = answers.split(separator: "\n")
            #expect(lines.count == 2000)
            for (number, line) in lines.enumerated() {
                #expect((line == "action=DUNNO") == (number % 2 == 0))
            }
        }
    }

    @Test func `a silent resolver costs no more than the deadline, and lets the client in`()
        async throws
    {
        let resolver = try await SilentResolver.start()
        let (answer, times, log) = try await TestGuard.with(
            resolver.source, { $0.deadlines.policy = .milliseconds(300) }
        ) { guarding in
            let watch = Stopwatch()
            let answer = try await guarding.ask("192.0.2.1")
            let times = (total: watch.total, elapsed: watch.elapsed)
            await guarding.server.shutDown()
            return (answer, times, textOfFile(guarding.logFile))
        }
        await resolver.stop()
        #expect(answer == "action=DUNNO\n\n")
        #expect(times.total >= .milliseconds(300) && times.elapsed < .seconds(3))
        #expect(log.contains("iprev=temperror"))
        #expect(log.contains("trouble=deadline"))
    }

    @Test func `more look-ups than allowed are answered at once`() async throws {
        let resolver = try await SilentResolver.start()
        try await TestGuard.with(
            resolver.source,
            {
                $0.limits.lookups = 3
                $0.deadlines.policy = .seconds(3)
            }
        ) { guarding in
            var waiting: [Peer] = []
            for number in 1...3 {
                let peer = try await guarding.connect()
                await peer.send(TestGuard.request("192.0.2.\(number)"))
                waiting.append(peer)
            }
            try await Task.sleep(for: .milliseconds(100))
            let watch = Stopwatch()
            #expect(try await guarding.ask("192.0.2.4") == "action=DUNNO\n\n")
            #expect(watch.elapsed < .seconds(2))
        }
        await resolver.stop()
    }

    @Test func `those who ask for one client share one look-up`() async throws {
        let resolver = try await SilentResolver.start()
        let log = try await TestGuard.with(
            resolver.source, { $0.deadlines.policy = .milliseconds(300) }
        ) { guarding in
            try await withThrowingTaskGroup(of: String.self) { tasks in
                for _ in 0..<20 { tasks.addTask { try await guarding.ask("192.0.2.1") } }
                for try await answer in tasks { #expect(answer == "action=DUNNO\n\n") }
            }
            let page = try await guarding.metrics()
            return page
        }
        await resolver.stop()
        #expect(log.contains("heloscope_guard_cache_events_total{event=\"miss\"} 1\n"))
        #expect(log.contains("heloscope_guard_cache_events_total{event=\"join\"} 19\n"))
    }

    @Test func `a Unix socket has its mode, replaces a stale one, and is gone at the end`()
        async throws
    {
        let path = "/tmp/heloscope-test-\(UInt32.random(in: 0...UInt32.max)).sock"
        makeStaleSocket(path)
        #expect(modeOfFile(path) != nil)
        try await TestGuard.with(
            nil,
            { options in
                let file = UnixSocketFile(path: path, mode: 0o606)
                options.listeners.append(GuardListener(.policy, at: .unix(file)))
            }
        ) { _ in
            #expect(modeOfFile(path).map { $0 & 0o777 } == 0o606)
            let peer = try await Peer.connect(toSocket: path)
            await peer.send(TestGuard.request("192.0.2.1"))
            #expect(try await peer.read(until: "\n\n") == "action=DUNNO\n\n")
            // A second guard must not take it away.
            await #expect(throws: ListeningError.self) {
                try await TestGuard.with(
                    nil,
                    { options in
                        let file = UnixSocketFile(path: path)
                        options.listeners = [GuardListener(.policy, at: .unix(file))]
                    }
                ) { _ in }
            }
        }
        #expect(modeOfFile(path) == nil)
    }
}
