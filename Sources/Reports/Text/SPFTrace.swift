import DNSModel
import NetNames
import SPF
import SenderIdentity

/// The evaluation of SPF step by step, as the outbound test's tree shows it.
struct SPFTrace {
    /// Whose record, and the result.
    let title: String
    let rows: [Row]
    /// What was counted, and steps that were not kept.
    let summary: String

    struct Row {
        let depth: Int
        let status: String
        let text: String
        /// What was looked up and what it found; empty where nothing was.
        let detail: String
    }

    /// One sentence above all traces.
    static let preface =
        "SPF (RFC 7208) is what receivers test today; Sender ID (RFC 4406) is historic."

    static func all(in report: Report) -> [SPFTrace] {
        report.facts.spf.map { SPFTrace($0) }
    }

    private init(_ spf: SPFFacts) {
        title = "\(SPFWording.whose(spf)): \(spf.result.rawValue)"
        rows = spf.report.steps.map { Self.row($0, of: spf.report) }
        var parts = [
            "\(spf.report.lookupTerms) of \(SPFLimits.lookupTerms) look-ups",
            "\(spf.report.voidLookups) of \(SPFLimits.voidLookups) void",
        ]
        if spf.report.omittedSteps > 0 { parts.append("\(spf.report.omittedSteps) more steps") }
        summary = parts.joined(separator: ", ")
    }

    private static func row(_ step: SPFStep, of report: SPFReport) -> Row {
        let said = step.text.isEmpty ? absence(step, of: report) : SPFWording.shown(step.text)
        return Row(
            depth: step.depth, status: word(step.outcome),
            text: step.kind == .record ? "\(step.domain): \(said)" : said, detail: detail(step))
    }

    /// Why a step has no record to show.
    private static func absence(_ step: SPFStep, of report: SPFReport) -> String {
        switch step.outcome {
        case .result(.temperror): return "look-up failed"
        case .result(.permerror):
            // Several records end the evaluation, so its reason is this step's.
            guard case .severalRecords(let count)? = report.reason else { return "several records" }
            return "\(count) records"
        default: return "no record"
        }
    }

    static func word(_ outcome: SPFStep.Outcome) -> String {
        switch outcome {
        case .match: "match"
        case .noMatch: "no match"
        case .result(let result), .error(let result): result.rawValue
        }
    }

    private static func detail(_ step: SPFStep) -> String {
        // A record's own question says no more than its row.
        guard step.kind != .record, let first = step.questions.first else { return "" }
        let more = step.questions.count > 1 ? " and \(step.questions.count - 1) more" : ""
        let found = step.found.prefix(shownRecords).map(text).joined(separator: ", ")
        let rest = step.found.count - shownRecords
        let tail = rest > 0 ? " and \(rest) more" : ""
        // One question that failed is that question: it need not be named twice.
        if step.failed == step.questions, more.isEmpty { return "\(first): failed" }
        var failed = step.failed.prefix(shownRecords).map { "\($0)" }.joined(separator: ", ")
        if !failed.isEmpty { failed = "; failed: " + failed }
        return "\(first)\(more): " + (found.isEmpty ? "nothing" : found + tail) + failed
    }

    /// Records in a row; JSON has all that were kept.
    private static let shownRecords = 4

    private static func text(_ data: RecordData) -> String {
        switch data {
        case .address(let address): "\(address)"
        case .ns(let name), .cname(let name), .ptr(let name): "\(name)"
        case .mx(let preference, let exchange): "\(preference) \(exchange)"
        case .txt(let strings): SPFWording.shown(Array(strings.joined()))
        case .soa(let authority): "\(authority.primary)"
        case .other(let type, let bytes): "\(type), \(bytes.count) bytes"
        }
    }

    /// The records of one step, for formats that show all of them.
    static func found(_ step: SPFStep) -> [String] { step.found.map(text) }
}
