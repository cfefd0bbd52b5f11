import FilterProtocols
import NetNames
import Testing

@Suite struct PolicyTests {
    private typealias Action = PolicySession.Action

    private static func ask(_ actions: [Action]) throws -> (PolicyRequest, Ticket) {
        guard case .ask(let request, let ticket)? = actions.last else {
            throw Missing(what: "\(actions)")
        }
        return (request, ticket)
    }

    private struct Missing: Error { let what: String }

    @Test func `a request of Postfix is asked for, and answered on the open connection`() throws {
        var session = PolicySession()
        for _ in 0..<3 {
            let stream = PolicyStream.request(["instance": ""])
            let (request, ticket) = try Self.ask(session.handle(.received(stream)))
            #expect(request.address == IPAddress("157.56.110.65"))
            #expect(request.helo == ascii("na01-bn1-obe.outbound.protection.outlook.com"))
            let name = ascii("mail-bn1on0065.outbound.protection.outlook.com")
            #expect(request.hint == ServerHint(.unknown, name: name))
            #expect(request[.saslUsername] == nil)
            #expect(session.wantsInput, "one piece may come while it is decided")
            let answers = session.handle(.decided(ticket, .refuse(try refusal())))
            #expect(answers == [.send(ascii("action=550 5.7.25 No PTR record\n\n"))])
            #expect(session.wantsInput)
        }
        #expect(session.handle(.inputClosed) == [.close(.inputClosed)])
        #expect(session.handle(.received(PolicyStream.request())).isEmpty)
    }

    @Test func `IPv6 addresses are bare`() throws {
        var session = PolicySession()
        let stream = PolicyStream.request(["client_address": "2001:db8::25"])
        let (request, _) = try Self.ask(session.handle(.received(stream)))
        #expect(request.address == IPAddress("2001:db8::25"))
    }

    @Test(
        arguments: [
            ("mail.example.org", "mail.example.org", "ok,mail.example.org"),
            ("unknown", "mail.example.org", "unknown,mail.example.org"),
            ("unknown", "unknown", "unknown"), ("", "mail.example.org", nil),
        ] as [(String, String, String?)])
    func `what Postfix found out is a hint`(name: String, reverse: String, hint: String?) throws {
        var session = PolicySession()
        let stream = PolicyStream.request(["client_name": name, "reverse_client_name": reverse])
        let (request, _) = try Self.ask(session.handle(.received(stream)))
        #expect(request.hint?.text == hint.map(ascii))
    }

    @Test(arguments: ["unknown", "", "fe80::1%eth0"])
    func `without an address nobody can be judged`(address: String) {
        var session = PolicySession()
        let actions = session.handle(
            .received(PolicyStream.request(["client_address": address])))
        #expect(actions == [.warn(.noAddress(ascii(address))), .send(ascii("action=DUNNO\n\n"))])
    }

