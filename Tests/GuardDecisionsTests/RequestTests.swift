import GuardDecisions
import NetNames
import Testing

@Suite struct RequestTests {
    @Test func `keys compare HELO names without case`() throws {
        let client = try #require(IPAddress("192.0.2.1"))
        let upper = DecisionKey(client: client, helo: Array("MAIL.Example.org".utf8))
        #expect(upper == DecisionKey(client: client, helo: Array("mail.example.ORG".utf8)))
        #expect(upper != DecisionKey(client: client, helo: nil))
    }
}
