import ReceiverModels
import Remedies
import SenderIdentity

/// A line of «What to do»: who, what, the record, the letter.
struct PlanRow {
    let owner: String
    let sentence: String
    let records: [String]
    let verification: String?
    let command: String?

    static func all(in report: Report) -> [PlanRow] {
        report.plan.steps.map { step in
            PlanRow(
                owner: StepWording.owner(step), sentence: StepWording.sentence(step),
                records: StepWording.records(step),
                verification: StepWording.verification(
                    step, client: report.facts.subject.address),
                command: StepWording.letter(step).map { letterCommand($0, report) })
        }
    }

    private static func letterCommand(_ recipient: String, _ report: Report) -> String {
        "heloscope letter --to \(recipient) …"
    }

    /// How long old answers live, and what the simulation says will follow.
    ///
    /// Receivers that the table leaves out are not counted.
    static func outlook(_ report: Report, showsAll: Bool) -> String? {
        guard report.plan.after != nil else { return nil }
        let longest = report.plan.steps.compactMap(\.wait).max { $0.seconds < $1.seconds }
        let wait = longest.map {
            "wait up to \(StepWording.span($0.seconds))"
                + " (\($0.isNegative ? "negative TTL" : "TTL")), "
        }
        let time = (wait ?? "") + "run again"
        let shown = Set(
            ReceiverRow.shown(in: report, showsAll: showsAll).map(\.receiver.id))
        let accepted = report.plan.accepted(among: report.replies).count {
            shown.contains($0.receiver.id)
        }
        let rest = report.plan.stillRefusing(among: report.replies).filter {
            shown.contains($0.receiver.id)
        }
        guard accepted + rest.count > 0 else { return wait == nil ? nil : time }
        if rest.isEmpty {
            return time + ": " + all(accepted)
        }
        let names = rest.map { ReceiverRow.subject($0) }.joined(separator: "; ")
        return time + ": \(accepted) of \(accepted + rest.count) above accept; still not: \(names)"
    }

    private static func all(_ count: Int) -> String {
        switch count {
        case 1: "the one above accepts"
        case 2: "both above accept"
        default: "all \(count) above accept"
        }
    }
}
