internal import NetNames

/// One connection of Postfix to its policy service: bytes and decisions in, answers out.
///
/// It is the same over TCP, a Unix socket, and the standard streams of spawn(8). One request is
/// open at a time, and the connection stays open after an answer. What cannot be read is not
/// answered: the connection is closed, and Postfix takes its default action.
package struct PolicySession: Hashable, Sendable {
    package enum Event: Hashable, Sendable {
        case received([UInt8])
        /// The peer sends nothing more; it may still read.
        case inputClosed
        case decided(Ticket, PolicyAction)
        /// The decision's deadline passed: the fallback is what was decided, for the whole attempt.
        case expired(Ticket, fallback: PolicyAction)
        /// The peer was silent for longer than the shell allows.
        case idle
    }

    package enum Action: Hashable, Sendable {
        case ask(PolicyRequest, Ticket)
        case send([UInt8])
        case warn(Warning)
        /// The last action of a session.
        case close(End)
    }

    package enum Warning: Hashable, Sendable {
        /// The value of `request`, which is none that we know: answered with DUNNO.
        case unknownRequest([UInt8])
        /// The value of `client_address`, which is no address: answered with DUNNO.
        case noAddress([UInt8])
        /// A header was wanted at the end of the message: answered with DUNNO.
        case tooLateForHeader
        case expired
    }

    package enum End: Hashable, Sendable {
        case inputClosed
        case idle
        case broken(PolicyError)
    }

    private struct Open: Hashable {
        let request: PolicyRequest
        let ticket: Ticket
    }

    private var lines = LineBuffer(longest: PolicyLimits.line)
    private var reader = PolicyRequestReader()
    private var open: Open?
    private var lastTicket = Ticket(0)
    /// Requests of one delivery attempt by one client are one question.
    private var attempt: [UInt8]?
    /// What was decided for all recipients but the postmaster.
    private var answerToAttempt: PolicyAction?
    /// Whether a header was put before the attempt's message already, for whichever recipient.
    private var hasHeader = false
    private var isInputClosed = false
    private var isClosed = false

    package init() {}

    /// Whether more bytes are of use now; a shell that stops reading when not holds less memory.
    ///
    /// While a decision is made one piece may come: a shell that goes on listening for it need not
    /// stop and begin again for each request. Kept, not computed: it is asked for after every event.
    package private(set) var wantsInput = true

    /// Whether a request has begun to come and is not complete.
    package private(set) var isMidRequest = false

    /// Bytes in memory that were not read yet.
    package var bufferedCount: Int { lines.count }

    package mutating func handle(_ event: Event) -> [Action] {
        let actions = answer(to: event)
        wantsInput = (open == nil || lines.count == 0) && !isClosed
        isMidRequest = open == nil && (lines.count > 0 || !reader.isAtStart)
        return actions
    }

    private mutating func answer(to event: Event) -> [Action] {
        guard !isClosed else { return [] }
        switch event {
        case .received(let bytes):
            lines.append(bytes)
            let actions = advance()
            guard open != nil, lines.count > PolicyLimits.ahead else { return actions }
            return actions + [end(.broken(.tooFarAhead))]
        case .inputClosed:
            isInputClosed = true
            return advance()
        case .decided(let ticket, let action):
            guard let request = take(ticket) else { return [] }
            return answer(request, action) + advance()
        case .expired(let ticket, let fallback):
            guard let request = take(ticket) else { return [] }
            return [.warn(.expired)] + answer(request, fallback) + advance()
        case .idle:
            // While we decide, it is Postfix that waits.
            return open == nil ? [end(.idle)] : []
        }
    }

    /// Reads requests until one has to be decided.
    private mutating func advance() -> [Action] {
        var actions: [Action] = []
        while open == nil, !isClosed {
            switch lines.nextPlace() {
            case .tooLong:
                actions.append(end(.broken(.lineTooLong)))
            case .line(let place):
                do {
                    if let request = try reader.take(lines.line(at: place)) {
                        actions += begin(request)
                    }
                } catch {
                    actions.append(end(.broken(error)))
                }
            case .needMore:
                guard isInputClosed else { return actions }
                let isWhole = reader.isAtStart && lines.count == 0
                actions.append(end(isWhole ? .inputClosed : .broken(.unfinishedRequest)))
            }
        }
        return actions
    }

    private mutating func begin(_ request: PolicyRequest) -> [Action] {
        guard request.isPolicy else {
            let warning = Warning.unknownRequest(request[.request] ?? [])
            return [.warn(warning), .send(PolicyAction.dunno.encoded)]
        }
        guard request.address != nil else {
            let warning = Warning.noAddress(request[.clientAddress] ?? [])
            return [.warn(warning), .send(PolicyAction.dunno.encoded)]
        }
        if let answerToAttempt, !request.isForPostmaster, let attempt = Self.attempt(of: request),
            attempt == self.attempt
        {
            return [.send(answerToAttempt.repeated.encoded)]
        }
        let ticket = lastTicket.next()
        open = Open(request: request, ticket: ticket)
        return [.ask(request, ticket)]
    }

    private mutating func answer(_ request: PolicyRequest, _ action: PolicyAction) -> [Action] {
        if case .prepend = action, request.isAtEndOfMessage {
            return [.warn(.tooLateForHeader), .send(PolicyAction.dunno.encoded)]
        }
        let attempt = Self.attempt(of: request)
        if attempt == nil || attempt != self.attempt {
            self.attempt = attempt
            answerToAttempt = nil
            hasHeader = false
        }
        // An exception for the postmaster holds for that recipient alone, its header for the message.
        if attempt != nil, !request.isForPostmaster { answerToAttempt = action }
        guard case .prepend = action else { return [.send(action.encoded)] }
        defer { hasHeader = true }
        return [.send((hasHeader ? action.repeated : action).encoded)]
    }

    private mutating func take(_ ticket: Ticket) -> PolicyRequest? {
        guard let waiting = open, waiting.ticket == ticket else { return nil }
        open = nil
        return waiting.request
    }

    private mutating func end(_ end: End) -> Action {
        isClosed = true
        open = nil
        lines = LineBuffer(longest: PolicyLimits.line)
        return .close(end)
    }

    /// What names an attempt, in one piece; nil where nothing does.
    ///
    /// No attribute holds a zero byte.
    private static func attempt(of request: PolicyRequest) -> [UInt8]? {
        guard let instance = request[.instance] else { return nil }
        var name = instance
        for part in [request[.clientAddress], request.helo, request[.policyContext]] {
            name.append(0)
            if let part { name += part }
        }
        return name
    }
}
