import DNSModel
package import SenderIdentity

/// Collecting the evidence of one verdict, free of I/O: what both collectors share.
///
/// The planner is asked again after every event that brought an answer, so no question waits for
/// another that it does not depend on. The run is complete when nothing is on its way.
package struct CollectionRun: NetworkRun {
    package private(set) var machine: DNSMachine
    package private(set) var evidence: Evidence
    private let next: (Evidence) -> [PlannedQuestion]
    private let mostBytes: Int
    private var asked = AskedQuestions()
    private var openQuestions = 0

    /// Prepares a run; nothing is asked yet.
    /// - Parameters:
    ///   - machine: A fresh DNS client with the run's deadline.
    ///   - evidence: Empty evidence with its start and sources.
    ///   - mostBytes: Answers beyond are not kept, and count as not found out.
    ///   - next: What is worth asking now; what was asked before is passed over.
    package init(
        machine: DNSMachine, evidence: Evidence, mostBytes: Int = EvidenceLimits.bytes,
        next: @escaping (Evidence) -> [PlannedQuestion]
    ) {
        self.mostBytes = mostBytes
        self.machine = machine
        self.evidence = evidence
        self.next = next
    }

    package var isComplete: Bool { openQuestions == 0 }

    /// Asks the first questions; the actions are for the network and the clock alone.
    package mutating func begin(
        at now: Duration, cache: inout AnswerCache,
        using generator: inout some RandomNumberGenerator
    ) -> [MachineAction] {
        digest(askNext(at: now, cache: &cache, using: &generator), now, &cache, &generator)
    }

    package mutating func handle(
        _ event: MachineEvent, at now: Duration, cache: inout AnswerCache,
        using generator: inout some RandomNumberGenerator
    ) -> [MachineAction] {
        let actions = machine.handle(event, at: now, cache: &cache, using: &generator)
        return digest(actions, now, &cache, &generator)
    }

    /// Records what has finished, asks what follows from all of it, and passes the other actions on.
    ///
    /// Many look-ups end at once when time or packets are spent; the planner is asked once then.
    private mutating func digest(
        _ actions: [MachineAction], _ now: Duration, _ cache: inout AnswerCache,
        _ generator: inout some RandomNumberGenerator
    ) -> [MachineAction] {
        guard actions.contains(where: { $0.isFinished }) else { return actions }
        var passedOn: [MachineAction] = []
        var pending = actions[...]
        while true {
            var hasAnswers = false
            while let action = pending.popFirst() {
                guard case .finished(_, let observation) = action else {
                    passedOn.append(action)
                    continue
                }
                keep(observation)
                hasAnswers = true
            }
            guard hasAnswers else { return passedOn }
            pending = askNext(at: now, cache: &cache, using: &generator)[...]
        }
    }

    private mutating func keep(_ observation: Observation) {
        let isTooMuch = evidence.weight + observation.weight > mostBytes
        evidence.add(isTooMuch ? observation.unkept : observation)
        openQuestions -= 1
    }

    private mutating func askNext(
        at now: Duration, cache: inout AnswerCache,
        using generator: inout some RandomNumberGenerator
    ) -> [MachineAction] {
        var actions: [MachineAction] = []
        for planned in next(evidence) where asked.insert(planned.question) {
            openQuestions += 1
            actions += machine.ask(planned, at: now, cache: &cache, using: &generator)
        }
        return actions
    }
}

/// Questions, each once: a guard's decision asks three, a whole pool's check thousands.
private struct AskedQuestions {
    private var few: [Question] = []
    private var many: Set<Question> = []

    /// Up to this many, comparing them one by one costs less than a hash.
    private static let searchedOneByOne = 16

    /// - Returns: False if it is there already.
    mutating func insert(_ question: Question) -> Bool {
        guard few.count >= Self.searchedOneByOne else {
            if few.contains(question) { return false }
            few.append(question)
            return true
        }
        return !few.contains(question) && many.insert(question).inserted
    }
}

extension MachineAction {
    fileprivate var isFinished: Bool {
        if case .finished = self { true } else { false }
    }
}
