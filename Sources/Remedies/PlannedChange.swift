import DNSModel
import NetNames
import SenderIdentity

/// The records and settings of a plan, laid over the evidence to see what they would change.
struct PlannedChange: Equatable {
    /// The names that the PTR records say then; empty where the plan leaves them as they are.
    private(set) var pointers: [DomainName] = []
    private var addresses: [ResourceRecord] = []
    /// Names that are no alias any more.
    private var detached: [DomainName] = []
    private var texts: [ResourceRecord] = []
    private var replacedTexts: [RecordData] = []
    private var helo: DomainName?

    init(_ steps: [RemedyStep]) {
        for step in steps {
            for record in step.records {
                switch record.data {
                case .ptr(let name): pointers.append(name)
                case .address: addresses.append(record)
                case .txt: texts.append(record)
                default: break
                }
            }
            switch step.action {
            case .setHELO(let name): helo = name
            case .leaveAlias(let owner, _): detached.append(owner)
            // Nobody has to publish these any more, only to be led there.
            case .pointerIsRight(_, let names, _), .awaitResolvers(_, let names, _):
                pointers += names
            case .synchronize(let copies) where step.records.allSatisfy { $0.type != .ptr }:
                pointers += copies.names
            case .allowInSPF(_, _, _, let replaced), .mendSPF(_, _, _, _, let replaced):
                replacedTexts += replaced
            default: break
            }
        }
    }

    var isEmpty: Bool {
        pointers.isEmpty && addresses.isEmpty && texts.isEmpty && helo == nil
    }

    /// The facts as they would be: same look-ups, planned answers.
    func facts(after facts: IdentityFacts, _ evidence: Evidence) -> IdentityFacts {
        let evidence = evidence.replacing(detached.flatMap { cutting($0, in: evidence) })
        var planned = addresses.flatMap { adding($0, to: evidence) }
        for record in texts {
            let question = Question(record.name, .txt)
            let known = evidence.outcome(of: question)?.answers?.data ?? []
            let all = known.filter { !replacedTexts.contains($0) } + [record.data]
            planned.append(
                observation(
                    of: question,
                    answers: all.map {
                        ResourceRecord(name: record.name, ttl: record.ttl, data: $0)
                    }))
        }
        if !pointers.isEmpty {
            let question = Question(facts.pointer.question, .ptr)
            let answers = pointers.map {
                ResourceRecord(name: question.name, ttl: Planner.suggestedTTL, data: .ptr($0))
            }
            planned.append(observation(of: question, answers: answers))
        }
        let subject = Subject(
            address: facts.subject.address,
            helo: helo.map { HELOArgument($0.description) } ?? facts.subject.helo,
            mailFrom: facts.subject.mailFrom, blockLists: facts.subject.blockLists)
        return IdentityFacts(subject: subject, evidence: evidence.replacing(planned))
    }

    /// The addresses the name has and the planned one, also for the names that lead there by alias.
    private func adding(_ record: ResourceRecord, to evidence: Evidence) -> [Observation] {
        var questions = [Question(record.name, record.type)]
        for old in evidence.observations
        where old.question.type == record.type && old.outcome.aliases.last == record.name {
            questions.append(old.question)
        }
        return questions.map { question in
            let known = evidence.outcome(of: question)?.answers?.data ?? []
            let all = known.filter { $0 != record.data } + [record.data]
            return observation(
                of: question,
                answers: all.map {
                    ResourceRecord(name: question.name, ttl: record.ttl, data: $0)
                })
        }
    }

    /// What was found by way of the alias ends at its owner, which then has no record yet.
    private func cutting(_ owner: DomainName, in evidence: Evidence) -> [Observation] {
        let start = StartOfAuthority(
            primary: .root, mailbox: .root, serial: 0, refresh: 0, retry: 0, expire: 0,
            minimum: Planner.suggestedTTL)
        let denial = ResourceRecord(
            name: RegistrableDomain.of(owner) ?? owner, ttl: Planner.suggestedTTL,
            data: .soa(start))
        return evidence.observations.compactMap { old in
            let chain = [old.question.name] + old.outcome.aliases
            guard let end = chain.firstIndex(of: owner) else { return nil }
            let links = zip(chain, chain.dropFirst()).prefix(end).map { name, target in
                ResourceRecord(name: name, ttl: Planner.suggestedTTL, data: .cname(target))
            }
            return observation(of: old.question, answers: links, authority: [denial])
        }
    }

    private func observation(
        of question: Question, answers: [ResourceRecord], authority: [ResourceRecord] = []
    ) -> Observation {
        Observation(
            question: question, stage: .verdict,
            response: Response(code: .noError, answers: answers, authority: authority),
            attempts: [], elapsed: .zero)
    }
}
