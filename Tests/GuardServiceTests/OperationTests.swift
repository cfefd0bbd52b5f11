import GuardDecisions
import GuardService
import NetNames
import TestSupport
import Testing

/// Reloading and ending while clients are there.
@Suite(.timeLimit(.minutes(1)))
struct OperationTests {
    @Test func `a reload changes the rules and no connection`() async throws {
        try await TestGuard.with(nil, profile: "honest") { guarding in
            let peer = try await guarding.connect()
            await peer.send(TestGuard.request("192.0.2.3"))
            #expect(try await peer.read(until: "\n\n").hasPrefix("action=PREPEND "))
            await guarding.server.reload(try TestGuard.configuration("fcrdns-required"))
            await peer.send(TestGuard.request("192.0.2.3"))
            #expect(try await peer.read(until: "\n\n").hasPrefix("action=550 "))
        }
    }

    @Test func `200 reloads under load fail no request`() async throws {
        try await TestGuard.with { guarding in
            let configurations = [
                try TestGuard.configuration("honest"), try TestGuard.configuration("strict-helo"),
            ]
            let load = Task {
                let peer = try await guarding.connect()
                var answered = 0
                while !Task.isCancelled {
                    await peer.send(TestGuard.request("192.0.2.\(answered % 250 + 1)"))
                    let answer = try await peer.read(until: "\n\n")
                    guard answer.hasPrefix("action="), answer.hasSuffix("\n\n") else { return -1 }
                    answered += 1
                }
                return answered
            }
            for number in 0..<200 {
                if number % 10 == 9 {
                    guarding.server.keptOldConfiguration()
                } else {
                    await guarding.server.reload(configurations[number % 2])
                }
                try await Task.sleep(for: .milliseconds(2))
            }
            load.cancel()
            #expect(try await load.value > 100)
            let page = try await guarding.metrics()
            #expect(page.contains("heloscope_guard_reloads_total{result=\"applied\"} 180\n"))
            #expect(page.contains("heloscope_guard_reloads_total{result=\"refused\"} 20\n"))
        }
    }

    @Test func `at the end an open request is answered, and idle connections are closed`()
        async throws
    {
        let resolver = try await SilentResolver.start()
        try await TestGuard.with(
            resolver.source,
            {
                $0.deadlines.policy = .milliseconds(500)
                $0.limits.drain = .seconds(5)
            }
        ) { guarding in
            let idle = try await guarding.connect()
            await idle.send("")
            let busy = try await guarding.connect()
            await busy.send(TestGuard.request("192.0.2.1"))
            try await Task.sleep(for: .milliseconds(100))
            let watch = Stopwatch()
            async let ending: Void = guarding.server.shutDown()
            #expect(try await idle.readToEnd(within: .seconds(2)).isEmpty)
            #expect(try await busy.readToEnd(within: .seconds(2)) == "action=DUNNO\n\n")
            await ending
            #expect(watch.elapsed < .seconds(3))
        }
        await resolver.stop()
    }

    @Test func `resolvers that answer nobody are trouble, in log and metrics`() async throws {
        let resolver = try await SilentResolver.start()
        let (answer, metrics, log) = try await TestGuard.with(
            resolver.source, { $0.deadlines.lookups = .milliseconds(300) }
        ) { guarding in
            let answer = try await guarding.ask("192.0.2.3")
            let metrics = try await guarding.metrics()
            await guarding.server.shutDown()
            return (answer, metrics, textOfFile(guarding.logFile))
        }
        await resolver.stop()
        #expect(answer.hasPrefix("action=PREPEND Authentication-Results: "))
        #expect(metrics.contains("heloscope_guard_troubles_total{reason=\"resolvers\"} 1\n"))
        #expect(log.contains(" verdict=header "))
        #expect(log.contains(" trouble=resolvers "))
    }

    @Test func `a hint of the mail server's that says otherwise is in the log`() async throws {
        let log = try await TestGuard.with { guarding in
            let peer = try await guarding.connect()
            for name in ["unknown", "mail.example.com"] {
                await peer.send("client_name=\(name)\n" + TestGuard.request("192.0.2.1"))
                #expect(try await peer.read(until: "\n\n") == "action=DUNNO\n\n")
            }
            await peer.close()
            await guarding.server.shutDown()
            return textOfFile(guarding.logFile)
        }
        let lines = log.split(separator: "\n")
        #expect(lines.map { $0.contains(" hint=unknown ") } == [true, false])
    }

    @Test func `every decision is a line of the log`() async throws {
        let log = try await TestGuard.with { guarding in
            for _ in 0..<300 { _ = try await guarding.ask("192.0.2.1", helo: "a\\nb=\"c\"") }
            await guarding.server.shutDown()
            return textOfFile(guarding.logFile)
        }
        let lines = log.split(separator: "\n")
        #expect(lines.count == 300)
        #expect(lines.allSatisfy { $0.contains("client=192.0.2.1 ") })
    }

    /// The writer's thread never rests under load, and whatever waits for that waits for ever.
    @Test func `a log that is opened anew under load leaves nothing open and loses no line`()
        async throws
    {
        let turns = 40
        let (answered, open, lines) = try await TestGuard.with { guarding in
            let load = Task {
                try await withThrowingTaskGroup(of: Int.self) { group in
                    for _ in 0..<4 {
                        group.addTask {
                            let peer = try await guarding.connect()
                            var answered = 0
                            while !Task.isCancelled {
                                await peer.send(TestGuard.request("192.0.2.1"))
                                _ = try await peer.read(until: "\n\n")
                                answered += 1
                            }
                            return answered
                        }
                    }
                    return try await group.reduce(0, +)
                }
            }
            for turn in 0..<turns {
                // As logrotate does it.
                moveFile(guarding.logFile, to: "\(guarding.logFile).\(turn)")
                guarding.server.keptOldConfiguration()
                try await Task.sleep(for: .milliseconds(5))
            }
            try await Task.sleep(for: .milliseconds(100))
            let open = descriptors(toFilesLike: guarding.logFile)
            load.cancel()
            let answered = try await load.value
            await guarding.server.shutDown()
            #expect(descriptors(toFilesLike: guarding.logFile) == 0)
            var lines = textOfFile(guarding.logFile).split(separator: "\n").count
            for turn in 0..<turns {
                let moved = "\(guarding.logFile).\(turn)"
                lines += textOfFile(moved).split(separator: "\n").count
                unlinkFile(moved)
            }
            return (answered, open, lines)
        }
        #expect(open == 1)
        #expect(answered > turns)
        #expect(lines == answered)
    }

    @Test func `every line that a full disk takes not is counted`() async throws {
        try await TestGuard.with(nil, { $0.logFile = "/dev/full" }) { guarding in
            let peer = try await guarding.connect()
            await peer.send(String(repeating: TestGuard.request("192.0.2.1"), count: 40))
            var answers = ""
            while answers.split(separator: "\n").count < 40 {
                answers += try await peer.read(until: "\n\n")
            }
            try await Task.sleep(for: .milliseconds(200))
            let page = try await guarding.metrics()
            #expect(page.contains("heloscope_guard_log_dropped_total 40\n"))
        }
    }
}