    @Test func `an unknown request is DUNNO, and said`() {
        var session = PolicySession()
        let actions = session.handle(.received(ascii("request=junk_policy\nx=y\n\n")))
        #expect(
            actions == [
                .warn(.unknownRequest(ascii("junk_policy"))), .send(ascii("action=DUNNO\n\n")),
            ])
        #expect(session.handle(.received(ascii("a=b\n\n"))).first == .warn(.unknownRequest([])))
    }

    @Test func `the first of two values counts, and unknown attributes are ignored`() throws {
        var session = PolicySession()
        let head = ascii("client_address=192.0.2.1\nclient_address=\nnew_in_4=a=b\n")
        let (request, _) = try Self.ask(session.handle(.received(head + PolicyStream.request())))
        #expect(request.address == IPAddress("192.0.2.1"))
    }

    @Test func `requests sent at once are answered in order, one at a time`() throws {
        var session = PolicySession()
        let stream =
            PolicyStream.request(["instance": "1", "client_address": "192.0.2.1"])
            + PolicyStream.request(["instance": "2", "client_address": "192.0.2.2"])
        let first = session.handle(.received(stream))
        #expect(first.count == 1)
        let (one, ticket) = try Self.ask(first)
        let second = session.handle(.decided(ticket, .dunno))
        #expect(second.first == .send(ascii("action=DUNNO\n\n")))
        let (other, last) = try Self.ask(second)
        #expect([one.address, other.address] == [IPAddress("192.0.2.1"), IPAddress("192.0.2.2")])
        #expect(session.handle(.decided(ticket, .dunno)).isEmpty, "an old ticket")
        #expect(session.handle(.inputClosed).isEmpty)
        #expect(
            session.handle(.decided(last, .dunno))
                == [.send(ascii("action=DUNNO\n\n")), .close(.inputClosed)])
    }

    @Test func `one piece may come while it is decided, and then no more`() throws {
        var session = PolicySession()
        let (_, ticket) = try Self.ask(session.handle(.received(PolicyStream.request())))
        #expect(session.wantsInput)
        #expect(session.handle(.received(PolicyStream.request(["instance": "next"]))).isEmpty)
        #expect(!session.wantsInput && session.bufferedCount > 0)
        let actions = session.handle(.decided(ticket, .dunno))
        #expect(actions.first == .send(ascii("action=DUNNO\n\n")) && actions.count == 2)
        #expect(session.wantsInput && session.bufferedCount == 0)
    }

    @Test func `one delivery attempt is judged once`() throws {
        var session = PolicySession()
        let (_, ticket) = try Self.ask(session.handle(.received(PolicyStream.request())))
        let refuse = PolicyAction.refuse(try refusal())
        let answer = session.handle(.decided(ticket, refuse))
        let again = PolicyStream.request(["recipient": "c@receiver.example"])
        #expect(session.handle(.received(again)) == answer)
        // The same instance with another HELO, address or context is another question.
        for change in [
            ["helo_name": "x"], ["client_address": "192.0.2.9"], ["policy_context": "strict"],
        ] {
            var other = session
            _ = try Self.ask(other.handle(.received(PolicyStream.request(change))))
        }
        // Nor is it the same when a value has moved to its neighbor.
        var moved = PolicySession()
        let first = ["helo_name": "x", "policy_context": ""]
        let (_, open) = try Self.ask(moved.handle(.received(PolicyStream.request(first))))
        _ = moved.handle(.decided(open, .dunno))
        let second = ["helo_name": "", "policy_context": "x"]
        _ = try Self.ask(moved.handle(.received(PolicyStream.request(second))))
        // The postmaster may have an exception, which is not for others.
        let postmaster = PolicyStream.request(["recipient": "PostMaster@receiver.example"])
        let (request, exception) = try Self.ask(session.handle(.received(postmaster)))
        #expect(request.isForPostmaster)
        _ = session.handle(.decided(exception, .dunno))
        #expect(session.handle(.received(again)) == answer)
    }

    @Test func `a header is added once, and not at the end of the message`() throws {
        var session = PolicySession()
        let prepend = PolicyAction.prepend(try field())
        let (_, ticket) = try Self.ask(session.handle(.received(PolicyStream.request())))
        let line = "mx.example.org; iprev=pass policy.iprev=192.0.2.1"
        #expect(
            session.handle(.decided(ticket, prepend))
                == [.send(ascii("action=PREPEND Authentication-Results: \(line)\n\n"))])
        #expect(
            session.handle(.received(PolicyStream.request())) == [.send(ascii("action=DUNNO\n\n"))])
        let late = PolicyStream.request(["instance": "2", "protocol_state": "END-OF-MESSAGE"])
        let (_, end) = try Self.ask(session.handle(.received(late)))
        #expect(
            session.handle(.decided(end, prepend))
                == [.warn(.tooLateForHeader), .send(ascii("action=DUNNO\n\n"))])
    }

    @Test(arguments: [
        ["postmaster", "b"], ["b", "postmaster"], ["postmaster", "postmaster", "b"],
    ])
    func `one message gets one header, whoever its recipients are`(names: [String]) throws {
        var session = PolicySession()
        let prepend = PolicyAction.prepend(try field())
        for (index, name) in names.enumerated() {
            let stream = PolicyStream.request(["recipient": "\(name)@receiver.example"])
            let (_, ticket) = try Self.ask(session.handle(.received(stream)))
            let expected = index == 0 ? prepend : .dunno
            #expect(session.handle(.decided(ticket, prepend)) == [.send(expected.encoded)])
        }
        let next = PolicyStream.request(["instance": "2"])
        let (_, ticket) = try Self.ask(session.handle(.received(next)))
        #expect(session.handle(.decided(ticket, prepend)) == [.send(prepend.encoded)])
    }

    @Test func `silence while we decide ends nothing`() throws {
        var session = PolicySession()
        let (_, ticket) = try Self.ask(session.handle(.received(PolicyStream.request())))
        #expect(session.handle(.idle).isEmpty)
        #expect(session.handle(.decided(ticket, .dunno)) == [.send(ascii("action=DUNNO\n\n"))])
    }

    @Test func `a decision that does not come is made once for the whole attempt`() throws {
        var session = PolicySession()
        let (_, ticket) = try Self.ask(session.handle(.received(PolicyStream.request())))
        let fallback = PolicyAction.prepend(try field())
        let expired = PolicySession.Event.expired(ticket, fallback: fallback)
        #expect(session.handle(expired) == [.warn(.expired), .send(fallback.encoded)])
        #expect(session.handle(expired).isEmpty)
        #expect(session.handle(.decided(ticket, .dunno)).isEmpty)
        // The other recipients do not wait for another deadline.
        let again = PolicyStream.request(["recipient": "c@receiver.example"])
        #expect(session.handle(.received(again)) == [.send(ascii("action=DUNNO\n\n"))])
        #expect(session.handle(.idle) == [.close(.idle)])
    }

    struct Abuse: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let stream: [UInt8]
        let error: PolicyError

        static let all: [Abuse] = [
            .init(
                testDescription: "a line without end",
                stream: ascii("a=") + [UInt8](repeating: 0x78, count: 1 << 20), error: .lineTooLong),
            .init(
                testDescription: "attributes without end",
                stream: ascii(String(repeating: "a=b\n", count: 100_000)),
                error: .tooManyAttributes),
            .init(
                testDescription: "a request without end",
                stream: ascii(
                    String(repeating: "a=" + String(repeating: "b", count: 4_000) + "\n", count: 20)
                ),
                error: .requestTooLong),
            .init(
                testDescription: "HTTP", stream: ascii("GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
                error: .lineWithoutEquals),
            .init(testDescription: "a NUL", stream: ascii("request=a\0b\n\n"), error: .containsNUL),
            .init(
                testDescription: "empty requests",
                stream: [UInt8](repeating: Ascii.lineFeed, count: 9), error: .emptyRequest),
            .init(
                testDescription: "half a request", stream: ascii("request=x\nclient"),
                error: .unfinishedRequest),
            .init(
                testDescription: "half a request, cut behind a line", stream: ascii("request=x\n"),
                error: .unfinishedRequest),
            .init(
                testDescription: "more ahead than waits",
                stream: PolicyStream.request() + [UInt8](repeating: 0x0a, count: 70_000),
                error: .tooFarAhead),
        ]
    }

    @Test(arguments: Abuse.all)
    func `abuse ends that connection without an answer`(abuse: Abuse) {
        var session = PolicySession()
        let actions = session.handle(.received(abuse.stream)) + session.handle(.inputClosed)
        #expect(actions.last == .close(.broken(abuse.error)))
        #expect(session.bufferedCount == 0)
        for case .send(let answer) in actions { Issue.record("answered \(string(answer))") }
    }

    @Test func `lines may be as long as the limit, and requests typed by hand end with CR LF`()
        throws
    {
        var session = PolicySession()
        let long = ascii("x=") + [UInt8](repeating: 0x79, count: PolicyLimits.line - 2) + [0x0a]
        #expect(session.handle(.received(long)).isEmpty)
        let typed = ascii("request=smtpd_access_policy\r\nclient_address=192.0.2.1\r\n\r\n")
        let (request, _) = try Self.ask(session.handle(.received(typed)))
        #expect(request.address == IPAddress("192.0.2.1"))
    }

    @Test func `every action is written as access 5 has it`() throws {
        let text = ReplyText("No PTR record")
        let cases: [(PolicyAction, String)] = [
            (.dunno, "DUNNO"),
            (.refuse(try refusal(450, "one", "two")), "450 4.7.25 one two"),
            (.deferIfPermit(subject: 7, detail: 25, text), "DEFER_IF_PERMIT 4.7.25 No PTR record"),
        ]
        for (action, words) in cases {
            #expect(action.encoded == ascii("action=\(words)\n\n"))
            #expect(action.repeated == action)
        }
    }
}
