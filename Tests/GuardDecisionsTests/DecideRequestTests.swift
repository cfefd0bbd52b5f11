import GuardDecisions
import NetNames
import Testing

/// What is asked over HTTP.
@Suite struct DecideRequestTests {
    @Test func `JSON and a query say the same`() throws {
        let json = """
            {"ip": "192.0.2.1", "helo": "mail.example.org", "recipient": "Postmaster@example.org",
             "queue": "4cX", "sender": 7, "new": [{}]}
            """
        let query =
            "ip=192.0.2.1&helo=mail%2eexample.org&recipient=Postmaster%40example.org&queue=4cX&x"
        let asked = try #require(DecideRequest(json: Array(json.utf8)))
        #expect(asked == DecideRequest(query: Array(query.utf8)))
        let request = try #require(asked.request)
        #expect(request.client == IPAddress("192.0.2.1"))
        #expect(request.helo == Array("mail.example.org".utf8))
        #expect(request.queueID == Array("4cX".utf8) && request.isForPostmaster)
    }

    @Test func `bytes of a query are those that were encoded`() throws {
        let asked = DecideRequest(query: Array("ip=::1&helo=%ff%0a+%00&helo=x&queue=%zz".utf8))
        let request = try #require(asked.request)
        #expect(request.helo == [0xff, 0x0a, 0x20, 0x00])
        #expect(request.queueID == nil)
    }

    @Test(arguments: [
        "", "[]", "{}", "{\"ip\":7}", "{\"ip\":\"x\"}", "{\"ip\":\"192.0.2.1\"",
        "{\"ip\":\"192.0.2.1\",\"helo\":{}}", "\u{0}",
    ])
    func `anything else is no request`(text: String) {
        #expect(DecideRequest(json: Array(text.utf8))?.request == nil)
    }

    @Test func `deep nesting is refused`() {
        let deep = String(repeating: "[", count: 60_000)
        #expect(DecideRequest(json: Array("{\"ip\":\"192.0.2.1\",\"x\":\(deep)".utf8)) == nil)
    }
}
