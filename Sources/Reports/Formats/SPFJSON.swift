import DNSModel
import NetNames
import SPF
import SenderIdentity

/// What SPF says about one identity, with every step that was kept.
struct SPFDocument: Encodable {
    let identity: String
    let domain: String
    let result: String
    /// Why, where no mechanism decided.
    let reason: String?
    /// The mechanism that decided, and the domain whose record it stands in.
    let mechanism: String?
    let mechanismDomain: String?
    let explanation: String?
    let lookups: Int
    let voidLookups: Int
    let steps: [Step]
    let omittedSteps: Int
    let observations: [Int]

    struct Step: Encodable {
        let kind: String
        let depth: Int
        let domain: String
        let text: String
        let target: String?
        let outcome: String
        /// The result that a match, a record or an error gives.
        let result: String?
        let questions: [String]
        let found: [String]

        init(_ step: SPFStep) {
            kind = step.kind.rawValue
            depth = step.depth
            domain = step.domain.description
            text = step.text.isEmpty ? "" : SPFWording.shown(step.text)
            target = step.target?.description
            questions = step.questions.map(\.description)
            found = SPFTrace.found(step)
            switch step.outcome {
            case .match(let given): (outcome, result) = ("match", given.rawValue)
            case .noMatch: (outcome, result) = ("no-match", nil)
            case .result(let given): (outcome, result) = ("result", given.rawValue)
            case .error(let given): (outcome, result) = ("error", given.rawValue)
            }
        }
    }

    init(_ spf: SPFFacts) {
        let report = spf.report
        identity = spf.identity.rawValue
        domain = report.request.domain?.description ?? SPFWording.shown(report.request.domainText)
        result = report.result.rawValue
        reason = report.reason == nil ? nil : SPFWording.reason(spf)
        mechanism = report.decisive.map { SPFWording.shown($0.text) }
        mechanismDomain = report.decisive?.domain.description
        explanation = report.explanation.map(SPFWording.shown)
        lookups = report.lookupTerms
        voidLookups = report.voidLookups
        steps = report.steps.map(Step.init)
        omittedSteps = report.omittedSteps
        observations = spf.ids.map(\.rawValue)
    }
}
