package import DNSModel
import SPF

/// Everything that was looked up for one verdict, and under which conditions.
package struct Evidence: Hashable, Sendable {
    /// When the look-ups began, in seconds since 1970-01-01 UTC.
    package let startedAt: Int64
    /// Where the answers come from, as the user named it: resolvers, zone files, overlays.
    package let sources: [Source]
    /// In the order the results came in; an observation's id is its index.
    package private(set) var observations: [Observation] = []
    /// The walk to the keeper of the reverse zone, where one was made.
    package var walk: DelegationTrace?
    /// What the registry says about the address's network, where it was asked and had an answer.
    package var registration: Registration?
    /// Where each question's first observation stands, once there are many.
    private var positions: [Question: Int] = [:]

    /// Whether any look-up ended at a limit: most evidence need not be searched for them.
    private(set) var mayHaveReachedLimit = false

    /// From this many observations on, searching one by one costs more than a table.
    private static let searchedOneByOne = 64

    package init(startedAt: Int64, sources: [Source]) {
        self.startedAt = startedAt
        self.sources = sources
    }

    package struct Source: Hashable, Sendable {
        package enum Kind: String, Hashable, Sendable {
            /// Taken from the system's configuration.
            case systemResolver = "system-resolver"
            /// Named by the user.
            case resolver = "resolver"
            case zone = "zone"
            case faults = "faults"
            case overlay = "overlay"
            /// Root servers named by the user, for the walk to the reverse zone's keeper.
            case rootHints = "root-hints"
        }

        package let kind: Kind
        /// `address#port`, or the file's name.
        package let name: String

        package init(kind: Kind, name: String) {
            self.kind = kind
            self.name = name
        }

        /// Whether the user said explicitly where to ask, so that special-purpose addresses count.
        package var isExplicit: Bool { kind == .zone || kind == .resolver || kind == .rootHints }
    }

    /// What the observations take in memory, in bytes; an estimate.
    package private(set) var weight = 0

    /// Whether planned records were laid over the answers: then it is no evidence of what DNS says.
    package var holdsPlan: Bool { sources.contains { $0.kind == .overlay } }

    /// Whether the answer is a planned one: no server gave it.
    func isPlanned(_ id: ObservationID) -> Bool {
        let observation = observations[id.rawValue]
        return holdsPlan && observation.attempts.isEmpty && !observation.isCached
    }

    package mutating func add(_ observation: Observation) {
        observations.append(observation)
        weight += observation.weight
        note(observation)
        index()
    }

    private mutating func note(_ observation: Observation) {
        switch observation.outcome.failure {
        case .aliasChainTooLong, .budgetExhausted: mayHaveReachedLimit = true
        default: break
        }
    }

    /// Notes where the last observation stands, or all of them when they become many.
    private mutating func index() {
        guard observations.count > Self.searchedOneByOne else { return }
        let first = positions.isEmpty ? 0 : observations.count - 1
        for position in first..<observations.count
        where positions[observations[position].question] == nil {
            positions[observations[position].question] = position
        }
    }

    /// Whether the sources were named by the user: then documentation ranges are ordinary.
    package var hasExplicitSource: Bool {
        sources.contains(where: \.isExplicit)
    }

    /// Whether the answers are those of the system's resolvers and of nobody that the user named:
    /// then what they know of a private network is not asked for.
    package var isOfSystemResolvers: Bool {
        !hasExplicitSource && sources.contains { $0.kind == .systemResolver }
    }

    /// The first observation of a question; later ones repeat it.
    package func observation(of question: Question) -> (ObservationID, Observation)? {
        id(of: question).map { ($0, observations[$0.rawValue]) }
    }

    /// What the first observation of a question established.
    package func outcome(of question: Question) -> LookupOutcome? {
        id(of: question).map { observations[$0.rawValue].outcome }
    }

    /// The same without a copy of the observation.
    func id(of question: Question) -> ObservationID? {
        if !positions.isEmpty {
            return positions[question].map { ObservationID(rawValue: $0) }
        }
        for index in observations.indices
        where observations[index].question.type == question.type
            && observations[index].question.name == question.name
        {
            return ObservationID(rawValue: index)
        }
        return nil
    }

    func outcome(at id: ObservationID) -> LookupOutcome {
        observations[id.rawValue].outcome
    }

    func policy(at id: ObservationID) -> SPFSelection? {
        observations[id.rawValue].policy
    }

    package subscript(id id: ObservationID) -> Observation? {
        observations.indices.contains(id.rawValue) ? observations[id.rawValue] : nil
    }

    /// The same evidence with a failure for each question about PTR and HELO that it does not hold.
    ///
    /// Saved evidence may lack an answer; what nobody knows must not count as an absence. SPF and
    /// block lists notice a missing answer themselves.
    package func notingUnrecorded(about subject: Subject) -> Evidence {
        var noted = self
        for planned in LookupPlan.questions(for: subject, knowing: self)
        where [.verdict, .members].contains(planned.stage)
            && observation(of: planned.question) == nil
        {
            noted.add(
                Observation(
                    question: planned.question, stage: planned.stage, failure: .notRecorded,
                    attempts: [], elapsed: .zero))
        }
        return noted
    }

    /// The same evidence with some questions answered differently: what a planned change would show.
    package func replacing(_ planned: [Observation]) -> Evidence {
        var changed = self
        for observation in planned {
            let same = { (old: Observation) in old.question == observation.question }
            if let index = changed.observations.firstIndex(where: same) {
                changed.weight += observation.weight - changed.observations[index].weight
                changed.observations[index] = observation
                changed.note(observation)
            } else {
                changed.add(observation)
            }
        }
        return changed
    }
}
