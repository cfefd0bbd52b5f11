package import DNSModel
import NetNames
package import SPF

/// What SPF says about one identity of the client (RFC 7208 §2.2).
package struct SPFFacts: Hashable, Sendable {
    package let report: SPFReport
    /// The observations its steps rest on, each once.
    package let ids: [ObservationID]
    /// Why a look-up failed, where the result is temperror.
    package let failure: LookupFailure?
    /// The TXT look-up of the identity's own domain.
    package let texts: LookupOutcome?

    package var identity: SPFRequest.Identity { report.request.identity }
    package var result: SPFResult { report.result }

    /// The domain's own records of SPF, as published.
    package var published: [RecordData] {
        texts?.answers?.data.filter(SPFSelection.isRecord) ?? []
    }

    /// The HELO identity first, then MAIL FROM; none for which nothing was asked.
    static func all(of subject: Subject, in evidence: Evidence) -> [SPFFacts] {
        var all: [SPFFacts] = []
        for request in subject.spfRequests(at: evidence.startedAt) {
            if let facts = SPFFacts(request, in: evidence) { all.append(facts) }
        }
        return all
    }

    private init?(_ request: SPFRequest, in evidence: Evidence) {
        if let domain = request.domain, evidence.id(of: Question(domain, .txt)) == nil {
            return nil
        }
        // What evidence does not hold was not found out: a saved file may lack an answer.
        let evaluation = SPFEvaluation(request) { evidence.spfAnswer(to: $0) ?? .failed }
        guard case .finished(let report) = evaluation else { return nil }
        self.report = report
        var ids: [ObservationID] = []
        for step in report.steps {
            for question in step.questions {
                if let id = evidence.id(of: question), !ids.contains(id) { ids.append(id) }
            }
        }
        self.ids = ids
        // The first thing that SPF asks for is the domain's own record.
        texts = ids.first.map(evidence.outcome)
        if case .lookupFailed(let question)? = report.reason {
            failure = evidence.outcome(of: question)?.failure ?? .notRecorded
        } else {
            failure = nil
        }
    }
}

extension Subject {
    /// The identities that SPF is checked for.
    ///
    /// RFC 7208 §2.3: a HELO argument only if it is a domain name of more than one label. Names that
    /// mean every machine itself, or are a cut-off address, are nobody's to publish a record for.
    func spfRequests(at time: Int64) -> [SPFRequest] {
        var requests: [SPFRequest] = []
        var isHELONamed = false
        if let helo, let name = helo.name, name.labelCount > 1, helo.form != .localhost,
            helo.form != .malformed(.numeric)
        {
            isHELONamed = true
            requests.append(SPFRequest(helo: helo.raw, name: name, client: address, time: time))
        }
        if let mailFrom {
            // RFC 7208 §2.4: a null reverse-path is postmaster at the HELO name.
            let domain = mailFrom.isNull ? helo?.raw ?? [] : mailFrom.domain
            requests.append(
                SPFRequest(
                    mailFrom: mailFrom.localPart, at: domain,
                    isName: !mailFrom.isNull || isHELONamed, helo: helo?.raw, client: address,
                    time: time))
        }
        return requests
    }
}

extension Evidence {
    /// The observation of a question in the words of SPF; nil when it was not asked.
    func spfAnswer(to question: Question) -> SPFAnswer? {
        guard let id = id(of: question) else { return nil }
        switch outcome(at: id) {
        case .answers(let answers):
            return policy(at: id).map { .texts(answers.data, $0) } ?? .records(answers.data)
        case .noData, .noSuchName: return .void
        case .failed: return .failed
        }
    }
}
