import FilterProtocols
import NetNames
import Testing

@Suite struct OpenSMTPDTests {
    private typealias Action = OpenSMTPDSession.Action

    private static func lines(_ text: String...) -> [Action] {
        text.map { .send(ascii($0 + "\n")) }
    }

    /// A session after the handshake.
    private static func ready() -> OpenSMTPDSession {
        var session = OpenSMTPDSession()
        _ = session.handle(.received(ascii(OpenSMTPDStream.handshake)))
        return session
    }

    private static func questions(_ actions: [Action]) -> [(OpenSMTPDQuestion, Ticket)] {
        actions.compactMap { action in
            if case .ask(let question, let ticket) = action { (question, ticket) } else { nil }
        }
    }

    private static func connect(
        _ session: String,
        _ parameters: String = "mail.example.net|pass|192.0.2.77:33174|192.0.2.25:25"
    ) -> [UInt8] {
        ascii("report|0.7|1.2|smtp-in|link-connect|\(session)|\(parameters)\n")
    }

    private static func request(
        _ session: String, _ phase: String = "rcpt-to", version: String = "0.7",
        _ parameter: String = "x"
    ) -> [UInt8] {
        ascii("filter|\(version)|1.2|smtp-in|\(phase)|\(session)|00ff|\(parameter)\n")
    }

    @Test func `the handshake registers what is needed, once`() {
        var session = OpenSMTPDSession()
        let expected = Self.lines(
            "register|report|smtp-in|link-connect", "register|report|smtp-in|link-identify",
            "register|report|smtp-in|link-auth", "register|report|smtp-in|link-disconnect",
            "register|report|smtp-in|tx-begin", "register|filter|smtp-in|rcpt-to",
            "register|ready")
        #expect(session.handle(.received(ascii(OpenSMTPDStream.handshake))) == expected)
        #expect(session.handle(.received(ascii("config|ready\n"))).isEmpty)
        #expect(session.handle(.inputClosed) == [.finish])
        #expect(session.handle(.received(ascii("config|ready\n"))).isEmpty)
    }

