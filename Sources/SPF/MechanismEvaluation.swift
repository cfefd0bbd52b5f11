import DNSModel
import NetNames

extension Evaluator {
    /// What a domain-spec stands for.
    enum Target {
        /// A macro in it waits for an answer.
        case pending
        case malformed
        case name(DomainName)
    }

    /// Evaluates one mechanism (RFC 7208 §5); a term beyond the tenth look-up ends everything.
    mutating func evaluate(
        _ mechanism: SPFRecord.Mechanism, of domain: DomainName, depth: Int, step: Int?
    ) -> Match {
        if mechanism.asksDNS, !countLookup() { return .error(.permerror, .tooManyLookups) }
        switch mechanism {
        case .all: return .match
        case .network(let base, let length):
            let isInside = request.client.agrees(with: base, to: length)
            return isInside ? .match : .noMatch
        case .include(let text): return include(text, of: domain, depth: depth, step: step)
        case .a(let text, let lengths):
            return withTarget(text, of: domain, step: step) { evaluator, target in
                evaluator.addressMatch(of: target, lengths, step: step)
            }
        case .mx(let text, let lengths):
            return withTarget(text, of: domain, step: step) { evaluator, target in
                evaluator.exchangeMatch(of: target, lengths, step: step)
            }
        case .ptr(let text):
            return withTarget(text, of: domain, step: step) { evaluator, target in
                evaluator.pointerMatch(of: target, step: step)
            }
        case .exists(let text):
            return withTarget(text, of: domain, step: step) { evaluator, target in
                evaluator.existence(of: target, step: step)
            }
        }
    }

    /// The name meant; the RFC leaves open what a malformed one does: here it does not match.
    private mutating func withTarget(
        _ text: MacroString?, of domain: DomainName, step: Int?,
        _ match: (inout Evaluator, DomainName) -> Match
    ) -> Match {
        guard let text else { return match(&self, domain) }
        switch target(text, of: domain, step: step) {
        case .pending: return .pending
        case .malformed: return .noMatch
        case .name(let name): return match(&self, name)
        }
    }

    mutating func target(_ text: MacroString, of domain: DomainName, step: Int?) -> Target {
        guard let values = values(for: text, of: domain) else { return .pending }
        guard let name = values.name(text) else { return .malformed }
        trace.aim(at: name, in: step)
        return .name(name)
    }

    /// The values of a text's macros, or nil when one of them is not known yet.
    mutating func values(for text: MacroString, of domain: DomainName) -> MacroValues? {
        guard text.usesValidatedName else {
            return MacroValues(request: request, domain: domain, validatedName: nil)
        }
        guard let name = validatedName(near: domain) else { return nil }
        return MacroValues(request: request, domain: domain, validatedName: name)
    }

    /// Another domain's evaluation, of which only a pass matches (RFC 7208 §5.2).
    private mutating func include(
        _ text: MacroString, of domain: DomainName, depth: Int, step: Int?
    ) -> Match {
        let name: DomainName?
        switch target(text, of: domain, step: step) {
        case .pending: return .pending
        case .malformed: name = nil
        case .name(let target): name = target
        }
        switch check(name, depth: depth + 1, isIncluded: true) {
        case .pending: return .pending
        case .decided(let decision):
            switch decision.result {
            case .pass: return .match
            case .fail, .softfail, .neutral: return .noMatch
            case .none: return .error(.permerror, .includeWithoutRecord)
            case .temperror, .permerror:
                return .error(decision.result, decision.reason ?? .includeWithoutRecord)
            }
        }
    }

    /// Whether the name has an address that agrees with the client's (RFC 7208 §5.3).
    private mutating func addressMatch(
        of name: DomainName, _ lengths: SPFRecord.PrefixLengths, step: Int?
    ) -> Match {
        let question = Question(name, addressType)
        guard let answer = answer(question) else { return .pending }
        trace.note(question, answer, in: step)
        switch answer {
        case .failed: return .error(.temperror, .lookupFailed(question))
        case .void: return void()
        case .records(let data), .texts(let data, _):
            return holds(data, lengths) ? .match : .noMatch
        }
    }

