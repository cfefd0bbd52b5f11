import FilterProtocols
import NetNames
import Testing

@Suite struct MilterTests {
    private typealias Action = MilterSession.Action
    private struct Missing: Error { let what: String }

    private static func settings(
        _ stage: MilterSettings.Stage = .mail, strips: Bool = true
    ) -> MilterSettings {
        MilterSettings(stage: stage, server: ascii("mx.example.org"), stripsForgedResults: strips)
    }

    private static func ask(_ actions: [Action]) throws -> (MilterQuestion, Ticket) {
        guard case .ask(let question, let ticket)? = actions.last else {
            throw Missing(what: "\(actions)")
        }
        return (question, ticket)
    }

    private static let proceed = Action.send(MilterStream.frame("c"))
    /// What ``MilterStream/end`` says before the answer.
    private static let queued = Action.queued(id: ascii("4XyZ12"))

    /// A session that has read the stream up to MAIL, and was asked.
    private static func atMail(_ settings: MilterSettings) throws -> (MilterSession, Ticket) {
        var session = MilterSession(settings)
        let (_, ticket) = try ask(session.handle(.received(MilterStream.opening)))
        return (session, ticket)
    }

    @Test func `version 6 is answered with what we take of the offer`() {
        var session = MilterSession(Self.settings())
        let actions = session.handle(.received(MilterStream.offer()))
        let lists =
            MilterStream.number(0)
            + MilterStream.strings(
                "j _ {daemon_name} {client_addr} {client_name} {client_port} {client_ptr} {client_resolve}"
            ) + MilterStream.number(2)
            + MilterStream.strings("i {auth_authen} {auth_type} {mail_addr}")
            + MilterStream.number(5) + MilterStream.strings("i")
        // Header fields without an answer, no body; RCPT is not wanted when MAIL decides.
        let bits: UInt32 =
            0x8 | 0x10 | 0x40 | 0x80 | 0x100 | 0x200 | 0x1000 | 0x2000 | 0x8000
            | 0x1_0000 | 0x2_0000 | 0x4_0000 | 0x8_0000
        let answer = MilterStream.frame(
            "O", [0, 0, 0, 6] + MilterStream.number(0x111) + MilterStream.number(bits) + lists)
        #expect(actions == [.send(answer)])
    }

    @Test func `without stripping no header field is wanted, and at RCPT no answer to MAIL`() {
        var session = MilterSession(Self.settings(.recipient, strips: false))
        let bits: UInt32 =
            0x10 | 0x20 | 0x40 | 0x80 | 0x100 | 0x200 | 0x1000 | 0x2000 | 0x4000
            | 0x1_0000 | 0x2_0000 | 0x4_0000 | 0x8_0000
        guard case .send(let answer)? = session.handle(.received(MilterStream.offer())).first else {
            return #expect(Bool(false), "no answer")
        }
        #expect(Array(answer[9..<17]) == MilterStream.number(0x101) + MilterStream.number(bits))
    }

    @Test(arguments: [2, 3, 4, 5, 7, 255] as [UInt8])
    func `other versions get what they know, and never more than they offer`(version: UInt8) {
        var session = MilterSession(Self.settings())
        let actions = session.handle(.received(MilterStream.offer(version, 0x3f, 0x7f)))
        let answer = MilterStream.frame(
            "O",
            [0, 0, 0, min(version, 6)] + MilterStream.number(0x11)
                + MilterStream.number(0x8 | 0x10 | 0x40))
        #expect(actions == [.send(answer)])
    }

