import DNSModel
import NetNames

/// One run of `check_host` over what is known; a missing answer makes it go on only to ask.
struct Evaluator {
    let request: SPFRequest
    var trace: Trace
    let known: (Question) -> SPFAnswer?
    /// Questions without an answer, in the order of their terms, each once.
    var wanted: [Question] = []
    var lookupTerms = 0
    var voidLookups = 0

    init(request: SPFRequest, trace: Trace, known: @escaping (Question) -> SPFAnswer?) {
        self.request = request
        self.trace = trace
        self.known = known
    }

    /// What `check_host` comes to for one domain.
    enum Outcome {
        case pending
        case decided(Decision)

        static func decided(_ result: SPFResult, _ reason: SPFReason?) -> Outcome {
            .decided(Decision(result: result, reason: reason))
        }
    }

    struct Decision {
        let result: SPFResult
        var reason: SPFReason?
        var decisive: SPFReport.Term?
        /// The `exp` of the record that decided, and its domain.
        var explanation: SPFRecord.Modifier?
        var record: (domain: DomainName, text: [UInt8])?
    }

    /// How a term ends.
    enum Match {
        case pending
        case match
        case noMatch
        case error(SPFResult, SPFReason)
    }

    mutating func evaluation() -> SPFEvaluation {
        let outcome = check(request.domain, depth: 0, isIncluded: false)
        guard case .decided(let decision) = outcome else { return .wants(wanted) }
        // What was asked beside the way to the result is not waited for.
        wanted = []
        let explanation = explanation(for: decision)
        guard wanted.isEmpty else { return .wants(wanted) }
        return .finished(
            SPFReport(
                request: request, result: decision.result, reason: decision.reason,
                decisive: decision.decisive, explanation: explanation, steps: trace.steps,
                omittedSteps: trace.omitted, lookupTerms: lookupTerms, voidLookups: voidLookups))
    }

    /// The answer, or nil after putting the question on the list.
    mutating func answer(_ question: Question) -> SPFAnswer? {
        if let answer = known(question) { return answer }
        if !wanted.contains(question) { wanted.append(question) }
        return nil
    }

    /// `check_host` for one domain (RFC 7208 §4.3 to §4.5), then its record.
    mutating func check(_ domain: DomainName?, depth: Int, isIncluded: Bool) -> Outcome {
        guard let domain, domain.labelCount > 1 else { return .decided(.none, .malformedDomain) }
        let question = Question(domain, .txt)
        guard let answer = answer(question) else { return .pending }
        let step = trace.begin(.record, [], of: domain, depth: depth)
        let selection: SPFSelection
        switch answer {
        case .failed:
            trace.note(question, [], in: step)
            trace.end(.result(.temperror), in: step)
            return .decided(.temperror, .lookupFailed(question))
        case .void: selection = .none
        case .records(let data): selection = SPFSelection(data: data)
        case .texts(_, let read): selection = read
        }
        trace.note(question, [], in: step)
        let outcome: Outcome
        switch selection {
        case .none: outcome = .decided(.none, .noRecord)
        case .several(let count): outcome = .decided(.permerror, .severalRecords(count))
        case .broken(let error, let text):
            trace.set(text, at: step)
            outcome = .decided(.permerror, .syntax(error))
        case .record(let record):
            trace.set(record.text, at: step)
            outcome = evaluate(record, of: domain, depth: depth, isIncluded: isIncluded)
        }
        if case .decided(let decision) = outcome { trace.end(.result(decision.result), in: step) }
        return outcome
    }

