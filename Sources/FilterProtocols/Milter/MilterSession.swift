package import NetNames

/// How the milter is set up.
package struct MilterSettings: Hashable, Sendable {
    /// The command at which clients are judged.
    ///
    /// Both leave the sender in the server's log, the later one the recipient too, and can spare
    /// the postmaster.
    package enum Stage: Hashable, Sendable, CaseIterable {
        case mail
        case recipient
    }

    package let stage: Stage
    /// The name in our Authentication-Results fields.
    package let server: [UInt8]
    /// Whether fields that came with this name are removed (RFC 8601 §5).
    ///
    /// The server then sends all header fields.
    package let stripsForgedResults: Bool

    package init(stage: Stage, server: [UInt8], stripsForgedResults: Bool) {
        self.stage = stage
        self.server = server
        self.stripsForgedResults = stripsForgedResults
    }
}

/// What the guard is asked: a client, with what its server knows of it.
///
/// Text is untrusted.
package struct MilterQuestion: Hashable, Sendable {
    package let address: IPAddress
    package let host: [UInt8]
    package let helo: [UInt8]?
    /// With its angle brackets; nil when clients are judged at MAIL.
    package let recipient: [UInt8]?
    package let macros: MilterMacros

    package var isForPostmaster: Bool { recipient.map(PeerText.isPostmaster) ?? false }
}

