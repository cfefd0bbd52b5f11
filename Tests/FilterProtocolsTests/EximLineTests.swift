import FilterProtocols
import NetNames
import Testing

@Suite struct EximLineTests {
    private typealias Action = EximLineSession.Action

    private static func request(_ text: String) throws -> EximRequest {
        try EximRequest(parsing: ascii(text))
    }

    @Test func `Exim's line is asked for, and answered after its half-close`() throws {
        var session = EximLineSession()
        let line =
            "check ip=192.0.2.1 helo=mail.example.org from=a@s.example to=b@r.example id=1-2\n"
        guard case .ask(let request, let ticket)? = session.handle(.received(ascii(line))).first
        else { return #expect(Bool(false), "not asked") }
        #expect(request.address == IPAddress("192.0.2.1"))
        #expect(request.helo == ascii("mail.example.org"))
        #expect(request.recipient == ascii("b@r.example"))
        #expect(request.messageID == ascii("1-2") && !request.isForPostmaster)
        #expect(!session.wantsInput)
        #expect(session.handle(.inputClosed).isEmpty)
        #expect(session.handle(.received(ascii("more"))).isEmpty && session.bufferedCount == 0)
        #expect(session.handle(.decided(Ticket(7), EximReply(.pass))).isEmpty)
        let reply = EximReply(.fail, reason: "no-ptr", refusal: try refusal(550, "say \"x\""))
        let text = "verdict=fail reason=no-ptr code=550 dsn=5.7.25 text=\"say \\\"x\\\"\"\n"
        #expect(
            session.handle(.decided(ticket, reply))
                == [.send(ascii(text)), .close(.answered)])
        #expect(session.handle(.idle).isEmpty)
    }

    @Test func `a request without a line end is ended by the half-close`() {
        var session = EximLineSession()
        #expect(session.handle(.received(ascii("check ip=2001:db8::1"))).isEmpty)
        guard case .ask(let request, let ticket)? = session.handle(.inputClosed).first else {
            return #expect(Bool(false), "not asked")
        }
        #expect(request.address == IPAddress("2001:db8::1") && request.helo == nil)
        #expect(
            session.handle(.expired(ticket, fallback: EximReply(.temperror, reason: "deadline")))
                == [.send(ascii("verdict=temperror reason=deadline\n")), .close(.expired)])
    }

    @Test func `silence ends the connection`() {
        var session = EximLineSession()
        #expect(session.handle(.idle) == [.close(.idle)])
        session = EximLineSession()
        guard case .ask(_, let ticket)? = session.handle(.received(ascii("check ip=::1\n"))).first
        else { return #expect(Bool(false), "not asked") }
        #expect(session.handle(.idle).isEmpty, "it is Exim that waits now")
        #expect(session.handle(.decided(ticket, EximReply(.pass))).last == .close(.answered))
    }

    @Test func `what Exim quotes is read back`() throws {
        let text = "  a \\\"b\\\" \\\\ c|=  "
        let request = try Self.request(
            "check  ip=\"192.0.2.1\"  helo=\"\(text)\" helo=x new=1 from=\"\"")
        #expect(request.helo == ascii("  a \"b\" \\ c|=  "))
        #expect(
            try Self.request("check ip=192.0.2.1 helo=\"a\\nb\\rc\\\\n\"").helo
                == ascii("a\nb\rc\\n"))
        #expect(try Self.request("check ip=192.0.2.1 helo=\"\"").helo == nil)
        #expect(try Self.request("check x_new-2=1 ip=192.0.2.1").helo == nil)
        #expect(try Self.request("check to=postmaster@x ip=[192.0.2.1]\r").isForPostmaster)
    }

    @Test(
        arguments: [
            ("", .empty), ("\r", .empty), ("GET / HTTP/1.1", .unknownVerb),
            ("checks ip=1", .unknownVerb),
            ("check", .noAddress), ("check ip=unknown", .noAddress), ("check ip=", .noAddress),
            ("check ip", .malformedField), ("check =x", .malformedField),
            ("check ip=\"1", .noAddress), ("check ip=\"1\\", .noAddress),
            ("check ip=\"1\"x", .malformedField), ("check ip=1\0", .noAddress),
            ("check helo=\"x ip=192.0.2.1", .noAddress), ("check\tip=192.0.2.1", .unknownVerb),
        ] as [(String, EximLineError)])
    func `a line that is no request is answered with its reason`(
        line: String, error: EximLineError
    ) {
        var session = EximLineSession()
        let answer = ascii("verdict=error reason=\(error.rawValue)\n")
        #expect(
            session.handle(.received(ascii(line + "\n")))
                == [.send(answer), .close(.broken(error))])
    }

    /// What a client chooses must not spare it: these came from an Exim 4.96 with the documented line.
    @Test(arguments: [
        // MAIL FROM:<"a TAB b"@b.org>
        "helo=x.example from=\"\\\"a\tb\\\"@b.org\" to=\"u@r.example\" id=",
        "helo=\"\u{1}\u{7f}\0\u{80}\" to=\"u@r.example\"",
        "helo=a\"b to=u@r.example", "helo=\"a\"b to=u@r.example", "helo=\"a\\", "helo=\"a", "helo",
        "=x \t to=u@r.example", "helo=" + String(repeating: "a", count: 5_000) + " to=u@r.example",
        // EHLO, MAIL and RCPT as long as Exim takes them, each byte escaped.
        "helo=\"" + String(repeating: "\\\"", count: 16_384) + "\" from=\""
            + String(repeating: "\\\"", count: 16_384) + "\" to=\""
            + String(repeating: "\\\"", count: 16_384) + "\"",
        "helo=" + String(repeating: "a", count: 200_000),
    ])
    func `a client whose address can be read is judged, whatever else it says`(rest: String) {
        var session = EximLineSession()
        let actions = session.handle(.received(ascii("check ip=192.0.2.1 " + rest + "\n")))
        guard case .ask(let request, _)? = actions.first else {
            return #expect(Bool(false), "not asked: \(actions)")
        }
        #expect(request.address == IPAddress("192.0.2.1"))
        #expect((request.helo?.count ?? 0) <= EximRequest.text)
    }

    @Test func `a long value hides none that follows`() throws {
        let long = String(repeating: "a", count: 50_000)
        let request = try Self.request("check helo=\(long) ip=192.0.2.1 to=postmaster@r.example")
        #expect(request.address == IPAddress("192.0.2.1") && request.isForPostmaster)
        #expect(request.helo == [UInt8](repeating: 0x61, count: EximRequest.text))
    }

    @Test func `a line without end, and a connection without a line`() {
        var session = EximLineSession()
        let endless = [UInt8](repeating: 0x61, count: 1 << 20)
        #expect(session.handle(.received(endless)).last == .close(.broken(.unknownVerb)))
        #expect(session.bufferedCount == 0)
        session = EximLineSession()
        #expect(session.handle(.inputClosed).last == .close(.broken(.empty)))
    }

    @Test func `a reply has a header for add_header, and its reason is one word`() throws {
        let reply = EximReply(.pass, reason: "a b\"\n=c", header: try field())
        #expect(
            string(reply.encoded)
                == "verdict=pass reason=a_b___c header=\"Authentication-Results: mx.example.org; "
                + "iprev=pass policy.iprev=192.0.2.1\"\n")
    }
}
