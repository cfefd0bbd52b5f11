import Remedies
import SenderIdentity

/// A line of «What to do»: who, what, the record, the letter.
struct PlanRow {
    let owner: String
    let sentence: String
    let records: [String]
    let command: String?

    static func all(in report: Report) -> [PlanRow] {
        report.plan.steps.map { step in
            PlanRow(
                owner: StepWording.owner(step), sentence: StepWording.sentence(step),
                records: StepWording.records(step),
                command: StepWording.letter(step).map { letterCommand($0, report) })
        }
    }

    private static func letterCommand(_ recipient: String, _ report: Report) -> String {
        "heloscope letter --to \(recipient) …"
    }

    /// How long old answers live, and what the simulation says will follow.
    static func outlook(_ report: Report) -> String? {
        guard report.plan.after != nil else { return nil }
        let waits = report.plan.steps.compactMap(\.wait)
        let kind = report.facts.pointer.lookup?.outcome.absence == nil ? "TTL" : "negative TTL"
        let time =
            waits.max().map { "wait up to \(StepWording.span($0)) (\(kind)), run again" }
            ?? "run again"
        let accepted = report.plan.accepted(among: report.replies).count
        let rest = report.plan.stillRefusing(among: report.replies)
        guard accepted + rest.count > 0 else { return time }
        if rest.isEmpty {
            return time + ": " + all(accepted)
        }
        let names = rest.map { ReceiverRow.subject($0) }.joined(separator: "; ")
        return time + ": \(accepted) of \(accepted + rest.count) above accept; not \(names)"
    }

    private static func all(_ count: Int) -> String {
        switch count {
        case 1: "the one above accepts"
        case 2: "both above accept"
        default: "all \(count) above accept"
        }
    }
}