/// One connection of a mail server to its milter: bytes and decisions in, answers out.
///
/// Versions 2 to 6. Commands in the wrong order, short frames and other protocols end the session
/// with an error, and no other session.
package struct MilterSession: Hashable, Sendable {
    package enum Event: Hashable, Sendable {
        case received([UInt8])
        case inputClosed
        case decided(Ticket, MilterDecision)
        /// The decision's deadline passed: the fallback is what was decided, for the whole message.
        case expired(Ticket, fallback: MilterDecision)
        /// The peer was silent for longer than the shell allows.
        case idle
    }

    package enum Action: Hashable, Sendable {
        case ask(MilterQuestion, Ticket)
        case send([UInt8])
        /// The server's number of a message that has come whole, for the log: Postfix has none yet
        /// when clients are judged.
        case queued(id: [UInt8])
        case warn(Warning)
        /// The last action of a session.
        case close(End)
    }

    package enum Warning: Hashable, Sendable {
        /// The server does not let us remove fields: forged ones stay.
        case cannotStrip
        /// The server does not let us add a field: results are not recorded.
        case cannotAddHeaders
        case unreadableAddress([UInt8])
        case expired
    }

    package enum End: Hashable, Sendable {
        case quit
        case inputClosed
        case idle
        case broken(MilterError)
    }

    let settings: MilterSettings
    private var frames = MilterFrameBuffer()
    private var negotiated: MilterNegotiation?
    private var client: MilterClient?
    private var helo: [UInt8]?
    private var macros = MilterMacros()
    private var message: MilterMessage?
    private var open: Open?
    private var lastTicket = Ticket(0)
    private var isClosed = false

    private struct Open: Hashable {
        let ticket: Ticket
        /// Whether the decision holds for the message, not for the postmaster alone.
        let isForMessage: Bool
    }

    package init(_ settings: MilterSettings) {
        self.settings = settings
    }

    /// Whether the mail server has said which version it speaks.
    package var hasNegotiated: Bool { negotiated != nil }

    /// Whether more bytes are of use now; a shell that stops reading when not holds less memory.
    ///
    /// While a decision is made one piece may come: a shell that goes on listening for it need not
    /// stop and begin again for each request.
    package var wantsInput: Bool { (open == nil || frames.count == 0) && !isClosed }

    /// Bytes in memory that were not read yet.
    package var bufferedCount: Int { frames.count }

    package mutating func handle(_ event: Event) -> [Action] {
        guard !isClosed else { return [] }
        switch event {
        case .received(let bytes):
            frames.append(bytes)
            let actions = advance()
            guard open != nil, frames.count > MilterLimits.ahead else { return actions }
            return actions + [end(.broken(.tooFarAhead))]
        case .inputClosed:
            // The server is gone: nobody reads an answer that is still open.
            let isCut = open == nil && frames.count > 0
            return [end(isCut ? .broken(.unfinishedFrame) : .inputClosed)]
        case .decided(let ticket, let decision):
            guard let answered = take(ticket) else { return [] }
            return answer(answered, decision) + advance()
        case .expired(let ticket, let fallback):
            guard let answered = take(ticket) else { return [] }
            return [.warn(.expired)] + answer(answered, fallback) + advance()
        case .idle:
            // While we decide, it is the server that waits.
            return open == nil ? [end(.idle)] : []
        }
    }

    private mutating func answer(_ answered: Open, _ decision: MilterDecision) -> [Action] {
        if answered.isForMessage {
            message?.decision = decision
        } else {
            message?.exceptionHeader = decision.header
        }
        return [.send(MilterReply.frame(for: decision.verdict).encoded)]
    }

    /// Reads frames until one has to be decided.
    private mutating func advance() -> [Action] {
        var actions: [Action] = []
        while open == nil, !isClosed {
            do throws(MilterError) {
                guard let frame = try frames.next() else { break }
                actions += try take(frame)
            } catch {
                actions.append(end(.broken(error)))
            }
        }
        return actions
    }

    private mutating func take(_ frame: MilterFrame) throws(MilterError) -> [Action] {
        let command = try MilterCommand(frame)
        let disorder = MilterError.wrongOrder(command: frame.command)
        guard let negotiated else {
            switch command {
            case .negotiate: return try negotiate(frame)
            case .quit: return [end(.quit)]
            default: throw disorder
            }
        }
        switch command {
        case .negotiate:
            throw disorder
        case .macros(let pairs):
            for pair in pairs { macros.take(pair) }
            return []
        case .connect(let client):
            guard self.client == nil else { throw disorder }
            self.client = client
            let warnings = client.unreadable.map { [Action.warn(.unreadableAddress($0))] } ?? []
            return warnings + proceed(unless: .noReplyToConnect)
        case .helo(let name):
            guard client != nil else { throw disorder }
            helo = name.isEmpty ? nil : Array(name.prefix(MilterLimits.text))
            return proceed(unless: .noReplyToHELO)
        case .mail(let arguments):
            guard let client else { throw disorder }
            guard !arguments.isEmpty else { throw .shortFrame(command: frame.command) }
            message = MilterMessage()
            guard settings.stage == .mail else { return proceed(unless: .noReplyToMail) }
            return decide(about: client, recipient: nil)
        case .recipient(let arguments):
            guard let client, message != nil else { throw disorder }
            guard let recipient = arguments.first else {
                throw .shortFrame(command: frame.command)
            }
            guard settings.stage == .recipient else { return proceed(unless: .noReplyToRecipient) }
            return decide(about: client, recipient: recipient)
        case .data:
            return try inMessage(disorder, .noReplyToData)
        case .header(let name, let value):
            if negotiated.stripsForgedResults {
                message?.note(name, value, server: settings.server)
            }
            return try inMessage(disorder, .noReplyToHeaders)
        case .endOfHeaders:
            return try inMessage(disorder, .noReplyToEndOfHeaders)
        case .body:
            return try inMessage(disorder, .noReplyToBody)
        case .endOfMessage:
            guard let message else { throw disorder }
            let queued = macros[.queueID].map { [Action.queued(id: $0)] } ?? []
            forgetMessage()
            let canAdd = negotiated.actions.contains(.addHeaders)
            return queued + [.send(message.edits(canAddHeaders: canAdd).flatMap(\.encoded))]
        case .abort:
            forgetMessage()
            return []
        case .quit:
            return [end(.quit)]
        case .quitNewConnection:
            forgetMessage()
            client = nil
            helo = nil
            macros = MilterMacros()
            return []
        case .unknown:
            return proceed(unless: .noReplyToUnknown)
        }
    }

    private mutating func negotiate(_ frame: MilterFrame) throws(MilterError) -> [Action] {
        let negotiated = try MilterNegotiation(offer: frame, settings: settings)
        self.negotiated = negotiated
        var actions: [Action] = [.send(negotiated.encoded)]
        if !negotiated.actions.contains(.addHeaders) { actions.append(.warn(.cannotAddHeaders)) }
        if settings.stripsForgedResults, !negotiated.stripsForgedResults {
            actions.append(.warn(.cannotStrip))
        }
        return actions
    }

    /// Asks once for a message; the postmaster is asked for apart, and changes nothing for others.
    private mutating func decide(about client: MilterClient, recipient: [UInt8]?) -> [Action] {
        guard let address = client.address else { return [.send(MilterReply.proceed.encoded)] }
        let question = MilterQuestion(
            address: address, host: client.host, helo: helo,
            recipient: recipient.map { Array($0.prefix(MilterLimits.text)) }, macros: macros)
        if !question.isForPostmaster, let decision = message?.decision {
            return [.send(MilterReply.frame(for: decision.verdict).encoded)]
        }
        let ticket = lastTicket.next()
        open = Open(ticket: ticket, isForMessage: !question.isForPostmaster)
        return [.ask(question, ticket)]
    }

    private func inMessage(
        _ disorder: MilterError, _ unwanted: MilterProtocol
    ) throws(MilterError) -> [Action] {
        guard message != nil else { throw disorder }
        return proceed(unless: unwanted)
    }

    private func proceed(unless unwanted: MilterProtocol) -> [Action] {
        let isUnwanted = negotiated?.protocolBits.contains(unwanted) ?? false
        return isUnwanted ? [] : [.send(MilterReply.proceed.encoded)]
    }

    private mutating func forgetMessage() {
        message = nil
        macros.forgetMessage()
    }

    private mutating func take(_ ticket: Ticket) -> Open? {
        guard let waiting = open, waiting.ticket == ticket else { return nil }
        open = nil
        return waiting
    }

    private mutating func end(_ end: End) -> Action {
        isClosed = true
        open = nil
        message = nil
        frames = MilterFrameBuffer()
        return .close(end)
    }
}
