import FilterProtocols
import NetNames
import Testing

/// A client and the listener, line by line.
struct SMTPDialogue {
    private(set) var session: SMTPSession
    /// What recipients are answered with.
    var decision: SMTPDecision
    private(set) var asked: [(client: SMTPClient, recipient: [UInt8])] = []
    private(set) var prepared: [SMTPClient] = []
    private(set) var waits: [SMTPWait] = []
    private(set) var end: SMTPSession.End?
    private(set) var openTicket: Ticket?
    private(set) var startsTLS = false
    /// Whether questions stay open.
    var isSlow = false

    static let verdict = "FAIL: no PTR record"

    init(
        mode: SMTPSettings.Mode = .refuse, offersTLS: Bool = false,
        decision: SMTPDecision? = nil
    ) throws {
        session = SMTPSession(
            SMTPSettings(hostname: "mx.example.net", mode: mode, offersTLS: offersTLS),
            client: .v4(0xc000_0209))
        let answer = try #require(SMTPAnswer(550, .init(7, 25), [Self.verdict, "Seen: you"]))
        self.decision = decision ?? .tell(answer)
    }

    /// What the server says to an event.
    mutating func handle(_ event: SMTPSession.Event) -> String {
        var said = ""
        for action in session.handle(event) {
            switch action {
            case .prepare(let client): prepared.append(client)
            case .ask(let client, let recipient, let ticket):
                asked.append((client, recipient))
                if isSlow {
                    openTicket = ticket
                } else {
                    said += handle(.decided(ticket, decision))
                }
            case .send(let bytes): said += String(decoding: bytes, as: UTF8.self)
            case .wait(let wait): waits.append(wait)
            case .startTLS: startsTLS = true
            case .close(let end): self.end = end
            }
        }
        return said
    }

    mutating func say(_ text: String) -> String { handle(.received(Array(text.utf8))) }

    /// The code of the answer to a line.
    mutating func code(_ line: String) -> String {
        String(say(line + "\r\n").prefix(3))
    }
}

/// What a client says in a row.
enum SMTPStream {
    static let mail = """
        EHLO mail.example.org\r
        MAIL FROM:<a@example.org> SIZE=100\r
        RCPT TO:<b@example.net>\r
        RCPT TO:<\"c d\"@example.net>\r
        DATA\r
        QUIT\r

        """
}
