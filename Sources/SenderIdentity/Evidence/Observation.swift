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
///
/// Its fields are behind one reference: observations are passed on much more often than they are
/// looked into, and a copy would count a reference up for each field.
package struct Observation: Hashable, Sendable {
    private let fields: Fields

    private final class Fields: Hashable, Sendable {
        let question: Question
        let stage: LookupStage
        let response: Response?
        let attempts: [Attempt]
        let elapsed: Duration
        let isCached: Bool
        let outcome: LookupOutcome
        let policy: SPFSelection?

        init(
            _ question: Question, _ stage: LookupStage, _ response: Response?,
            _ attempts: [Attempt], _ elapsed: Duration, isCached: Bool, _ outcome: LookupOutcome,
            _ policy: SPFSelection?
        ) {
            self.question = question
            self.stage = stage
            self.response = response
            self.attempts = attempts
            self.elapsed = elapsed
            self.isCached = isCached
            self.outcome = outcome
            self.policy = policy
        }

        static func == (left: Fields, right: Fields) -> Bool {
            left === right
                || left.question == right.question && left.stage == right.stage
                    && left.response == right.response && left.attempts == right.attempts
                    && left.elapsed == right.elapsed && left.isCached == right.isCached
                    && left.outcome == right.outcome && left.policy == right.policy
        }

        func hash(into hasher: inout Hasher) {
            hasher.combine(question)
            hasher.combine(stage)
            hasher.combine(outcome)
        }
    }

    package var question: Question { fields.question }
    package var stage: LookupStage { fields.stage }
    /// The last usable response; nil when none came.
    package var response: Response? { fields.response }
    /// Every packet exchange, in order, alias restarts included.
    package var attempts: [Attempt] { fields.attempts }
    /// From the first packet to the result.
    package var elapsed: Duration { fields.elapsed }
    /// Whether the answer came from the cache of this run.
    package var isCached: Bool { fields.isCached }
    /// What the response establishes; a pure function of the fields above.
    package var outcome: LookupOutcome { fields.outcome }
    /// What TXT records have for SPF, read once: records may be long, and are asked about often.
    package var policy: SPFSelection? { fields.policy }

    package init(
        question: Question, stage: LookupStage, response: Response, attempts: [Attempt],
        elapsed: Duration, isCached: Bool = false
    ) {
        let outcome = response.outcome(of: question)
        let texts = question.type == .txt ? outcome.answers : nil
        fields = Fields(
            question, stage, response, attempts, elapsed, isCached: isCached, outcome,
            texts.map { SPFSelection(data: $0.data) })
    }

    package init(
        question: Question, stage: LookupStage, failure: LookupFailure, response: Response? = nil,
        attempts: [Attempt], elapsed: Duration, isCached: Bool = false
    ) {
        fields = Fields(
            question, stage, response, attempts, elapsed, isCached: isCached, .failed(failure),
            nil)
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
