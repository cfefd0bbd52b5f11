import FilterProtocols
import GuardDecisions
import NetNames
import Testing

/// Requests from each protocol, and what is looked up for none of them.
@Suite struct RequestTests {
    @Test func `keys compare HELO names without case`() throws {
        let client = try #require(IPAddress("192.0.2.1"))
        let upper = DecisionKey(client: client, helo: Array("MAIL.Example.org".utf8))
        #expect(upper == DecisionKey(client: client, helo: Array("mail.example.ORG".utf8)))
        #expect(upper != DecisionKey(client: client, helo: nil))
        #expect(upper != DecisionKey(client: client, helo: []))
    }

    @Test func `what is behind the longest command line makes no other key`() throws {
        let client = try #require(IPAddress("192.0.2.1"))
        let long = [UInt8](repeating: UInt8(ascii: "a"), count: 600)
        #expect(
            DecisionKey(client: client, helo: long)
                == DecisionKey(client: client, helo: Array(long.prefix(512))))
    }

    @Test func `Exim's line becomes a request`() throws {
        let line = "check ip=192.0.2.1 helo=mail.example.org from=a@x.example to=<Postmaster> id=1a"
        let request = GuardRequest(try EximRequest(parsing: Array(line.utf8)))
        #expect(request.client == IPAddress("192.0.2.1"))
        #expect(request.helo == Array("mail.example.org".utf8))
        #expect(request.queueID == Array("1a".utf8))
        #expect(request.isForPostmaster)
        #expect(!request.isAuthenticated)
    }

    @Test func `Postfix's request becomes one, with the user who logged in`() throws {
        var session = PolicySession()
        let text = """
            request=smtpd_access_policy
            client_address=2001:db8::25
            helo_name=mail.example.org
            client_name=unknown
            reverse_client_name=mail.example.org
            queue_id=4cX
            sasl_username=anna


            """
        let actions = session.handle(.received(Array(text.utf8)))
        guard case .ask(let asked, _)? = actions.first else {
            Issue.record("nothing is asked")
            return
        }
        let request = try #require(GuardRequest(asked))
        #expect(request.client == IPAddress("2001:db8::25"))
        #expect(request.isAuthenticated)
        #expect(request.hint?.text == Array("unknown,mail.example.org".utf8))
        #expect(
            GuardRules.honest.decisionWithoutLookup(for: request)?.basis
                == .exemption(.authenticated))
    }

    @Test(arguments: ["127.0.0.1", "10.1.2.3", "192.168.0.9", "::1", "fe80::1", "fd00::25"])
    func `special-purpose clients are accepted without a look-up`(address: String) throws {
        let request = GuardRequest(client: try #require(IPAddress(address)))
        let decision = try #require(GuardRules.honest.decisionWithoutLookup(for: request))
        #expect(decision.action == .accept)
        #expect(decision.basis == .exemption(.specialPurpose))
        #expect(decision.iprev == nil)
        #expect(GuardWords(server: Array("mx".utf8)).header(for: decision, request) == nil)
    }
}
