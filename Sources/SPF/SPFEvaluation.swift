package import DNSModel
import NetNames

/// What is known about one question.
package enum SPFAnswer: Hashable, Sendable {
    /// At least one record.
    case records([RecordData])
    /// TXT records, with what they have for SPF already read.
    case texts([RecordData], SPFSelection)
    /// The name or the type does not exist: a void look-up.
    case void
    /// Could not be found out.
    case failed
}

/// `check_host` (RFC 7208 §4) as far as the answers known so far carry it.
///
/// The same function asks and judges: while an answer is missing it names every question that the
/// records already known may need, in the order of their terms and inside the limits, so that waves
/// of questions stay few. Once nothing is missing, terms have been evaluated strictly in order.
package enum SPFEvaluation: Hashable, Sendable {
    case finished(SPFReport)
    case wants([Question])

    /// Evaluates as far as possible.
    /// - Parameters:
    ///   - request: Who is checked.
    ///   - isTraced: Whether the report shall hold the steps.
    ///   - known: The answer to a question, nil when it was not asked.
    package init(
        _ request: SPFRequest, isTraced: Bool = true,
        known: @escaping (Question) -> SPFAnswer?
    ) {
        var evaluator = Evaluator(request: request, trace: Trace(isOn: isTraced), known: known)
        self = evaluator.evaluation()
    }
}

/// The steps of an evaluation that are kept.
struct Trace {
    let isOn: Bool
    private(set) var steps: [SPFStep] = []
    private(set) var omitted = 0

    init(isOn: Bool) { self.isOn = isOn }

    /// Begins a step and gives its place, nil when it is not kept.
    mutating func begin(
        _ kind: SPFStep.Kind, _ text: ArraySlice<UInt8>, of domain: DomainName, depth: Int
    ) -> Int? {
        guard isOn else { return nil }
        guard steps.count < SPFLimits.traceSteps else {
            omitted += 1
            return nil
        }
        steps.append(
            SPFStep(
                kind: kind, depth: depth, domain: domain,
                text: Array(text.prefix(SPFLimits.traceText))))
        return steps.count - 1
    }

    mutating func set(_ text: [UInt8], at step: Int?) {
        guard let step else { return }
        let old = steps[step]
        steps[step] = SPFStep(
            kind: old.kind, depth: old.depth, domain: old.domain,
            text: Array(text.prefix(SPFLimits.traceText)), target: old.target,
            questions: old.questions, found: old.found, outcome: old.outcome)
    }

    mutating func aim(at target: DomainName, in step: Int?) {
        if let step { steps[step].target = target }
    }

    mutating func note(_ question: Question, _ found: [RecordData], in step: Int?) {
        guard let step else { return }
        steps[step].questions.append(question)
        let room = SPFLimits.traceRecords - steps[step].found.count
        steps[step].found += found.prefix(max(0, room))
    }

    mutating func note(_ question: Question, _ answer: SPFAnswer, in step: Int?) {
        note(question, answer.data, in: step)
        if let step, answer == .failed { steps[step].failed.append(question) }
    }

    mutating func end(_ outcome: SPFStep.Outcome, in step: Int?) {
        if let step { steps[step].outcome = outcome }
    }
}
