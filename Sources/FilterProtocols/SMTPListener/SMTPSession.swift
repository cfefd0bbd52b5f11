package import NetNames

/// One connection to the listener: bytes and verdicts in, replies out.
///
/// It is a server that never takes a message: each recipient is refused with the verdict, or all
/// are accepted and DATA is refused with it. 354 is never said, so no content ever comes. Lines may
/// end with a bare LF, as people at a terminal send them: what makes that dangerous elsewhere is
/// the end of a message.
package struct SMTPSession: Hashable, Sendable {
    package enum Event: Hashable, Sendable {
        case connected
        case received([UInt8])
        /// The client sends nothing more; it may still read.
        case inputClosed
        /// The TLS handshake has ended well.
        case secured
        case decided(Ticket, SMTPDecision)
        /// The verdict's deadline passed.
        case expired(Ticket)
        /// The client was silent for longer than the wait allows, or the session lasted too long.
        case idle
        /// The service ends; said once more, nothing is waited for.
        case shutdown
    }

    package enum Action: Hashable, Sendable {
        /// The look-ups for this client may begin: a recipient will follow.
        case prepare(SMTPClient)
        case ask(SMTPClient, recipient: [UInt8], Ticket)
        case send([UInt8])
        /// From now on the client has this long.
        case wait(SMTPWait)
        /// The server's side of the handshake begins with the next byte.
        case startTLS
        /// The last action of a session.
        case close(End)
    }

    package enum End: String, Hashable, Sendable {
        case quit, inputClosed, idle, shutdown
        case tooManyErrors, tooManyCommands, tooManyRecipients, lineTooLong, tooFarAhead
        /// A message's chunk follows, which must not be read as commands.
        case chunk
        /// The first word is another protocol's.
        case foreign
    }

    private struct Question: Hashable {
        let ticket: Ticket
        let recipient: [UInt8]
    }

    private let settings: SMTPSettings
    private let address: IPAddress
    private var lines = LineBuffer(longest: SMTPLimits.extendedLine - 1)
    private var client: SMTPClient?
    /// What DATA is refused with, in accepting mode.
    private var verdict: SMTPAnswer?
    private var open: Question?
    private var lastTicket = Ticket(0)
    private var isSecured = false
    private var isHandshaking = false
    private var isInputClosed = false
    /// The service ends; a verdict under way is still told.
    private var isEnding = false
    private var isClosed = false
    private var commands = 0
    private var errors = 0
    private var recipients = 0

    /// - Parameters:
    ///   - settings: Of the listener.
    ///   - address: The client's.
    package init(_ settings: SMTPSettings, client address: IPAddress) {
        self.settings = settings
        self.address = address
    }

    /// Whether more bytes are of use now; a shell that stops reading when not holds less memory.
    package var wantsInput: Bool { open == nil && !isHandshaking && !isClosed }

    /// Bytes in memory that were not read yet.
    package var bufferedCount: Int { lines.count }

    package mutating func handle(_ event: Event) -> [Action] {
        guard !isClosed else { return [] }
        switch event {
        case .connected:
            return [.send(SMTPReplies.greeting(settings.hostname)), .wait(.first)]
        case .received(let bytes):
            // Between the words STARTTLS and the handshake nobody has anything to say in clear.
            guard !isHandshaking else { return [] }
            lines.append(bytes)
            let actions = advance()
            guard open != nil, lines.count > SMTPLimits.ahead else { return actions }
            return actions + end(.tooFarAhead)
        case .inputClosed:
            isInputClosed = true
            return advance()
        case .secured:
            guard isHandshaking else { return [] }
            isHandshaking = false
            isSecured = true
            return [.wait(.command)]
        case .decided(let ticket, let decision):
            guard take(ticket) else { return [] }
            return answer(decision) + proceed()
        case .expired(let ticket):
            guard take(ticket) else { return [] }
            return [.send(SMTPReplies.expired), .wait(.command)] + proceed()
        case .idle: return end(.idle)
        case .shutdown:
            guard open != nil, !isEnding else { return end(.shutdown) }
            isEnding = true
            return []
        }
    }

    private mutating func proceed() -> [Action] { isEnding ? end(.shutdown) : advance() }

    /// Reads commands until a verdict is wanted.
    private mutating func advance() -> [Action] {
        var actions: [Action] = []
        while open == nil, !isHandshaking, !isClosed {
            switch lines.next() {
            case .tooLong: actions += end(.lineTooLong)
            case .line(let line): actions += take(line)
            case .needMore:
                if isInputClosed { actions += end(.inputClosed) }
                return actions
            }
        }
        return actions
    }

    private mutating func take(_ line: [UInt8]) -> [Action] {
        commands += 1
        guard commands <= SMTPLimits.commands else { return end(.tooManyCommands) }
        let text = line.last == Ascii.carriageReturn ? Array(line.dropLast()) : line
        let command: SMTPCommand
        do {
            command = try SMTPCommand(parsing: text)
        } catch {
            return fault(Self.reply(to: error, in: text))
        }
        switch command {
        case .hello(let argument, let isExtended): return greet(argument, isExtended)
        case .mail(let path): return begin(path)
        case .recipient(let path): return ask(path)
        case .data: return refuseData()
        case .chunk: return end(.chunk)
        case .reset:
            forgetTransaction()
            return say(SMTPReplies.done)
        case .noOperation: return say(SMTPReplies.done)
        case .help: return say(SMTPReplies.help)
        case .verify: return say(SMTPReplies.cannotVerify)
        case .quit: return end(.quit)
        case .startTLS: return startTLS()
        case .notOffered: return fault(SMTPReplies.notOffered)
        case .foreign: return end(.foreign)
        case .unknown: return fault(SMTPReplies.unknown)
        }
    }

    // MARK: Commands

    private mutating func greet(_ argument: [UInt8], _ isExtended: Bool) -> [Action] {
        forgetTransaction()
        let client = SMTPClient(
            address: address, helo: argument, isExtended: isExtended, sender: nil,
            isSecured: isSecured)
        self.client = client
        let reply = SMTPReplies.hello(
            settings, client: address, isExtended: isExtended,
            offersTLS: settings.offersTLS && !isSecured)
        return [.prepare(client)] + say(reply)
    }

    private mutating func begin(_ path: SMTPPath) -> [Action] {
        guard var client else { return fault(SMTPReplies.helloFirst) }
        guard client.sender == nil else { return fault(SMTPReplies.oneSender) }
        client.sender = path.mailbox
        self.client = client
        return [.prepare(client)] + say(SMTPReplies.sender)
    }

    private mutating func ask(_ path: SMTPPath) -> [Action] {
        guard let client, client.sender != nil else { return fault(SMTPReplies.senderFirst) }
        guard !path.mailbox.isEmpty else { return fault(SMTPReplies.recipientPath) }
        recipients += 1
        guard recipients <= SMTPLimits.recipients else { return end(.tooManyRecipients) }
        let ticket = lastTicket.next()
        open = Question(ticket: ticket, recipient: path.mailbox)
        return [.ask(client, recipient: path.mailbox, ticket)]
    }

    private mutating func answer(_ decision: SMTPDecision) -> [Action] {
        switch decision {
        case .tell(let answer) where settings.mode == .accept:
            verdict = verdict ?? answer
            return say(answer.accepting.encoded)
        case .tell(let answer), .refuse(let answer):
            return say(answer.encoded)
        }
    }

    private mutating func refuseData() -> [Action] {
        guard client?.sender != nil else { return fault(SMTPReplies.senderFirst) }
        defer { forgetTransaction() }
        return say(verdict?.encoded ?? SMTPReplies.noRecipient)
    }

    private mutating func startTLS() -> [Action] {
        guard settings.offersTLS, !isSecured else { return fault(SMTPReplies.noTLS) }
        // What was said in clear is forgotten, what was sent ahead dropped: both may be somebody
        // else's words (RFC 3207 §4.2).
        client = nil
        verdict = nil
        lines = LineBuffer(longest: SMTPLimits.extendedLine - 1)
        isHandshaking = true
        return [.send(SMTPReplies.readyForTLS), .startTLS, .wait(.handshake)]
    }

    private mutating func forgetTransaction() {
        client?.sender = nil
        verdict = nil
    }

    // MARK: Replies

    private func say(_ reply: [UInt8]) -> [Action] {
        [.send(reply), .wait(.command)]
    }

    private mutating func fault(_ reply: [UInt8]) -> [Action] {
        errors += 1
        guard errors <= SMTPLimits.errors else { return end(.tooManyErrors) }
        return say(reply)
    }

    private static func reply(to error: SMTPSyntaxError, in line: [UInt8]) -> [UInt8] {
        switch error {
        case .controlByte: SMTPReplies.controlByte
        case .lineTooLong: SMTPReplies.lineTooLong
        case .argument: SMTPReplies.argument
        case .path:
            line.first.map(Ascii.lowercased) == UInt8(ascii: "m")
                ? SMTPReplies.senderPath : SMTPReplies.recipientPath
        case .parameter: SMTPReplies.parameter
        }
    }

    private mutating func take(_ ticket: Ticket) -> Bool {
        guard open?.ticket == ticket else { return false }
        open = nil
        return true
    }

    private mutating func end(_ end: End) -> [Action] {
        isClosed = true
        open = nil
        lines = LineBuffer(longest: SMTPLimits.extendedLine - 1)
        let words: [UInt8]? =
            switch end {
            case .quit: SMTPReplies.bye
            // A handshake that does not end leaves nobody who would understand a line.
            case .idle: isHandshaking ? nil : SMTPReplies.closing("Nothing came for too long")
            case .shutdown: isHandshaking ? nil : SMTPReplies.closing("The service ends")
            case .inputClosed: nil
            case .tooManyErrors: SMTPReplies.closing("Too many errors")
            case .tooManyCommands: SMTPReplies.closing("Too many commands")
            case .tooManyRecipients: SMTPReplies.closing("Too many recipients")
            case .lineTooLong: SMTPReplies.closing("A line without end")
            case .tooFarAhead: SMTPReplies.closing("Too much was sent ahead")
            case .chunk: SMTPReplies.closing("BDAT is not offered")
            case .foreign: SMTPReplies.closing("This is a mail server")
            }
        return (words.map { [.send($0)] } ?? []) + [.close(end)]
    }
}