    @Test func `what a server does not let us do is said`() throws {
        var session = MilterSession(Self.settings())
        let actions = session.handle(.received(MilterStream.offer(6, 0, 0)))
        #expect(Array(actions.dropFirst()) == [.warn(.cannotAddHeaders), .warn(.cannotStrip)])
        // Nothing may be left out, so each command is answered.
        let stream = Array(MilterStream.opening.dropFirst(MilterStream.offer().count))
        let (_, ticket) = try Self.ask(session.handle(.received(stream)))
        let decision = MilterDecision(.proceed, header: try field())
        #expect(session.handle(.decided(ticket, decision)) == [Self.proceed])
        let rest =
            MilterStream.recipient("b@receiver.example") + MilterStream.frame("U", [0x58, 0])
            + MilterStream.frame("T") + MilterStream.header("Subject", "x")
            + MilterStream.frame("N") + MilterStream.frame("B", ascii("body")) + MilterStream.end
        let answers = session.handle(.received(rest))
        let expected =
            Array(repeating: Self.proceed, count: 6) + [Self.queued] + [Self.proceed]
        #expect(answers == expected, "no header is added")
    }

    @Test func `clients are asked about at MAIL, with the server's macros as hints`() throws {
        var session = MilterSession(Self.settings())
        let (question, ticket) = try Self.ask(session.handle(.received(MilterStream.opening)))
        #expect(question.address == IPAddress("157.56.110.65"))
        #expect(question.host == ascii("[157.56.110.65]"))
        #expect(question.helo == ascii("helo.example.net"))
        #expect(question.recipient == nil && !question.isForPostmaster)
        #expect(
            question.macros.hint == ServerHint(.forged, name: ascii("mail.example.net")))
        #expect(question.macros[.queueID] == ascii("4XyZ12"))
        #expect(session.wantsInput, "one piece may come while it is decided")
        #expect(session.handle(.received(MilterStream.frame("A"))).isEmpty)
        #expect(!session.wantsInput && session.bufferedCount > 0)
        let refusal = MilterDecision(.refuse(try refusal(550, "100% no", "<x>")))
        let text = "550-5.7.25 100%% no\r\n550 5.7.25 <x>\0"
        #expect(
            session.handle(.decided(ticket, refusal))
                == [.send(MilterStream.frame("y", ascii(text)))])
        #expect(session.handle(.decided(ticket, refusal)).isEmpty)
    }

    @Test(
        arguments: [
            ("6", "2001:db8::25", "2001:db8::25"), ("6", "IPv6:2001:db8::25", "2001:db8::25"),
            ("6", "ipv6:::ffff:192.0.2.1", "192.0.2.1"), ("4", "192.0.2.1", "192.0.2.1"),
        ] as [(Character, String, String)])
    func `addresses of both families are read`(
        family: Character, text: String, address: String
    ) throws {
        var session = MilterSession(Self.settings())
        let stream =
            MilterStream.offer() + MilterStream.connect("x", family, text) + MilterStream.mail
        let (question, _) = try Self.ask(session.handle(.received(stream)))
        #expect(question.address == IPAddress(address))
        #expect(question.helo == nil, "a client may leave out HELO")
    }

    @Test func `a client without an address goes on`() {
        let clients: [([UInt8], [Action])] = [
            (MilterStream.frame("C", MilterStream.strings("localhost") + ascii("U")), []),
            (MilterStream.connect("localhost", "L", "/run/x"), []),
            (
                MilterStream.connect("x", "6", "fe80::1%eth0"),
                [.warn(.unreadableAddress(ascii("fe80::1%eth0")))]
            ),
            (MilterStream.connect("x", "9", "192.0.2.1"), [.warn(.unreadableAddress(ascii("9")))]),
        ]
        for (connect, warnings) in clients {
            var session = MilterSession(Self.settings())
            _ = session.handle(.received(MilterStream.offer()))
            let actions = session.handle(.received(connect + MilterStream.mail + MilterStream.end))
            #expect(actions == warnings + [Self.proceed, Self.queued, Self.proceed])
        }
    }

    @Test func `forged results go from the last to the first, then ours stands on top`() throws {
        var (session, ticket) = try Self.atMail(Self.settings())
        let decision = MilterDecision(.proceed, header: try field())
        #expect(session.handle(.decided(ticket, decision)) == [Self.proceed])
        let rest = Array(MilterStream.message.dropFirst(MilterStream.opening.count))
        let actions = session.handle(.received(rest))
        let name = "Authentication-Results"
        let edits =
            MilterStream.frame("m", MilterStream.number(3) + MilterStream.strings(name, ""))
            + MilterStream.frame("m", MilterStream.number(1) + MilterStream.strings(name, ""))
            + MilterStream.frame(
                "i",
                MilterStream.number(0)
                    + MilterStream.strings(
                        name, "mx.example.org; iprev=pass policy.iprev=192.0.2.1"))
            + MilterStream.frame("c")
        // RCPT is not wanted here, and answered where a server sends it all the same.
        #expect(actions == [Self.queued, .send(edits), .close(.quit)])
    }

    @Test func `a field is folded as milters fold`() throws {
        var (session, ticket) = try Self.atMail(Self.settings())
        let field = try #require(HeaderField(name: "X-A", lines: [ascii("a;"), ascii("b")]))
        _ = session.handle(.decided(ticket, MilterDecision(.proceed, header: field)))
        let insert = MilterStream.frame(
            "i", MilterStream.number(0) + MilterStream.strings("X-A", "a;\n b"))
        #expect(
            session.handle(.received(MilterStream.end))
                == [Self.queued, .send(insert + MilterStream.frame("c"))])
    }

    @Test func `a message made of forgeries is refused`() throws {
        var (session, ticket) = try Self.atMail(Self.settings())
        _ = session.handle(.decided(ticket, MilterDecision(.proceed)))
        let forged = MilterStream.header("AUTHENTICATION-RESULTS", "mx.example.org; none")
        let stream = Array(repeating: forged, count: MilterLimits.forged + 1).flatMap { $0 }
        #expect(session.handle(.received(stream)).isEmpty)
        guard case .send(let answer)? = session.handle(.received(MilterStream.end)).last else {
            return #expect(Bool(false), "no answer")
        }
        #expect(answer.dropFirst(4).starts(with: ascii("y550 5.7.1 ")))
    }

    @Test func `at RCPT a message is judged once, the postmaster apart`() throws {
        var session = MilterSession(Self.settings(.recipient))
        let opening = MilterStream.opening + MilterStream.recipient("b@receiver.example")
        let (question, ticket) = try Self.ask(session.handle(.received(opening)))
        #expect(question.recipient == ascii("<b@receiver.example>"))
        let refuse = MilterDecision(.refuse(try refusal(450)))
        let answer = [
            Action.send(MilterStream.frame("y", ascii("450 4.7.25 No PTR record\0")))
        ]
        #expect(session.handle(.decided(ticket, refuse)) == answer)
        let second = MilterStream.recipient("c@receiver.example")
        #expect(session.handle(.received(second)) == answer)
        let postmaster = MilterStream.recipient("Postmaster@receiver.example")
        let (exception, another) = try Self.ask(session.handle(.received(postmaster)))
        #expect(exception.isForPostmaster)
        // `a` would be for the whole message: servers skip all recipients and headers after it.
        #expect(session.handle(.decided(another, MilterDecision(.proceed))) == [Self.proceed])
        #expect(session.handle(.received(second)) == answer)
        // A new message is a new question; the queue id of the old one is forgotten.
        let next = MilterStream.frame("A") + MilterStream.frame("M", MilterStream.strings("<>"))
        let (later, last) = try Self.ask(session.handle(.received(next + second)))
        #expect(later.macros[.queueID] == nil)
        #expect(later.macros.hint?.opinion == .forged)
        let fallback = MilterDecision(.proceed, header: try field())
        let expired = MilterSession.Event.expired(last, fallback: fallback)
        #expect(session.handle(expired) == [.warn(.expired), Self.proceed])
        #expect(session.handle(expired).isEmpty)
        // The fallback is the message's answer: nobody waits again, and its header is added.
        #expect(session.handle(.received(second)) == [Self.proceed])
        let insert = Self.insert(try field())
        #expect(session.handle(.received(MilterStream.end)) == [Self.queued, .send(insert)])
    }

    private static func insert(_ field: HeaderField) -> [UInt8] {
        MilterStream.frame(
            "i", MilterStream.number(0) + field.name + [0] + field.folded + [0])
            + MilterStream.frame("c")
    }

    @Test func `after an exception for the postmaster forged results still go`() throws {
        var session = MilterSession(Self.settings(.recipient))
        let stream = MilterStream.opening + MilterStream.recipient("postmaster@receiver.example")
        let (_, exception) = try Self.ask(session.handle(.received(stream)))
        _ = session.handle(.decided(exception, MilterDecision(.proceed)))
        let forged = MilterStream.header("Authentication-Results", "mx.example.org; iprev=pass")
        let delete = MilterStream.frame(
            "m", MilterStream.number(1) + MilterStream.strings("Authentication-Results", ""))
        #expect(
            session.handle(.received(forged + MilterStream.end))
                == [Self.queued, .send(delete + MilterStream.frame("c"))])
    }

    @Test func `a message for the postmaster alone has a header too`() throws {
        let postmaster = MilterStream.recipient("postmaster@receiver.example")
        let header = MilterDecision(.proceed, header: try field())
        for others in [nil, MilterDecision(.refuse(try refusal()))] {
            var session = MilterSession(Self.settings(.recipient))
            let (_, exception) = try Self.ask(
                session.handle(.received(MilterStream.opening + postmaster)))
            _ = session.handle(.decided(exception, header))
            if let others {
                let recipient = MilterStream.recipient("b@receiver.example")
                let (_, ticket) = try Self.ask(session.handle(.received(recipient)))
                _ = session.handle(.decided(ticket, others))
            }
            let insert = Self.insert(try field())
            let end = session.handle(.received(MilterStream.end))
            #expect(end == [Self.queued, .send(insert)])
        }
    }

    @Test func `silence while we decide ends nothing, and a long HELO name is not none`() throws {
        var session = MilterSession(Self.settings())
        #expect(session.handle(.idle) == [.close(.idle)])
        session = MilterSession(Self.settings())
        let long = [UInt8](repeating: 0x78, count: MilterLimits.text + 1)
        let stream =
            MilterStream.offer() + MilterStream.client + MilterStream.frame("H", long + [0])
            + MilterStream.mail
        let (question, ticket) = try Self.ask(session.handle(.received(stream)))
        #expect(question.helo == Array(long.dropLast()))
        #expect(session.handle(.idle).isEmpty)
        #expect(session.handle(.decided(ticket, MilterDecision(.proceed))) == [Self.proceed])
    }

    @Test func `the connection may go on with another client`() throws {
        var (session, ticket) = try Self.atMail(Self.settings())
        _ = session.handle(.decided(ticket, MilterDecision(.proceed)))
        let next =
            MilterStream.frame("K") + MilterStream.connect("y", "4", "192.0.2.7")
            + MilterStream.mail
        let (question, _) = try Self.ask(session.handle(.received(next)))
        #expect(question.address == IPAddress("192.0.2.7"))
        #expect(question.helo == nil && question.macros.hint == nil)
    }

    @Test func `macros in any form are taken, and long or unknown ones are not`() throws {
        var session = MilterSession(Self.settings())
        let long = String(repeating: "x", count: MilterLimits.text + 1)
        let macros =
            MilterStream.frame("D", ascii("C"))
            + MilterStream.frame(
                "D",
                ascii("C")
                    + MilterStream.strings(
                        "{j}", "mx", "client_resolve", "WHAT", "_", "", "{client_ptr}", long,
                        "{secret}", "x", "{}", "x", "", "x"))
        let stream = MilterStream.offer() + macros + MilterStream.client + MilterStream.mail
        let (question, _) = try Self.ask(session.handle(.received(stream)))
        #expect(question.macros[.server] == ascii("mx"))
        #expect(question.macros[.clientResolve] == ascii("WHAT") && question.macros.hint == nil)
        #expect(question.macros[.validatedClient] == nil && question.macros[.clientPointer] == nil)
    }

    @Test(arguments: [
        ("OK", "mail.example.org", "ok,mail.example.org"), ("FAIL", "unknown", "fail"),
        ("FORGED", "x", "forged,x"), ("TEMP", "", "temp"),
    ])
    func `what the server found out is a hint`(word: String, name: String, hint: String) throws {
        var session = MilterSession(Self.settings())
        let macros = MilterStream.strings("{client_resolve}", word, "{client_ptr}", name)
        let stream =
            MilterStream.offer() + MilterStream.frame("D", ascii("C") + macros)
            + MilterStream.connect("y", "4", "192.0.2.7") + MilterStream.mail
        let (question, _) = try Self.ask(session.handle(.received(stream)))
        #expect(question.macros.hint?.text == ascii(hint))
    }

    struct Abuse: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let stream: [UInt8]
        let error: MilterError

        static func abuse(_ label: String, _ stream: [UInt8], _ error: MilterError) -> Abuse {
            Abuse(testDescription: label, stream: stream, error: error)
        }

        private static func code(_ character: Character) -> UInt8 { character.asciiValue ?? 0 }
        private static let offer = MilterStream.offer()
        private static let connected = offer + MilterStream.client

        static let all: [Abuse] = [
            .abuse("HTTP", ascii("GET / HTTP/1.1\r\n"), .frameTooLong(0x4745_5420)),
            .abuse("TLS", [0x16, 0x03, 0x01, 0x02, 0x00, 0x01], .frameTooLong(0x1603_0102)),
            .abuse("a frame of 4 GB", [0xff, 0xff, 0xff, 0xff, 0x4f], .frameTooLong(.max)),
            .abuse("a frame one too long", [0, 2, 0, 1], .frameTooLong(131_073)),
            .abuse("a frame of nothing", [0, 0, 0, 0], .emptyFrame),
            .abuse("half a frame", [0, 0, 0, 9, 0x4f], .unfinishedFrame),
            .abuse("half a length", [0, 0], .unfinishedFrame),
            .abuse(
                "a short offer", MilterStream.frame("O", [0, 0, 0, 6, 0]),
                .shortFrame(command: code("O"))),
            .abuse("version 1", MilterStream.offer(1), .version(1)),
            .abuse("version 0", MilterStream.offer(0), .version(0)),
            .abuse("no offer", MilterStream.client, .wrongOrder(command: code("C"))),
            .abuse("two offers", offer + offer, .wrongOrder(command: code("O"))),
            .abuse(
                "two clients", connected + MilterStream.client, .wrongOrder(command: code("C"))),
            .abuse(
                "HELO before connect", offer + MilterStream.helo, .wrongOrder(command: code("H"))),
            .abuse(
                "MAIL before connect", offer + MilterStream.mail, .wrongOrder(command: code("M"))),
            .abuse(
                "RCPT before MAIL", connected + MilterStream.recipient("x"),
                .wrongOrder(command: code("R"))),
            .abuse(
                "DATA before MAIL", connected + MilterStream.frame("T"),
                .wrongOrder(command: code("T"))),
            .abuse(
                "a header before MAIL", connected + MilterStream.header("a", "b"),
                .wrongOrder(command: code("L"))),
            .abuse(
                "the end of headers before MAIL", connected + MilterStream.frame("N"),
                .wrongOrder(command: code("N"))),
            .abuse(
                "a body before MAIL", connected + MilterStream.frame("B"),
                .wrongOrder(command: code("B"))),
            .abuse(
                "an end before MAIL", connected + MilterStream.frame("E"),
                .wrongOrder(command: code("E"))),
            .abuse(
                "an unknown command", offer + MilterStream.frame("z"), .unknownCommand(code("z"))),
            .abuse("a NUL as command", [0, 0, 0, 1, 0], .unknownCommand(0)),
            .abuse(
                "HELO without NUL", connected + MilterStream.frame("H", ascii("x")),
                .missingNUL(command: code("H"))),
            .abuse(
                "MAIL without NUL", connected + MilterStream.frame("M", ascii("<x>")),
                .missingNUL(command: code("M"))),
            .abuse(
                "MAIL without a sender", connected + MilterStream.frame("M"),
                .shortFrame(command: code("M"))),
            .abuse(
                "a connect that ends after the name",
                offer + MilterStream.frame("C", MilterStream.strings("x")),
                .shortFrame(command: code("C"))),
            .abuse(
                "a connect that ends in the port",
                offer + MilterStream.frame("C", MilterStream.strings("x") + [0x34, 0]),
                .shortFrame(command: code("C"))),
            .abuse(
                "a connect without an address",
                offer + MilterStream.frame("C", MilterStream.strings("x") + [0x34, 0, 25]),
                .missingNUL(command: code("C"))),
            .abuse(
                "a macro command for nothing", offer + MilterStream.frame("D"),
                .shortFrame(command: code("D"))),
            .abuse(
                "a macro without value",
                offer + MilterStream.frame("D", ascii("C") + MilterStream.strings("j")), .oddMacros),
            .abuse(
                "more ahead than waits",
                MilterStream.opening + [UInt8](repeating: 0, count: 140_000), .tooFarAhead),
        ]
    }

    @Test(arguments: Abuse.all)
    func `abuse ends that session with its reason`(abuse: Abuse) {
        var session = MilterSession(Self.settings())
        let actions = session.handle(.received(abuse.stream)) + session.handle(.inputClosed)
        #expect(actions.last == .close(.broken(abuse.error)))
        #expect(session.handle(.received(MilterStream.offer())).isEmpty)
        #expect(session.bufferedCount == 0 && !session.wantsInput)
    }

    @Test func `RCPT without a recipient ends the session too`() throws {
        var session = MilterSession(Self.settings(.recipient))
        let stream = MilterStream.opening + MilterStream.frame("R")
        let error = MilterError.shortFrame(command: UInt8(ascii: "R"))
        #expect(session.handle(.received(stream)).last == .close(.broken(error)))
    }

    @Test func `a session ends with its connection, by quitting, or by silence`() throws {
        var session = MilterSession(Self.settings())
        #expect(session.handle(.received(MilterStream.frame("Q"))) == [.close(.quit)])
        session = MilterSession(Self.settings())
        #expect(session.handle(.inputClosed) == [.close(.inputClosed)])
        session = MilterSession(Self.settings())
        #expect(session.handle(.idle) == [.close(.idle)])
        var (asked, ticket) = try Self.atMail(Self.settings())
        #expect(asked.handle(.inputClosed) == [.close(.inputClosed)])
        #expect(asked.handle(.decided(ticket, MilterDecision(.proceed))).isEmpty)
    }

    @Test func `memory follows the bytes that came, not the length they promise`() {
        var session = MilterSession(Self.settings())
        _ = session.handle(.received([0, 1, 0xff, 0xff, 0x4f]))
        #expect(session.bufferedCount == 5)
        for _ in 0..<100 { _ = session.handle(.received([0])) }
        #expect(session.bufferedCount == 105)
    }

    @Test func `storms of aborts, bodies and macros leave nothing behind`() {
        var session = MilterSession(Self.settings())
        _ = session.handle(.received(MilterStream.offer() + MilterStream.client))
        let storm =
            MilterStream.frame("A") + MilterStream.clientMacros
            + MilterStream.frame("U", [0x58, 0])
        for _ in 0..<10_000 { #expect(session.handle(.received(storm)).isEmpty) }
        #expect(session.bufferedCount == 0)
    }
}
