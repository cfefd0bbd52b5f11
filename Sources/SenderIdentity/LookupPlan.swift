package import DNSModel
package import NetNames
package import SPF

/// A question worth asking now, and the stage whose packet budget pays for it.
package struct PlannedQuestion: Hashable, Sendable {
    package let question: Question
    package let stage: LookupStage
    /// Whose packets pay, where every block list has a budget of its own.
    package let blockList: DomainName?
    /// The same for an identity that SPF is evaluated for.
    package let identity: SPFRequest.Identity?

    package init(
        _ question: Question, stage: LookupStage, blockList: DomainName? = nil,
        identity: SPFRequest.Identity? = nil
    ) {
        self.question = question
        self.stage = stage
        self.blockList = blockList
        self.identity = identity
    }

    package var purse: PacketPurse {
        PacketPurse(stage: stage, blockList: blockList, identity: identity)
    }

    /// Another question that the same purse pays.
    package func asking(_ other: Question) -> PlannedQuestion {
        PlannedQuestion(other, stage: stage, blockList: blockList, identity: identity)
    }
}

/// Who pays for packets: a stage, or in its stage one block list, or one identity of SPF.
package struct PacketPurse: Hashable, Sendable {
    package let stage: LookupStage
    package let blockList: DomainName?
    package let identity: SPFRequest.Identity?

    package init(
        stage: LookupStage, blockList: DomainName? = nil, identity: SPFRequest.Identity? = nil
    ) {
        self.stage = stage
        self.blockList = blockList
        self.identity = identity
    }
}

