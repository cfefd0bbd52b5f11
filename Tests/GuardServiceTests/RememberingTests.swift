import GuardDecisions
import GuardService
import NetNames
import Testing

/// What is remembered must neither keep out those it is not about, nor hide an exception.
@Suite(.timeLimit(.minutes(1)))
struct RememberingTests {
    /// Whoever holds a /28 by RFC 2317 can be silent in the midst of a /24.
    @Test func `silent neighbors put nobody off who can be asked`() async throws {
        let resolver = try await WorldResolver.start(
            """
            10.5.5.60.in-addr.arpa PTR honest.example.com.
            honest.example.com A 60.5.5.10
            1.6.6.60.in-addr.arpa PTR other.example.com.
            other.example.com A 60.6.6.1
            """,
            faults: (1...7).map { "\($0).5.5.60.in-addr.arpa ! DROP" }.joined(separator: "\n"))
        let (answers, log) = try await TestGuard.with(
            resolver.source,
            {
                $0.deadlines.policy = .milliseconds(900)
                $0.deadlines.lookups = .milliseconds(300)
            }
        ) { guarding in
            for silent in 1...3 {
                // Somebody else is answered meanwhile, so the silence is not the resolver's.
                async let answer = guarding.ask("60.5.5.\(silent)")
                try await Task.sleep(for: .milliseconds(50))
                _ = try await guarding.ask("60.6.6.1", helo: "h\(silent).example.com")
                #expect(try await answer.hasPrefix("action=DEFER_IF_PERMIT 4.7.25 "))
            }
            let asked = try await guarding.ask("60.5.5.10", helo: "honest.example.com")
            // Silence again; whose turn it is not is let in at once.
            for silent in 4...6 {
                _ = try await guarding.ask("60.5.5.\(silent)", helo: "h\(silent).example.com")
            }
            async let probe = guarding.ask("60.5.5.7", helo: "h7.example.com")
            try await Task.sleep(for: .milliseconds(50))
            let unasked = try await guarding.ask("60.5.5.10", helo: "unasked.example.com")
            _ = try await probe
            await guarding.server.shutDown()
            return ([asked, unasked], textOfFile(guarding.logFile))
        }
        await resolver.stop()
        #expect(answers == ["action=DUNNO\n\n", "action=DUNNO\n\n"])
        #expect(log.contains("client=60.5.5.10 helo=honest.example.com verdict=accept iprev=pass "))
        #expect(log.contains("helo=unasked.example.com verdict=accept iprev=temperror trouble="))
    }

    /// Two names lead back to the client, and the exception is the one that is answered late; what
    /// it says as HELO is refused.
    static let zone = """
        1.5.5.60.in-addr.arpa PTR mail.example.com.
        1.5.5.60.in-addr.arpa PTR mx.partner.test.
        mail.example.com A 60.5.5.1
        mx.partner.test A 60.5.5.1
        """
    static let faults = """
        mx.partner.test ! DELAY 700
        elsewhere.example.com ! DELAY 300
        """
    static let helo = "elsewhere.example.com"

    static func configuration(accepting domains: [String]) throws -> GuardConfiguration {
        var source = GuardRules.Source()
        source.profile = "strict-helo"
        source.acceptedDomains = domains
        return GuardConfiguration(
            rules: try GuardRules(source), words: GuardWords(server: Array("mx.dest.test".utf8)))
    }

    @Test func `an exception by domain holds from the reload on that brings it`() async throws {
        let resolver = try await WorldResolver.start(Self.zone, faults: Self.faults)
        let strict = try Self.configuration(accepting: [])
        let lenient = try Self.configuration(accepting: ["partner.test"])
        try await TestGuard.with(resolver.source) { guarding in
            await guarding.server.reload(strict)
            async let first = guarding.ask("60.5.5.1", helo: Self.helo)
            try await Task.sleep(for: .milliseconds(100))
            await guarding.server.reload(lenient)
            // It waits for no look-up that would leave names out.
            async let second = guarding.ask("60.5.5.1", helo: Self.helo)
            _ = try await first
            #expect(try await second == "action=DUNNO\n\n")
            #expect(try await guarding.ask("60.5.5.1", helo: Self.helo) == "action=DUNNO\n\n")
            await guarding.server.shutDown()
            #expect(textOfFile(guarding.logFile).contains("exempt=confirmed-domain"))
        }
        await resolver.stop()
    }

    @Test func `a guard with exceptions by domain takes no half facts from another`() async throws {
        let store = try await StoreServer.start(.working)
        let resolver = try await WorldResolver.start(Self.zone, faults: Self.faults)
        for (domains, expected) in [([], "action=550 "), (["partner.test"], "action=DUNNO\n\n")] {
            let configuration = try Self.configuration(accepting: domains)
            try await TestGuard.with(resolver.source, store.share) { guarding in
                await guarding.server.reload(configuration)
                // The first question opens the connection and does not wait for it.
                _ = try await guarding.ask("60.7.7.\(expected.utf8.count)")
                try await Task.sleep(for: .milliseconds(300))
                let answer = try await guarding.ask("60.5.5.1", helo: Self.helo)
                #expect(answer.hasPrefix(expected))
                try await Task.sleep(for: .milliseconds(100))
            }
        }
        let queries = try await resolver.queries()
        // What the second one has found out serves both from now on.
        for domains in [[], ["partner.test"]] {
            let configuration = try Self.configuration(accepting: domains)
            try await TestGuard.with(resolver.source, store.share) { guarding in
                await guarding.server.reload(configuration)
                _ = try await guarding.ask("60.7.7.11")
                try await Task.sleep(for: .milliseconds(300))
                _ = try await guarding.ask("60.5.5.1", helo: Self.helo)
            }
        }
        // Those of the clients that open the connections: PTR and HELO, twice.
        #expect(try await resolver.queries() - queries <= 4)
        await store.stop()
        await resolver.stop()
    }
}