    /// Directives in order, then the redirect (RFC 7208 §4.6.2, §4.7).
    private mutating func evaluate(
        _ record: SPFRecord, of domain: DomainName, depth: Int, isIncluded: Bool
    ) -> Outcome {
        var isPending = false
        for directive in record.directives {
            let step = trace.begin(
                .mechanism, record.text[directive.place], of: domain, depth: depth)
            let match = evaluate(directive.mechanism, of: domain, depth: depth, step: step)
            switch match {
            case .pending:
                isPending = true
            case .noMatch:
                trace.end(.noMatch, in: step)
            case .error(let result, let reason):
                trace.end(.error(result), in: step)
                return isPending
                    ? pending(record, domain, isIncluded)
                    : .decided(
                        Decision(
                            result: result, reason: reason,
                            decisive: SPFReport.Term(directive.place, of: record, domain)))
            case .match:
                trace.end(.match(directive.result), in: step)
                return isPending
                    ? pending(record, domain, isIncluded)
                    : .decided(
                        Decision(
                            result: directive.result,
                            decisive: SPFReport.Term(directive.place, of: record, domain),
                            explanation: record.explanation, record: (domain, record.text)))
            }
        }
        guard let redirect = record.redirect else {
            // RFC 7208 §4.7: without a match the result is neutral.
            return isPending ? pending(record, domain, isIncluded) : .decided(.neutral, nil)
        }
        let followed = follow(
            redirect, in: record, of: domain, depth: depth, isIncluded: isIncluded)
        return isPending ? pending(record, domain, isIncluded) : followed
    }

    /// Goes on with another domain's record, as if it were this one's (RFC 7208 §6.1).
    private mutating func follow(
        _ redirect: SPFRecord.Modifier, in record: SPFRecord, of domain: DomainName, depth: Int,
        isIncluded: Bool
    ) -> Outcome {
        let step = trace.begin(.redirect, record.text[redirect.place], of: domain, depth: depth)
        let outcome: Outcome
        if countLookup() {
            switch target(redirect.domain, of: domain, step: step) {
            case .pending: return .pending
            case .malformed: outcome = .decided(.permerror, .redirectWithoutRecord)
            case .name(let target):
                switch check(target, depth: depth + 1, isIncluded: isIncluded) {
                case .pending: return .pending
                case .decided(let decision) where decision.result == .none:
                    outcome = .decided(.permerror, .redirectWithoutRecord)
                case .decided(let decision): outcome = .decided(decision)
                }
            }
        } else {
            outcome = .decided(.permerror, .tooManyLookups)
        }
        guard case .decided(var decision) = outcome else { return outcome }
        trace.end(.result(decision.result), in: step)
        if decision.decisive == nil, decision.reason != nil {
            decision.decisive = SPFReport.Term(redirect.place, of: record, domain)
        }
        return .decided(decision)
    }

    /// An answer is missing: the explanation is asked for as well, since it may be wanted at the end.
    private mutating func pending(
        _ record: SPFRecord, _ domain: DomainName, _ isIncluded: Bool
    ) -> Outcome {
        if !isIncluded, let explanation = record.explanation,
            !explanation.domain.usesValidatedName,
            record.directives.contains(where: { $0.result == .fail }),
            case .name(let target) = target(explanation.domain, of: domain, step: nil)
        {
            _ = answer(Question(target, .txt))
        }
        return .pending
    }

    /// Counts a term that asks DNS; false when it is one too many.
    mutating func countLookup() -> Bool {
        guard lookupTerms < SPFLimits.lookupTerms else { return false }
        lookupTerms += 1
        return true
    }

    /// Fetches what the domain says to a refused sender; any fault means that it says nothing.
    ///
    /// Its look-ups come after the result and count for nothing (RFC 7208 §6.2).
    private mutating func explanation(for decision: Decision) -> [UInt8]? {
        guard decision.result == .fail, let modifier = decision.explanation,
            let record = decision.record
        else { return nil }
        let step = trace.begin(
            .explanation, record.text[modifier.place], of: record.domain, depth: 0)
        guard case .name(let target) = target(modifier.domain, of: record.domain, step: step)
        else { return nil }
        let question = Question(target, .txt)
        let data: [RecordData]
        switch answer(question) {
        case .records(let found), .texts(let found, _): data = found
        case .void, .failed, nil:
            trace.note(question, [], in: step)
            return nil
        }
        trace.note(question, data, in: step)
        guard data.count == 1, case .txt(let strings)? = data.first,
            let text = try? MacroString(parsing: Array(strings.joined())[...], as: .explanation),
            let values = values(for: text, of: record.domain)
        else { return nil }
        let said = values.beginning(of: text, first: SPFLimits.explanation)
        guard let said, said.allSatisfy(Ascii.isPrintable) else { return nil }
        trace.end(.result(.fail), in: step)
        return said
    }
}
