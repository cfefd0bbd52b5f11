import DNSModel
import NetNames
package import SPF
import SenderIdentity

extension Planner {
    /// What the owner of a domain has to change in its record: once for each domain, faults first.
    ///
    /// A record is printed where it follows from the published one; what else the owner may have
    /// meant is not guessed.
    var spfSteps: [RemedyStep] {
        var steps: [RemedyStep] = []
        for spf in facts.spf.filter(isFault) + facts.spf.filter({ !isFault($0) }) {
            guard let domain = spf.report.request.domain else { continue }
            let step: RemedyStep
            switch spf.result {
            case .fail, .softfail:
                let (record, withheld) = allowing(spf)
                let refusal = SPFRefusal(
                    result: spf.result, term: spf.report.decisive, withheld: withheld)
                step = RemedyStep(
                    .you,
                    .allowInSPF(
                        domain, client, refusal, replacing: record == nil ? [] : spf.published),
                    records: record.map { [text(domain, $0)] } ?? [],
                    wait: record.flatMap { _ in .init(spf.texts) })
            case .permerror:
                let (record, refusal) = mending(spf, of: domain)
                step = RemedyStep(
                    .you,
                    .mendSPF(
                        domain, client, spf.report.reason, refusal,
                        replacing: record == nil ? [] : spf.published),
                    records: record.map { [text(domain, $0)] } ?? [],
                    wait: record.flatMap { _ in .init(spf.texts) })
            case .none, .neutral, .pass, .temperror: continue
            }
            if !steps.contains(step) { steps.append(step) }
        }
        return steps
    }

    /// Whether mail is refused for it: what has to be mended first.
    private func isFault(_ spf: SPFFacts) -> Bool {
        verdict.findings.contains { graded in
            guard case .spf(spf.identity, _) = graded.finding.kind else { return false }
            return graded.severity == .error
        }
    }

    /// The record that nobody demands and that is good to have: for a domain without any.
    var optionalSteps: [RemedyStep] {
        guard facts.isAsked else { return [] }
        var steps: [RemedyStep] = []
        for spf in facts.spf where spf.report.reason == .noRecord {
            guard let domain = spf.report.request.domain, let texts = spf.texts,
                texts.aliases.isEmpty, isMissing(texts, spf.identity),
                let record = proposal(for: domain, spf.identity),
                !steps.contains(where: { $0.records.first?.name == domain })
            else { continue }
            steps.append(
                RemedyStep(
                    .you, .publishSPF(domain, spf.identity), records: [text(domain, record)],
                    wait: .init(texts)))
        }
        return steps
    }

    /// Whether only the record is missing; a MAIL FROM domain that does not exist lacks more.
    private func isMissing(_ texts: LookupOutcome, _ identity: SPFRequest.Identity) -> Bool {
        switch texts {
        case .answers, .noData: true
        case .noSuchName: identity == .helo
        case .failed: false
        }
    }

    /// A record that refuses nobody by mistake.
    ///
    /// One host says the HELO name, so its own address is all it needs (RFC 7208 §10.1.3). Who else
    /// sends for a domain in MAIL FROM nobody knows from outside: the others are not refused.
    private func proposal(
        for domain: DomainName, _ identity: SPFRequest.Identity
    ) -> RecordData? {
        switch identity {
        case .helo:
            guard heloIsOwn, facts.helo?.match == .toClient else { return nil }
            return SPFRepair.record("v=spf1 a -all")
        case .mailFrom:
            guard isProper(domain) else { return nil }
            let family = client.family == .v4 ? "ip4" : "ip6"
            return SPFRepair.record("v=spf1 \(family):\(client) ~all")
        }
    }

    /// The published record with the client in it; not where it names the client to refuse it.
    private func allowing(
        _ spf: SPFFacts
    ) -> (record: RecordData?, withheld: SPFRefusal.Withheld?) {
        guard spf.texts?.aliases.isEmpty == true else { return (nil, .alias) }
        return spf.published.first.map { allowing($0, decided: spf.report.decisive) }
            ?? (nil, .notCatchAll)
    }

    private func allowing(
        _ data: RecordData, decided term: SPFReport.Term?
    ) -> (record: RecordData?, withheld: SPFRefusal.Withheld?) {
        guard let term, Self.isAll(term.text) else { return (nil, .notCatchAll) }
        let published = SPFSelection.text(of: data) ?? []
        let record = SPFRepair.allowing(client, in: published)
        return (record, record == nil ? .tooLong : nil)
    }

    /// Whether a term matches everybody, whatever its qualifier.
    private static func isAll(_ term: [UInt8]) -> Bool {
        let name = term.first.map(Ascii.isLetter) == true ? term[...] : term.dropFirst()
        return name.map(Ascii.lowercased) == Array("all".utf8)
    }

    /// The mended record; with the client in it where it would be refused then, which nothing that
    /// could not be evaluated did.
    private func mending(
        _ spf: SPFFacts, of domain: DomainName
    ) -> (record: RecordData?, refusal: SPFRefusal?) {
        guard let record = mended(spf) else { return (nil, nil) }
        let step = RemedyStep(
            .you, .mendSPF(domain, client, spf.report.reason, nil, replacing: spf.published),
            records: [text(domain, record)])
        let then = PlannedChange([step]).facts(after: facts, evidence).spf
            .first { $0.identity == spf.identity }
        guard let then, [.fail, .softfail].contains(then.result) else { return (record, nil) }
        let (allowing, withheld) = allowing(record, decided: then.report.decisive)
        return (
            allowing ?? record,
            SPFRefusal(result: then.result, term: then.report.decisive, withheld: withheld)
        )
    }

    private func mended(_ spf: SPFFacts) -> RecordData? {
        guard spf.texts?.aliases.isEmpty == true else { return nil }
        let published = spf.published.compactMap(SPFSelection.text)
        switch spf.report.reason {
        case .severalRecords?: return SPFRepair.merging(published)
        case .syntax?:
            guard published.count == 1, let only = published.first else { return nil }
            return SPFRepair.respelling(only)
        default: return nil
        }
    }

    private func text(_ domain: DomainName, _ data: RecordData) -> ResourceRecord {
        ResourceRecord(name: domain, ttl: Self.suggestedTTL, data: data)
    }

    /// The name whose failed look-up keeps SPF for MAIL FROM from being evaluated: what stays open
    /// about the HELO name is nobody's question.
    var unknownToSPF: DomainName? {
        for spf in facts.spf where spf.identity == .mailFrom {
            if case .lookupFailed(let question)? = spf.report.reason { return question.name }
        }
        return nil
    }
}

/// Why SPF refuses a client, for the step that is to allow it.
package struct SPFRefusal: Hashable, Sendable {
    package let result: SPFResult
    /// The term that decided, and in whose record it stands.
    package let term: SPFReport.Term?
    /// Why no record is printed; nil where one is.
    package let withheld: Withheld?

    package enum Withheld: Hashable, Sendable {
        /// The term names the client or a part of the world: its purpose is the owner's secret.
        case notCatchAll
        /// The record stands behind a CNAME, in a name of its own.
        case alias
        /// The whole would be longer than an answer should be (RFC 7208 §3.4).
        case tooLong
    }
}
