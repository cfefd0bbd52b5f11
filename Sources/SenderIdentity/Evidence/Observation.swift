package import DNSModel
package import NetNames
package import SPF

/// Names an observation within one evidence: what findings cite when asked «how do you know?».
package struct ObservationID: Hashable, Sendable, Comparable {
    package let rawValue: Int

    package init(rawValue: Int) {
        self.rawValue = rawValue
    }

    package static func < (left: ObservationID, right: ObservationID) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// What a question is asked for.
///
/// Each stage has a packet budget of its own.
package enum LookupStage: String, Hashable, Sendable, CaseIterable {
    case verdict
    case members
    /// The walk from the root to the keeper of the reverse zone.
    case delegation
    /// The matrix of a whole pool.
    case pool
    /// Asking the block lists; each of them has the stage's budget for itself.
    case blockList = "block-list"
    /// SPF; each identity has the stage's budget for itself.
    case spf

    package var packetBudget: Int {
        switch self {
        case .verdict: EvidenceLimits.verdictPackets
        case .members: EvidenceLimits.memberPackets
        case .delegation: EvidenceLimits.delegationPackets
        case .pool: PoolLimits.packets
        case .blockList: BlockListLimits.packets
        case .spf: EvidenceLimits.spfPackets
        }
    }

    /// Whether the budget holds one packet a question: silence is then silence, not a spent budget.
    package var asksOnce: Bool { self == .blockList }
}

/// The answer to one question, or why there is none: raw, as the server gave it.
package struct Observation: Hashable, Sendable {
    package let question: Question
    package let stage: LookupStage
    /// The last usable response; nil when none came.
    package let response: Response?
    /// Every packet exchange, in order, alias restarts included.
    package let attempts: [Attempt]
    /// From the first packet to the result.
    package let elapsed: Duration
    /// Whether the answer came from the cache of this run.
    package let isCached: Bool
    /// What the response establishes; a pure function of the fields above.
    package let outcome: LookupOutcome
    /// What TXT records have for SPF, read once: records may be long, and are asked about often.
    package let policy: SPFSelection?

    package init(
        question: Question, stage: LookupStage, response: Response, attempts: [Attempt],
        elapsed: Duration, isCached: Bool = false
    ) {
        self.question = question
        self.stage = stage
        self.response = response
        self.attempts = attempts
        self.elapsed = elapsed
        self.isCached = isCached
        outcome = response.outcome(of: question)
        let texts = question.type == .txt ? outcome.answers : nil
        policy = texts.map { SPFSelection(data: $0.data) }
    }

    package init(
        question: Question, stage: LookupStage, failure: LookupFailure, response: Response? = nil,
        attempts: [Attempt], elapsed: Duration, isCached: Bool = false
    ) {
        self.question = question
        self.stage = stage
        self.response = response
        self.attempts = attempts
        self.elapsed = elapsed
        self.isCached = isCached
        outcome = .failed(failure)
        policy = nil
    }

    /// The same look-up when there is no room left for what it found.
    package var unkept: Observation {
        Observation(
            question: question, stage: stage, failure: .budgetExhausted, attempts: attempts,
            elapsed: elapsed, isCached: isCached)
    }

    /// Whether an answer came and was not kept: where packets were spent, none did.
    package var isUnkept: Bool {
        guard outcome.failure == .budgetExhausted, response == nil else { return false }
        guard let last = attempts.last else { return isCached }
        return last.result == .response(.noError, truncated: false)
    }

    /// One packet sent to one server, and what came back.
    package struct Attempt: Hashable, Sendable {
        /// The server as `address#port`, or the name of a zone file.
        package let server: String
        package let transport: Transport
        /// The name asked: after an alias restart not the question's.
        package let name: DomainName
        package let result: Result
        package let elapsed: Duration

        package init(
            server: String, transport: Transport, name: DomainName, result: Result,
            elapsed: Duration
        ) {
            self.server = server
            self.transport = transport
            self.name = name
            self.result = result
            self.elapsed = elapsed
        }

        package enum Result: Hashable, Sendable {
            /// A response with this code, truncated or not.
            case response(ResponseCode, truncated: Bool)
            case failure(LookupFailure)
        }
    }

    package enum Transport: String, Hashable, Sendable {
        case udp
        case tcp
    }
}
