import DNSModel
import NetNames
import SPF
import SenderIdentity

extension Planner {
    /// What the owner of a domain has to change in its record: once for each domain.
    var spfSteps: [RemedyStep] {
        var steps: [RemedyStep] = []
        for spf in facts.spf {
            guard let domain = spf.report.request.domain else { continue }
            let step: RemedyStep
            switch spf.result {
            case .fail, .softfail:
                step = RemedyStep(.you, .allowInSPF(domain, facts.subject.address))
            case .permerror: step = RemedyStep(.you, .mendSPF(domain))
            case .none, .neutral, .pass, .temperror: continue
            }
            if !steps.contains(step) { steps.append(step) }
        }
        return steps
    }

    /// The name whose failed look-up keeps SPF from being evaluated.
    var unknownToSPF: DomainName? {
        for spf in facts.spf {
            if case .lookupFailed(let question)? = spf.report.reason { return question.name }
        }
        return nil
    }
}