    /// The same for the names of the domain's MX records (RFC 7208 §5.4).
    ///
    /// DNS gives them in any order, and the section names none, so an address that agrees decides
    /// wherever its name stands, whatever other look-ups fail (the trace names those); and too many
    /// are an error however early one would match.
    private mutating func exchangeMatch(
        of name: DomainName, _ lengths: SPFRecord.PrefixLengths, step: Int?
    ) -> Match {
        let question = Question(name, .mx)
        guard let answer = answer(question) else { return .pending }
        trace.note(question, answer, in: step)
        switch answer {
        case .failed: return .error(.temperror, .lookupFailed(question))
        case .void: return void()
        case .records, .texts: break
        }
        let exchanges = answer.data.compactMap { data -> (UInt16, DomainName)? in
            if case .mx(let preference, let exchange) = data { (preference, exchange) } else { nil }
        }
        guard exchanges.count <= SPFLimits.exchanges else {
            return .error(.permerror, .tooManyExchanges(exchanges.count))
        }
        var isPending = false
        var isVoid = false
        var failed: Question?
        // The root is no host: the domain takes no mail (RFC 7505 §3).
        for (_, exchange) in exchanges.sorted(by: { $0.0 < $1.0 }) where !exchange.isRoot {
            let question = Question(exchange, addressType)
            guard let answer = self.answer(question) else {
                isPending = true
                continue
            }
            trace.note(question, answer, in: step)
            switch answer {
            case .failed: failed = failed ?? question
            case .void: isVoid = true
            case .records(let data), .texts(let data, _):
                if holds(data, lengths) { return .match }
            }
        }
        if isPending { return .pending }
        if let failed { return .error(.temperror, .lookupFailed(failed)) }
        return isVoid ? void() : .noMatch
    }

    /// Whether the name has any A record, for clients of either family (RFC 7208 §5.7).
    private mutating func existence(of name: DomainName, step: Int?) -> Match {
        let question = Question(name, .a)
        guard let answer = answer(question) else { return .pending }
        trace.note(question, answer, in: step)
        switch answer {
        case .failed: return .error(.temperror, .lookupFailed(question))
        case .void: return void()
        case .records, .texts: return .match
        }
    }

    /// Whether a validated name of the client is the target or lies below it (RFC 7208 §5.5).
    ///
    /// Only names that could match are validated; failures of any look-up count as no match.
    private mutating func pointerMatch(of target: DomainName, step: Int?) -> Match {
        let question = Question(ReverseName.name(of: request.client), .ptr)
        guard let answer = answer(question) else { return .pending }
        trace.note(question, answer, in: step)
        switch answer {
        case .failed: return .noMatch
        case .void: return void()
        case .records, .texts: break
        }
        var isPending = false
        var isVoid = false
        for name in pointerNames(in: answer) where name.isSubdomain(of: target) {
            let question = Question(name, addressType)
            guard let answer = self.answer(question) else {
                isPending = true
                continue
            }
            trace.note(question, answer, in: step)
            if answer.data.contains(.address(request.client)) { return .match }
            if answer == .void { isVoid = true }
        }
        if isPending { return .pending }
        return isVoid ? void() : .noMatch
    }

    /// What `%{p}` stands for, nil while an answer is missing (RFC 7208 §7.3).
    ///
    /// The domain itself comes first, then a name below it, then any. Its look-ups belong to the
    /// term it stands in, which is counted already.
    private mutating func validatedName(near domain: DomainName) -> [UInt8]? {
        let question = Question(ReverseName.name(of: request.client), .ptr)
        guard let answer = answer(question) else { return nil }
        var isPending = false
        var validated: [DomainName] = []
        for name in pointerNames(in: answer) {
            guard let answer = self.answer(Question(name, addressType)) else {
                isPending = true
                continue
            }
            if answer.data.contains(.address(request.client)) { validated.append(name) }
        }
        if isPending { return nil }
        let best =
            validated.first { $0 == domain } ?? validated.first { $0.isSubdomain(of: domain) }
            ?? validated.first
        return best.map(bytes(of:)) ?? MacroValues.unknown
    }

    private func pointerNames(in answer: SPFAnswer) -> [DomainName] {
        let names = answer.data.compactMap { data -> DomainName? in
            if case .ptr(let name) = data { name } else { nil }
        }
        return names.prefix(SPFLimits.pointerNames).filter { !$0.isRoot }
    }

    /// Counts a term whose look-ups found nothing, once however many they were.
    ///
    /// RFC 7208 §4.6.4 limits the terms, not the questions: three mail hosts without IPv6 are one.
    private mutating func void() -> Match {
        voidLookups += 1
        return voidLookups > SPFLimits.voidLookups
            ? .error(.permerror, .tooManyVoidLookups) : .noMatch
    }

    private var addressType: RecordType { request.isVersion4 ? .a : .aaaa }

    private func holds(_ data: [RecordData], _ lengths: SPFRecord.PrefixLengths) -> Bool {
        let length = request.isVersion4 ? lengths.version4 : lengths.version6
        return data.contains { data in
            guard case .address(let address) = data else { return false }
            return request.client.agrees(with: address, to: length)
        }
    }
}

extension SPFAnswer {
    /// The records, none where there are none or nobody knows.
    var data: [RecordData] {
        switch self {
        case .records(let data), .texts(let data, _): data
        case .void, .failed: []
        }
    }
}

extension IPAddress {
    /// Whether the first bits are the same, in one family.
    fileprivate func agrees(with other: IPAddress, to length: Int) -> Bool {
        family == other.family && masked(to: length) == other.masked(to: length)
    }
}