/// Which questions a verdict needs, given what is known: a pure function, asked again after every
/// answer.
///
/// 1. At once: PTR of the address; A, AAAA and MX of the HELO name; TXT of the HELO name and of the
///    domain in MAIL FROM.
/// 2. When the PTR names are known: A and AAAA of each, up to ``EvidenceLimits/pointerNames``, and
///    of the first name that one of them was meant to be, where a closing dot was forgotten.
/// 3. No PTR record over IPv4: PTR of the address written forwards, then A of what it names; not
///    where that is the name of a special-purpose address.
/// 4. When the HELO name's addresses are known: PTR of each, then one address look-up per name.
/// 5. When a record of SPF is known: all that its terms need.
///
/// What every block list is asked waits for nothing either, and goes out with the first.
package enum LookupPlan {
    /// Every question wanted so far, answered ones included, in the order of their worth.
    package static func questions(
        for subject: Subject, knowing evidence: Evidence
    ) -> [PlannedQuestion] {
        guard isAskable(subject.address, in: evidence) else { return [] }
        var plan = QuestionList()
        plan.add(.init(ReverseName.name(of: subject.address), .ptr), stage: .verdict)
        if let name = subject.helo?.name {
            for type in [RecordType.a, .aaaa, .mx] {
                plan.add(.init(name, type), stage: .verdict)
            }
        }
        addBlockListQuestions(of: subject, to: &plan)
        addForwardQuestions(of: subject.address, knowing: evidence, to: &plan)
        addSPFQuestions(of: subject, knowing: evidence, to: &plan)
        addMemberQuestions(of: subject, knowing: evidence, to: &plan)
        return plan.questions
    }

    /// Whether DNS can know anything: special-purpose addresses have no public reverse record.
    ///
    /// When the user named a source, its world decides, and the purpose is only a note.
    package static func isAskable(_ address: IPAddress, in evidence: Evidence) -> Bool {
        evidence.hasExplicitSource
            || !SpecialAddresses.excludesPublicReverse(address)
    }

    private static func addBlockListQuestions(of subject: Subject, to plan: inout QuestionList) {
        for zone in subject.blockLists {
            for question in BlockListQuestions(to: zone, about: subject.address).all {
                plan.add(question, stage: .blockList, blockList: zone.name.lowercased)
            }
        }
    }

    private static func addForwardQuestions(
        of address: IPAddress, knowing evidence: Evidence, to plan: inout QuestionList
    ) {
        let own = Question(ReverseName.name(of: address), .ptr)
        guard let outcome = evidence.outcome(of: own) else { return }
        for name in pointerNames(in: outcome).prefix(EvidenceLimits.pointerNames)
        where HostnameDefect.allowsLookup(of: name) {
            plan.add(.init(name, .a), stage: .verdict)
            plan.add(.init(name, .aaaa), stage: .verdict)
        }
        let intended = pointerNames(in: outcome).prefix(EvidenceLimits.pointerNames).lazy
            .compactMap(nameWithMissingDot).first(where: isWorthAsking)
        if let intended {
            plan.add(.init(intended, .a), stage: .verdict)
            plan.add(.init(intended, .aaaa), stage: .verdict)
        }
        // Written forwards, 5.0.0.10 is the name of 10.0.0.5.
        guard outcome.absence != nil, let forwards = ReverseName.writtenForwards(address),
            ReverseName.address(of: forwards).map({ isAskable($0, in: evidence) }) == true
        else { return }
        let slip = Question(forwards, .ptr)
        plan.add(slip, stage: .verdict)
        guard let slipped = evidence.outcome(of: slip) else { return }
        for name in pointerNames(in: slipped).prefix(1)
        where HostnameDefect.allowsLookup(of: name) {
            plan.add(.init(name, .a), stage: .verdict)
        }
    }

    /// Whether a PTR record may be planned that says this name.
    private static func isWorthAsking(_ name: DomainName) -> Bool {
        HostnameDefect.of(name) == nil && RegistrableDomain.of(name) != nil
    }

    private static func addSPFQuestions(
        of subject: Subject, knowing evidence: Evidence, to plan: inout QuestionList
    ) {
        for request in subject.spfRequests(at: evidence.startedAt) {
            let evaluation = SPFEvaluation(request, isTraced: false) { evidence.spfAnswer(to: $0) }
            guard case .wants(let questions) = evaluation else { continue }
            // One identity's costly record takes nothing from the other.
            for question in questions {
                plan.add(question, stage: .spf, identity: request.identity)
            }
        }
    }

    private static func addMemberQuestions(
        of subject: Subject, knowing evidence: Evidence, to plan: inout QuestionList
    ) {
        guard let name = subject.helo?.name else { return }
        let addresses = [RecordType.a, .aaaa].flatMap { type -> [IPAddress] in
            evidence.outcome(of: .init(name, type)).map { addressList(in: $0) } ?? []
        }
        for address in addresses.prefix(EvidenceLimits.members) where address != subject.address {
            guard SpecialAddresses.purpose(of: address)?.kind != .loopback else { continue }
            guard isAskable(address, in: evidence) else { continue }
            let pointer = Question(ReverseName.name(of: address), .ptr)
            plan.add(pointer, stage: .members)
            guard let outcome = evidence.outcome(of: pointer) else { continue }
            let type: RecordType = address.family == .v4 ? .a : .aaaa
            for name in pointerNames(in: outcome).prefix(EvidenceLimits.memberNames)
            where HostnameDefect.allowsLookup(of: name) {
                plan.add(.init(name, type), stage: .members)
            }
        }
    }
}

/// The targets of PTR records, in the order received.
package func pointerNames(in outcome: LookupOutcome) -> [DomainName] {
    guard case .answers(let answers) = outcome else { return [] }
    return answers.data.compactMap { if case .ptr(let name) = $0 { name } else { nil } }
}

/// The addresses of A or AAAA records, in the order received.
package func addressList(in outcome: LookupOutcome) -> [IPAddress] {
    guard case .answers(let answers) = outcome else { return [] }
    return answers.data.compactMap { if case .address(let one) = $0 { one } else { nil } }
}

/// Questions in order, each once.
private struct QuestionList {
    private(set) var questions: [PlannedQuestion] = []

    mutating func add(
        _ question: Question, stage: LookupStage, blockList: DomainName? = nil,
        identity: SPFRequest.Identity? = nil
    ) {
        if !questions.contains(where: { $0.question == question }) {
            questions.append(
                .init(question, stage: stage, blockList: blockList, identity: identity))
        }
    }
}
