internal import NetNames

/// What an OpenSMTPD filter may hold.
package enum OpenSMTPDLimits {
    /// Bytes of a line.
    ///
    /// A command of SMTP has at most 512 bytes (RFC 5321 §4.5.3.1.4), some extensions allow more.
    package static let line = 8_192
    /// Sessions remembered at once.
    ///
    /// Each is a descriptor of smtpd's, which has far fewer of them.
    package static let sessions = 65_536
    /// Bytes kept of a name.
    package static let text = 1_024
}

/// The standard streams of an OpenSMTPD filter process: all SMTP sessions of smtpd, interleaved.
///
/// smtpd ends itself when its filter exits or writes a line that it does not understand, so the
/// session never ends before its input does, and writes nothing for a line that it cannot read.
package struct OpenSMTPDSession: Hashable, Sendable {
    package enum Event: Hashable, Sendable {
        case received([UInt8])
        /// smtpd is gone.
        case inputClosed
        case decided(Ticket, OpenSMTPDDecision)
        /// The decision's deadline passed: the fallback is what was decided, until HELO or MAIL.
        case expired(Ticket, fallback: OpenSMTPDDecision)
    }

    package enum Action: Hashable, Sendable {
        case ask(OpenSMTPDQuestion, Ticket)
        /// One line, to be written at once.
        case send([UInt8])
        case warn(Warning)
        /// The last action: only now may the process end.
        case finish
    }

    package enum Warning: Hashable, Sendable {
        /// A line that is none of the protocol's: nothing is written for it.
        case unreadable([UInt8])
        case lineTooLong
        /// The filter is not attached to a listener, so it registered for nothing.
        case noIncomingMail
        /// A request before the handshake was complete, or for a phase that has another form of
        /// answer: nothing is written for it.
        case unexpectedRequest(phase: [UInt8])
        /// A client without an address that can be read: it goes on.
        case noAddress(session: [UInt8])
        /// More sessions than are remembered: it goes on.
        case tooManySessions
        case expired
    }

    private struct Client: Hashable {
        let connection: OpenSMTPDLine.Client
        var helo: [UInt8]?
        var isAuthenticated = false
        /// The requests that are being decided: one at a time, unless smtpd changes its ways.
        var open: [Ticket] = []
        /// What was decided for this message's recipients, the postmaster apart.
        var decision: OpenSMTPDDecision?
        /// Counts what makes another question of the client: HELO, AUTH and MAIL.
        var part = 0

        mutating func forgetDecision() {
            decision = nil
            part &+= 1
        }
    }

    private struct Open: Hashable {
        let request: OpenSMTPDLine.Request
        /// The ``Client/part`` that was asked about; nil when the decision holds for nobody else.
        let part: Int?
    }

    private var lines = LineBuffer(longest: OpenSMTPDLimits.line)
    private var isIncoming = false
    private var isReady = false
    private var clients: [[UInt8]: Client] = [:]
    private var open: [Ticket: Open] = [:]
    private var lastTicket = Ticket(0)
    private var isFinished = false

    package init() {}

    /// Bytes in memory that were not read yet.
    package var bufferedCount: Int { lines.count }
    /// SMTP sessions in memory.
    package var sessionCount: Int { clients.count }

    package mutating func handle(_ event: Event) -> [Action] {
        guard !isFinished else { return [] }
        switch event {
        case .received(let bytes):
            lines.append(bytes)
            return advance()
        case .inputClosed:
            isFinished = true
            clients = [:]
            open = [:]
            return [.finish]
        case .decided(let ticket, let decision):
            guard let answered = take(ticket) else { return [] }
            return [answer(answered, decision)]
        case .expired(let ticket, let fallback):
            guard let answered = take(ticket) else { return [] }
            return [.warn(.expired), answer(answered, fallback)]
        }
    }

    private mutating func advance() -> [Action] {
        var actions: [Action] = []
        while true {
            switch lines.next() {
            case .needMore:
                return actions
            case .line(let line):
                actions += take(line)
            case .tooLong(let start):
                actions.append(.warn(.lineTooLong))
                // smtpd waits for the answer to a request, however long it is.
                if case .request? = OpenSMTPDLine(start) { actions += take(start) }
            }
        }
    }

    private mutating func take(_ line: [UInt8]) -> [Action] {
        guard let message = OpenSMTPDLine(line) else {
            return [.warn(.unreadable(Array(line.prefix(OpenSMTPDLimits.text))))]
        }
        switch message {
        case .subsystem(let name):
            if name == Array("smtp-in".utf8) { isIncoming = true }
            return []
        case .ready:
            return isReady ? [] : register()
        case .connected(let session, let client):
            guard isReady else { return [] }
            guard clients[session] != nil || clients.count < OpenSMTPDLimits.sessions else {
                return [.warn(.tooManySessions)]
            }
            forget(session)
            clients[session] = Client(connection: client)
            return []
        case .identified(let session, let helo):
            clients[session]?.helo = Self.usable(helo)
            clients[session]?.forgetDecision()
            return []
        case .authenticated(let session):
            clients[session]?.isAuthenticated = true
            clients[session]?.forgetDecision()
            return []
        case .began(let session):
            clients[session]?.forgetDecision()
            return []
        case .disconnected(let session):
            forget(session)
            return []
        case .request(let request):
            return begin(request)
        case .other:
            return []
        }
    }

    /// Registers for what is needed.
    ///
    /// A subsystem that was not offered must not be registered: newer versions end themselves over
    /// it.
    private mutating func register() -> [Action] {
        isReady = true
        guard isIncoming else { return [.warn(.noIncomingMail), Self.line("register|ready")] }
        return Self.reports.map { Self.line("register|report|smtp-in|\($0)") }
            + [Self.line("register|filter|smtp-in|\(Self.phase)"), Self.line("register|ready")]
    }

    /// Clients are judged where the recipient is known (smtpd-filters(7)).
    private static let phase = "rcpt-to"

    /// All of them known to smtpd since protocol 0.4; the last tells one message's recipients from
    /// the next one's.
    private static let reports = [
        "link-connect", "link-identify", "link-auth", "link-disconnect", "tx-begin",
    ]

    private mutating func begin(_ request: OpenSMTPDLine.Request) -> [Action] {
        let phase = String(decoding: request.phase, as: UTF8.self)
        guard isReady, phase != "data-line" else {
            return [.warn(.unexpectedRequest(phase: request.phase))]
        }
        let proceed = Action.send(OpenSMTPDDecision.proceed.line(for: request))
        guard phase == Self.phase else { return [proceed] }
        guard var client = clients[request.session], let address = client.connection.address else {
            return [.warn(.noAddress(session: request.session)), proceed]
        }
        let recipient = Array(request.parameter.prefix(OpenSMTPDLimits.text))
        // Recipients of one message are one question; an exception holds for the postmaster alone.
        let isForMessage = !PeerText.isPostmaster(recipient)
        if isForMessage, let decision = client.decision {
            return [.send(decision.line(for: request))]
        }
        guard open.count < OpenSMTPDLimits.sessions else {
            return [.warn(.tooManySessions), proceed]
        }
        let ticket = lastTicket.next()
        client.open.append(ticket)
        clients[request.session] = client
        open[ticket] = Open(request: request, part: isForMessage ? client.part : nil)
        let question = OpenSMTPDQuestion(
            address: address, helo: client.helo, recipient: recipient,
            hint: client.connection.hint, isAuthenticated: client.isAuthenticated,
            session: request.session)
        return [.ask(question, ticket)]
    }

    private mutating func take(_ ticket: Ticket) -> Open? {
        guard let answered = open.removeValue(forKey: ticket) else { return nil }
        clients[answered.request.session]?.open.removeAll { $0 == ticket }
        return answered
    }

    private mutating func answer(_ answered: Open, _ decision: OpenSMTPDDecision) -> Action {
        let session = answered.request.session
        if let part = answered.part, clients[session]?.part == part {
            clients[session]?.decision = decision
        }
        return .send(decision.line(for: answered.request))
    }

    private mutating func forget(_ session: [UInt8]) {
        guard let client = clients.removeValue(forKey: session) else { return }
        for ticket in client.open { open[ticket] = nil }
    }

    private static func usable(_ name: [UInt8]) -> [UInt8]? {
        name.isEmpty ? nil : Array(name.prefix(OpenSMTPDLimits.text))
    }

    private static func line(_ text: String) -> Action {
        .send(Array(text.utf8) + [Ascii.lineFeed])
    }
}
