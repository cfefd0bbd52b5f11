import FilterProtocols
import NetNames
import Testing

@Suite struct SMTPSessionTests {
    @Test func `a mail is refused with the verdict at its recipient`() throws {
        var server = try SMTPDialogue()
        #expect(server.handle(.connected).hasPrefix("220 mx.example.net ESMTP "))
        #expect(
            server.say("EHLO mail.example.org\r\n") == """
                250-mx.example.net greets 192.0.2.9\r
                250-PIPELINING\r
                250-8BITMIME\r
                250 ENHANCEDSTATUSCODES\r

                """)
        #expect(server.code("MAIL FROM:<a@example.org> SIZE=100 BODY=8BITMIME") == "250")
        #expect(
            server.say("RCPT TO:<b@example.net>\r\n")
                == "550-5.7.25 FAIL: no PTR record\r\n550 5.7.25 Seen: you\r\n")
        #expect(server.code("DATA") == "554")
        #expect(server.say("QUIT\r\n").hasPrefix("221 2.0.0 "))
        #expect(server.end == .quit)
        #expect(server.say("NOOP\r\n") == "")
        let asked = try #require(server.asked.first)
        #expect(asked.client.address == IPAddress("192.0.2.9"))
        #expect(asked.client.helo == ascii("mail.example.org"))
        #expect(asked.client.isExtended)
        #expect(asked.client.sender == ascii("a@example.org"))
        #expect(asked.recipient == ascii("b@example.net"))
        // The look-ups begin before the verdict is wanted.
        #expect(server.prepared.map(\.sender) == [nil, ascii("a@example.org")])
    }

    @Test func `a listener that accepts still takes no content`() throws {
        var server = try SMTPDialogue(mode: .accept)
        _ = server.say("HELO mail.example.org\r\nMAIL FROM:<>\r\n")
        #expect(
            server.say("RCPT TO:<b@example.net>\r\n")
                == "250-2.1.5 FAIL: no PTR record\r\n250 2.1.5 Seen: you\r\n")
        #expect(
            server.say("DATA\r\n")
                == "550-5.7.25 FAIL: no PTR record\r\n550 5.7.25 Seen: you\r\n")
        #expect(server.asked.first?.client.isExtended == false)
        #expect(server.asked.first?.client.sender == [])
        // The transaction is over.
        #expect(server.code("DATA") == "503")
    }

    @Test func `a recipient that does not exist is refused also by one that accepts`() throws {
        let answer = try #require(SMTPAnswer(550, .init(1, 1), ["No such address"]))
        var server = try SMTPDialogue(mode: .accept, decision: .refuse(answer))
        _ = server.say("EHLO a.example\r\nMAIL FROM:<>\r\n")
        #expect(server.say("RCPT TO:<x@y>\r\n") == "550 5.1.1 No such address\r\n")
        #expect(server.code("DATA") == "554")
    }

    struct Line: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let line: String
        let code: String

        static func expect(_ code: String, _ line: String) -> Line {
            Line(
                testDescription: "\(line.prefix(40).debugDescription) is \(code)", line: line,
                code: code)
        }

        static let behindHello: [Line] = [
            .expect("250", "noop"), .expect("250", "NOOP whatever"), .expect("250", "RSET"),
            .expect("501", "RSET now"), .expect("214", "HELP"), .expect("252", "VRFY root"),
            .expect("502", "EXPN list"), .expect("502", "AUTH PLAIN AGEAYg=="),
            .expect("502", "STARTTLS"), .expect("500", "XCLIENT ADDR=192.0.2.1"),
            .expect("500", "XFORWARD NAME=x"), .expect("500", ""), .expect("500", " "),
            .expect("503", "RCPT TO:<a@b>"), .expect("503", "DATA"), .expect("501", "DATA now"),
            .expect("501", "EHLO"), .expect("501", "HELO  "), .expect("250", "EHLO [192.0.2.9]"),
            .expect("501", "MAIL"), .expect("501", "MAIL FROM"), .expect("501", "MAIL FROM:"),
            .expect("501", "MAIL TO:<a@b>"), .expect("250", "MAIL FROM:<>"),
            .expect("250", "mail from: <a@b>"), .expect("250", "MAIL FROM:a@b SIZE=1"),
            .expect("250", "MAIL FROM:<\"a>b\"@c>"), .expect("501", "MAIL FROM:<a@b"),
            .expect("501", "MAIL FROM:<a@b>x"), .expect("501", "MAIL FROM:<\"a@b>"),
            .expect("555", "MAIL FROM:<a@b> RET=HDRS"), .expect("555", "MAIL FROM:<a@b> SIZE=x"),
            .expect("555", "MAIL FROM:<a@b> BODY=BINARYMIME"),
            .expect("501", "MAIL FROM:<a\u{1}@b>"),
            .expect("500", "NOOP a\rb"), .expect("500", "NOOP a\0b"),
            .expect("500", "NOOP " + String(repeating: "a", count: 506)),
            .expect("250", "NOOP " + String(repeating: "a", count: 505)),
            .expect("250", "MAIL FROM:<" + String(repeating: "a", count: 900) + "@b>"),
            .expect("421", "BDAT 5 LAST"), .expect("421", "GET / HTTP/1.1"),
            .expect("421", String(repeating: "a", count: 2000)),
        ]
    }

    @Test(arguments: Line.behindHello)
    func `each command has its answer`(line: Line) throws {
        var server = try SMTPDialogue()
        _ = server.say("EHLO mail.example.org\r\n")
        #expect(server.code(line.line) == line.code)
        #expect((server.end != nil) == (line.code == "421"))
    }

    @Test(arguments: ["MAIL FROM:<a@b>", "RCPT TO:<a@b>", "DATA"])
    func `nothing goes before EHLO`(line: String) throws {
        var server = try SMTPDialogue()
        #expect(server.code(line) == "503")
    }

    @Test(arguments: ["RCPT TO:<>", "RCPT TO:<a@b> NOTIFY=NEVER", "RCPT TO: "])
    func `a recipient is an address alone`(line: String) throws {
        var server = try SMTPDialogue()
        _ = server.say("EHLO a.example\r\nMAIL FROM:<>\r\n")
        #expect(server.code(line).hasPrefix("5"))
        #expect(server.asked.isEmpty)
    }

    @Test func `a route is left out`() throws {
        var server = try SMTPDialogue()
        _ = server.say("EHLO a.example\r\nMAIL FROM:<@x,@y:a@b>\r\nRCPT TO:<@z:c@d>\r\n")
        #expect(server.asked.first?.client.sender == ascii("a@b"))
        #expect(server.asked.first?.recipient == ascii("c@d"))
    }

    @Test func `commands sent ahead are answered in order, also by bare LF`() throws {
        var server = try SMTPDialogue()
        let said = server.say(
            "EHLO a.example\nMAIL FROM:<>\nRCPT TO:<a@b>\nRCPT TO:<c@d>\nDATA\nQUIT\n")
        let codes = said.split(separator: "\r\n").filter { $0.dropFirst(3).first == " " }
            .map { $0.prefix(3) }
        #expect(codes == ["250", "250", "550", "550", "554", "221"])
    }

    @Test func `while a verdict is made nothing is answered`() throws {
        var server = try SMTPDialogue()
        server.isSlow = true
        _ = server.say("EHLO a.example\r\nMAIL FROM:<>\r\n")
        #expect(server.say("RCPT TO:<a@b>\r\nQUIT\r\n") == "")
        #expect(!server.session.wantsInput)
        let ticket = try #require(server.openTicket)
        #expect(server.handle(.decided(Ticket(99), server.decision)) == "")
        let said = server.handle(.expired(ticket))
        #expect(said.hasPrefix("451 4.4.3 ") && said.contains("\r\n221 "))
        #expect(server.handle(.decided(ticket, server.decision)) == "")
    }

    @Test func `who closes his side is answered all the same`() throws {
        var server = try SMTPDialogue()
        server.isSlow = true
        _ = server.say("EHLO a.example\r\nMAIL FROM:<>\r\nRCPT TO:<a@b>\r\n")
        #expect(server.handle(.inputClosed) == "" && server.end == nil)
        let ticket = try #require(server.openTicket)
        #expect(server.handle(.decided(ticket, server.decision)).hasPrefix("550-5.7.25 "))
        #expect(server.end == .inputClosed)
    }

    @Test func `behind STARTTLS nothing counts that was said before`() throws {
        var server = try SMTPDialogue(offersTLS: true)
        #expect(server.say("EHLO a.example\r\n").contains("\r\n250 STARTTLS\r\n"))
        _ = server.say("MAIL FROM:<>\r\n")
        #expect(server.say("STARTTLS\r\nRCPT TO:<injected@b>\r\n").hasPrefix("220 "))
        #expect(server.startsTLS && !server.session.wantsInput)
        #expect(server.say("RCPT TO:<injected@b>\r\n") == "")
        #expect(server.handle(.secured) == "")
        #expect(server.code("RCPT TO:<a@b>") == "503")
        #expect(server.code("MAIL FROM:<>") == "503")
        let said = server.say("EHLO b.example\r\n")
        #expect(!said.contains("STARTTLS"))
        #expect(server.code("STARTTLS") == "502")
        _ = server.say("MAIL FROM:<>\r\nRCPT TO:<a@b>\r\n")
        #expect(server.asked.map(\.recipient) == [ascii("a@b")])
        #expect(server.asked.first?.client.isSecured == true)
        #expect(server.asked.first?.client.helo == ascii("b.example"))
    }

    @Test func `each wait has its time`() throws {
        var server = try SMTPDialogue(offersTLS: true)
        _ = server.handle(.connected)
        #expect(server.waits == [.first])
        // Half a command puts nothing off.
        _ = server.say("EHLO a.exam")
        #expect(server.waits == [.first])
        _ = server.say("ple\r\nSTARTTLS\r\n")
        #expect(server.waits == [.first, .command, .handshake])
        // In the middle of a handshake nobody would understand a line.
        #expect(server.handle(.idle) == "")
        #expect(server.end == .idle)
    }

    @Test(arguments: [SMTPSession.Event.idle, .shutdown])
    func `an end by us is said`(event: SMTPSession.Event) throws {
        var server = try SMTPDialogue()
        _ = server.say("EHLO a.example\r\n")
        #expect(server.handle(event).hasPrefix("421 4.7.0 "))
        #expect(server.end != nil)
    }

    @Test func `a verdict under way is told before the end of the service, unless it comes twice`()
        throws
    {
        var server = try SMTPDialogue()
        server.isSlow = true
        _ = server.say("EHLO a.example\r\nMAIL FROM:<>\r\nRCPT TO:<a@b>\r\nRCPT TO:<b@b>\r\n")
        #expect(server.handle(.shutdown) == "")
        #expect(server.end == nil)
        var hurried = server
        #expect(hurried.handle(.shutdown).hasPrefix("421 4.7.0 "))
        #expect(hurried.end == .shutdown)
        let said = server.handle(.expired(try #require(server.openTicket)))
        #expect(said.hasPrefix("451 4.4.3 ") && said.contains("\r\n421 4.7.0 "))
        #expect(server.end == .shutdown)
    }

    @Test func `too many errors, commands or recipients end the session`() throws {
        var errors = try SMTPDialogue()
        let wrong = errors.say(String(repeating: "x\r\n", count: SMTPLimits.errors + 5))
        #expect(errors.end == .tooManyErrors)
        #expect(wrong.split(separator: "\r\n").count == SMTPLimits.errors + 1)
        var commands = try SMTPDialogue()
        _ = commands.say(String(repeating: "NOOP\r\n", count: SMTPLimits.commands + 5))
        #expect(commands.end == .tooManyCommands)
        var recipients = try SMTPDialogue()
        _ = recipients.say("EHLO a.example\r\nMAIL FROM:<>\r\n")
        _ = recipients.say(String(repeating: "RCPT TO:<a@b>\r\n", count: SMTPLimits.recipients + 5))
        #expect(recipients.end == .tooManyRecipients)
        #expect(recipients.asked.count == SMTPLimits.recipients)
        var ahead = try SMTPDialogue()
        ahead.isSlow = true
        _ = ahead.say("EHLO a.example\r\nMAIL FROM:<>\r\nRCPT TO:<a@b>\r\n")
        _ = ahead.say(String(repeating: "NOOP\r\n", count: SMTPLimits.ahead))
        #expect(ahead.end == .tooFarAhead)
    }
}

@Suite struct SMTPAnswerTests {
    @Test func `every line fits, whatever the DNS said`() throws {
        let name = String(repeating: "\u{1b}[31m\r\n250 OK\u{202e}", count: 90)
        let answer = try #require(
            SMTPAnswer(
                550, .init(7, 25), ["FAIL: \(name)", "PTR: \(name)", "short", name, name, name]))
        let text = String(decoding: answer.encoded, as: UTF8.self)
        let lines = text.split(separator: "\r\n", omittingEmptySubsequences: false)
        #expect(lines.last == "")
        for line in lines.dropLast(2) {
            #expect(line.hasPrefix("550-5.7.25 ") && line.utf8.count <= 510)
        }
        #expect(lines.dropLast().last?.hasPrefix("550 5.7.25 ") == true)
        #expect(answer.encoded.count <= SMTPLimits.reply)
        #expect(
            answer.encoded.allSatisfy { (0x20..<0x7f).contains($0) || $0 == 0x0d || $0 == 0x0a })
        let accepting = String(decoding: answer.accepting.encoded, as: UTF8.self)
        #expect(
            accepting.split(separator: "\r\n").allSatisfy {
                $0.hasPrefix("250") && $0.utf8.count <= 510
            })
    }

    @Test(arguments: [0, 199, 600] as [UInt16])
    func `there is no such code`(code: UInt16) {
        #expect(SMTPAnswer(code, nil, ["text"]) == nil)
    }

    @Test func `without text there is still a line`() throws {
        #expect(try #require(SMTPAnswer(250, nil, [])).encoded == ascii("250 \r\n"))
    }
}
