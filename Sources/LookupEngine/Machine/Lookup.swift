import DNSModel
import DNSWire
import NetNames
import SenderIdentity

/// One question on its way: every packet exchange so far, and what is still awaited.
struct Lookup: Sendable {
    let question: Question
    /// Whose budget pays.
    let purse: PacketPurse
    let startedAt: Duration
    /// Where the round of servers begins for this question.
    let firstServer: Int
    /// Everyone who asked this while it was on its way.
    var waiters: [PlannedQuestion]
    /// The asker's number, where only ``firstServer`` is asked.
    let probe: Int?

    /// What is asked now: the question, or the name its aliases led to.
    var leg: Question
    /// The unfinished alias chain that led to ``leg``.
    var chain: Response?

    var exchanges: [Exchange] = []
    /// Tries made for this leg: datagrams asked afresh, without their plain or TCP sequels.
    var tries = 0
    /// Replies for this leg that decided nothing.
    var weakReplies = 0
    /// Replies for this leg that do not fit any query.
    var strangeReplies = 0
    /// When the next try is due, or the last one is given up.
    var nextTryAt: Duration
    /// Servers that refused EDNS here.
    var plainServers: Set<Int> = []
    /// Whether any server has answered anything.
    var hasHeard = false
    var failure: LookupFailure?
    /// The response that showed ``failure``.
    var failedResponse: Response?
    var isFinished = false

    init(
        _ planned: PlannedQuestion, startedAt: Duration, firstServer: Int, probe: Int? = nil
    ) {
        self.probe = probe
        question = planned.question
        purse = planned.purse
        self.startedAt = startedAt
        self.firstServer = firstServer
        waiters = [planned]
        leg = planned.question
        nextTryAt = startedAt
    }

    var hasOpenExchange: Bool { exchanges.contains(where: \.isOpen) }

    /// Remembers a failure if it tells more than the one before.
    mutating func note(_ new: LookupFailure, _ response: Response? = nil) {
        if let failure, !new.tellsMore(than: failure) { return }
        failure = new
        failedResponse = response
    }

    /// Continues at the name an unfinished chain ended at, with tries of its own.
    mutating func restart(at name: DomainName, chain: Response) {
        leg = Question(name, question.type)
        self.chain = chain
        tries = 0
        weakReplies = 0
        strangeReplies = 0
        failure = nil
        failedResponse = nil
    }

    /// The observation that the most telling failure ends the look-up with.
    func failedObservation(
        for planned: PlannedQuestion, servers: [String], at now: Duration
    ) -> Observation {
        let failure = failure ?? .timeout
        let response = failedResponse ?? chain
        if let response, response.outcome(of: question) == .failed(failure) {
            return Observation(
                question: planned.question, stage: planned.stage, response: response,
                attempts: attempts(servers: servers, at: now), elapsed: now - startedAt)
        }
        return Observation(
            question: planned.question, stage: planned.stage, failure: failure, response: response,
            attempts: attempts(servers: servers, at: now), elapsed: now - startedAt)
    }

    private func attempts(servers: [String], at now: Duration) -> [Observation.Attempt] {
        Self.attempts(exchanges, servers: servers, at: now)
    }

    static func attempts(
        _ exchanges: [Exchange], servers: [String], at now: Duration
    ) -> [Observation.Attempt] {
        exchanges.map { exchange in
            Observation.Attempt(
                server: servers[exchange.server], transport: exchange.transport,
                name: exchange.name, result: exchange.result ?? .failure(.timeout),
                elapsed: (exchange.endedAt ?? now) - exchange.sentAt)
        }
    }
}

/// One query to one server, and what came back.
struct Exchange: Sendable {
    let token: SocketToken
    let server: Int
    let transport: Observation.Transport
    let name: DomainName
    let id: UInt16
    let usesEDNS: Bool
    let sentAt: Duration
    var frame = StreamFrame()
    /// Nil while an answer may still come; late ones are welcome until the leg ends.
    var result: Observation.Attempt.Result?
    var endedAt: Duration?

    init(
        token: SocketToken, server: Int, transport: Observation.Transport, name: DomainName,
        id: UInt16, usesEDNS: Bool, sentAt: Duration
    ) {
        self.token = token
        self.server = server
        self.transport = transport
        self.name = name
        self.id = id
        self.usesEDNS = usesEDNS
        self.sentAt = sentAt
    }

    var isOpen: Bool { endedAt == nil }

    /// Whether the server was silent so far, out of reach, or does not serve us at all.
    var isUseless: Bool {
        switch result {
        case nil, .failure(.unreachable), .response(.refused, _): true
        case .failure, .response: false
        }
    }

    mutating func end(_ result: Observation.Attempt.Result?, at now: Duration) {
        self.result = result
        endedAt = now
    }
}