    @Test func `a filter of outgoing mail registers for nothing`() {
        var session = OpenSMTPDSession()
        let handshake = ascii("config|protocol|0.7\nconfig|subsystem|smtp-out\nconfig|ready\n")
        #expect(
            session.handle(.received(handshake))
                == [.warn(.noIncomingMail)] + Self.lines("register|ready"))
    }

    @Test func `clients are judged at RCPT, with the HELO name of the report`() throws {
        var session = Self.ready()
        let actions = session.handle(.received(ascii(OpenSMTPDStream.session)))
        let proceed = Self.lines(
            "filter-result|7641df9771b4ed00|1ef1c203cc576e5d|proceed",
            "filter-result|7641df9771b4ed00|1ef1c203cc576e5e|proceed")
        #expect(Array(actions.dropLast()) == proceed, "phases that were not registered")
        let (question, ticket) = try #require(Self.questions(actions).first)
        #expect(question.address == IPAddress("192.0.2.77"))
        #expect(question.helo == ascii("out.example.net"))
        #expect(question.recipient == ascii("b@receiver.example") && !question.isForPostmaster)
        #expect(question.hint == ServerHint(.unknown))
        #expect(question.session == ascii("7641df9771b4ed00"))
        // The client is gone meanwhile.
        #expect(session.handle(.decided(ticket, .proceed)).isEmpty && session.sessionCount == 0)
    }

    @Test func `every decision is one line that smtpd understands`() throws {
        let refusal = try refusal(550, "a|b", "c")
        let cases: [(OpenSMTPDDecision, String)] = [
            (.proceed, "proceed"), (.junk, "junk"), (.reject(refusal), "reject|550 5.7.25 a|b c"),
        ]
        for (decision, words) in cases {
            var session = Self.ready()
            let actions = session.handle(.received(Self.connect("0a") + Self.request("0a")))
            let (_, ticket) = try #require(Self.questions(actions).first)
            #expect(
                session.handle(.decided(ticket, decision))
                    == Self.lines("filter-result|0a|00ff|\(words)"))
            #expect(session.handle(.decided(ticket, decision)).isEmpty)
        }
    }

    @Test(arguments: [
        ("0.4", "00ff|0a"), ("0.5", "0a|00ff"), ("0.6", "0a|00ff"), ("0.7", "0a|00ff"),
        ("1.0", "0a|00ff"), ("0.10", "0a|00ff"),
    ])
    func `the order of session and token is the version's`(version: String, order: String) throws {
        var session = Self.ready()
        let stream = Self.connect("0a") + Self.request("0a", version: version)
        let (_, ticket) = try #require(Self.questions(session.handle(.received(stream))).first)
        #expect(
            session.handle(.expired(ticket, fallback: .junk))
                == [.warn(.expired)] + Self.lines("filter-result|\(order)|junk"))
        #expect(session.handle(.expired(ticket, fallback: .junk)).isEmpty)
    }

    @Test func `decisions of several sessions come in any order, with the same token`() throws {
        var session = Self.ready()
        let stream = ["0a", "0b", "0c"].flatMap { Self.connect($0) + Self.request($0) }
        let asked = Self.questions(session.handle(.received(stream)))
        #expect(asked.count == 3 && session.sessionCount == 3)
        for index in [2, 0, 1] {
            let name = ["0a", "0b", "0c"][index]
            #expect(
                session.handle(.decided(asked[index].1, .junk))
                    == Self.lines("filter-result|\(name)|00ff|junk"))
        }
    }

    /// The order of user and result is another one from 0.7 on; the user's name is a client's.
    @Test(arguments: [
        ("0.6", "user|pass", true), ("0.6", "pass|fail", false), ("0.6", "a|b|pass", true),
        ("0.7", "pass|user", true), ("0.7", "fail|pass", false), ("0.7", "pass|a|b", true),
        ("0.7", "pass", false), ("0.6", "pass", false),
    ])
    func `whoever proved who he is, is known`(version: String, auth: String, isKnown: Bool) throws {
        var session = Self.ready()
        let report = ascii("report|\(version)|1.2|smtp-in|link-auth|0a|\(auth)\n")
        let stream = Self.connect("0a") + report + Self.request("0a")
        let (question, _) = try #require(Self.questions(session.handle(.received(stream))).first)
        #expect(question.isAuthenticated == isKnown)
    }

    @Test func `one message is judged once, the postmaster apart`() throws {
        var session = Self.ready()
        let recipient = { (name: String) in Self.request("0a", "rcpt-to", name) }
        let report = { (event: String) in ascii("report|0.7|1.2|smtp-in|\(event)|0a|00000001\n") }
        let first = session.handle(
            .received(Self.connect("0a") + report("tx-begin") + recipient("a@receiver.example")))
        let (_, ticket) = try #require(Self.questions(first).first)
        let fallback = OpenSMTPDDecision.reject(try refusal())
        let answer = session.handle(.expired(ticket, fallback: fallback))
        #expect(answer.count == 2)
        let second = session.handle(.received(recipient("b@receiver.example")))
        #expect(second == Array(answer.dropFirst()))
        let exception = session.handle(.received(recipient("postmaster@receiver.example")))
        let (_, another) = try #require(Self.questions(exception).first)
        _ = session.handle(.decided(another, .proceed))
        #expect(session.handle(.received(recipient("c@receiver.example"))) == second)
        // A new message, and a new HELO, is a new question.
        for line in ["tx-begin", "link-identify"] {
            let next = session.handle(
                .received(report(line) + recipient("d@receiver.example")))
            let (_, last) = try #require(Self.questions(next).first)
            _ = session.handle(.decided(last, .proceed))
        }
    }

    @Test(arguments: [
        (
            "mail.example.net|pass|192.0.2.1:25|192.0.2.25:25", "192.0.2.1",
            "ok,mail.example.net"
        ),
        ("<unknown>|error|[2001:db8::1]:25|[2001:db8::25]:25", "2001:db8::1", "temp"),
        ("|fail|[2001:db8::1]|x", "2001:db8::1", "unknown"),
        ("x|fail|192.0.2.1|x", "192.0.2.1", "unknown,x"),
        ("x|what|2001:db8::1|x", "2001:db8::1", nil),
        // A name with bars in it does not shift the fields that the server wrote.
        (
            "a|pass|127.0.0.1:1|b|fail|192.0.2.9:2|x", "192.0.2.9",
            "unknown,a|pass|127.0.0.1:1|b"
        ),
    ])
    func `the client's address, and the hint, is what the server wrote`(
        parameters: String, address: String, hint: String?
    ) throws {
        var session = Self.ready()
        let stream = Self.connect("0a", parameters) + Self.request("0a")
        let (question, _) = try #require(Self.questions(session.handle(.received(stream))).first)
        #expect(question.address == IPAddress(address))
        #expect(question.hint?.text == hint.map(ascii))
    }

    @Test(arguments: [
        "local|fail|local|local", "x|fail|unix:/run/x|y", "x|fail|[2001:db8::1:25|y", "x|fail|:|y",
    ])
    func `a client without an address goes on`(parameters: String) {
        var session = Self.ready()
        let actions = session.handle(
            .received(Self.connect("0a", parameters) + Self.request("0a")))
        #expect(
            actions == [.warn(.noAddress(session: ascii("0a")))]
                + Self.lines("filter-result|0a|00ff|proceed"))
    }

    @Test func `a request of a session that nobody reported goes on`() {
        var session = Self.ready()
        let actions = session.handle(.received(Self.request("0a")))
        #expect(actions.last == Self.lines("filter-result|0a|00ff|proceed").first)
    }

    @Test func `HELO names with bars are whole, with or without a method`() throws {
        for (report, name) in [
            ("EHLO|a|b", "a|b"), ("HELO|c", "c"), ("d|e", "d|e"), ("HELO", "HELO"),
        ] {
            var session = Self.ready()
            let stream =
                Self.connect("0a")
                + ascii("report|0.6|1.2|smtp-in|link-identify|0a|\(report)\n")
                + Self.request("0a")
            let (question, _) = try #require(
                Self.questions(session.handle(.received(stream))).first)
            #expect(question.helo == ascii(name))
        }
    }

    @Test(arguments: [
        "", "\0", "GET / HTTP/1.1", "report", "report|0.7", "report|0.7|1", "report|0.7|1|smtp-in",
        "report|0.7|1|smtp-in|link-connect", "report|0.7|1|smtp-in|link-connect|0a|x|fail|y",
        "report|x|1|smtp-in|link-disconnect|0a", "report|0.7|1|smtp-in|link-connect|zz|a|b|c|d",
        "filter", "filter|0.7|1|smtp-in|ehlo|0a", "filter|0.7|1|smtp-in|ehlo|xyz|00ff|a",
        "filter|0.7|1|smtp-in|ehlo|0a|0x1|a", "filter|0.7|1|smtp-in|ehlo|0a||a",
        "filter|0.7|1|smtp-in|ehlo|0a|12345678901234567|a", "filter|7|1|smtp-in|ehlo|0a|00ff|a",
        "filter|0.7.1|1|smtp-in|ehlo|0a|00ff|a", "filter|-1.7|1|smtp-in|ehlo|0a|00ff|a",
        "filter|0.99999999999999999999|1|smtp-in|ehlo|0a|00ff|a",
        "filter|0.7|1|smtp-out|ehlo|0a|0b|a",
        "filter-result|0a|00ff|proceed", "register|ready", "configuration",
    ])
    func `a line that cannot be read gets no line`(line: String) {
        var session = Self.ready()
        #expect(
            session.handle(.received(ascii(line + "\n"))) == [.warn(.unreadable(ascii(line)))])
    }

    @Test(arguments: [
        "config", "config|new|x", "config|ready|x", "report|0.7|1|smtp-out|link-connect|0a|x",
        "report|0.7|1|smtp-in|tx-mail|0a|x|ok|a@b", "report|0.7|1.2|stats|snapshot-begin",
    ])
    func `a line that does not concern us gets none either`(line: String) {
        var session = Self.ready()
        #expect(session.handle(.received(ascii(line + "\n"))).isEmpty)
    }

    @Test func `nothing is written before the handshake, nor to data lines`() {
        var session = OpenSMTPDSession()
        let early = session.handle(.received(Self.connect("0a") + Self.request("0a")))
        #expect(early == [.warn(.unexpectedRequest(phase: ascii("rcpt-to")))])
        #expect(session.sessionCount == 0)
        session = Self.ready()
        #expect(
            session.handle(.received(Self.request("0a", "data-line", "text")))
                == [.warn(.unexpectedRequest(phase: ascii("data-line")))])
    }

    @Test func `a request is answered however long it is, and reading goes on`() throws {
        var session = Self.ready()
        let long = String(repeating: "x", count: 100_000)
        let stream = Self.connect("0a") + Self.request("0a", "rcpt-to", long)
        let actions = session.handle(.received(stream))
        #expect(actions.first == .warn(.lineTooLong))
        let (question, ticket) = try #require(Self.questions(actions).first)
        let kept = [UInt8](repeating: 0x78, count: OpenSMTPDLimits.text)
        #expect(question.recipient == kept && session.bufferedCount == 0)
        #expect(session.handle(.decided(ticket, .proceed)).count == 1)
        #expect(session.handle(.received(ascii(long))) == [.warn(.lineTooLong)])
        #expect(session.handle(.received(ascii(long))).isEmpty && session.bufferedCount == 0)
        #expect(session.handle(.received(ascii("\n") + Self.request("0a"))).count == 1)
    }

    @Test func `sessions are remembered up to the limit, and forgotten`() {
        var session = Self.ready()
        for number in 0..<OpenSMTPDLimits.sessions {
            let name = String(number, radix: 16)
            #expect(session.handle(.received(Self.connect(name))).isEmpty)
        }
        #expect(session.handle(.received(Self.connect("ffffff"))) == [.warn(.tooManySessions)])
        #expect(session.handle(.received(Self.connect("1"))).isEmpty, "one that is known")
        let end = ascii("report|0.7|1.2|smtp-in|link-disconnect|2\n")
        #expect(session.handle(.received(end + Self.connect("ffffff"))).isEmpty)
        #expect(session.sessionCount == OpenSMTPDLimits.sessions)
    }

    @Test func `more open requests than the limit go on`() {
        var session = Self.ready()
        _ = session.handle(.received(Self.connect("0a")))
        for _ in 0..<OpenSMTPDLimits.sessions {
            #expect(session.handle(.received(Self.request("0a"))).count == 1)
        }
        #expect(
            session.handle(.received(Self.request("0a")))
                == [.warn(.tooManySessions)] + Self.lines("filter-result|0a|00ff|proceed"))
    }
}
