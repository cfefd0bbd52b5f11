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
    let details: StepDetails

    static func all(in report: Report) -> [PlanRow] {
        report.plan.steps.map { step in
            PlanRow(
                owner: owner(step, report), sentence: StepWording.sentence(step),
                records: StepWording.records(step),
                verification: StepWording.verification(
                    step, client: report.facts.subject.address),
                command: letter(step, report).map { "heloscope letter --to \($0) …" },
                details: StepDetails(step, in: report))
        }
    }

    /// A provider that is known stands by its name.
    static func owner(_ step: RemedyStep, _ report: Report) -> String {
        guard step.owner == .addressHolder, let match = report.plan.provider else {
            return StepWording.owner(step)
        }
        return match.provider.name
    }

    /// The letter that goes with the step: the steps of a provider that is known, else a letter.
    static func letter(_ step: RemedyStep, _ report: Report) -> String? {
        step.owner == .addressHolder && report.plan.provider != nil
            ? "provider" : StepWording.letter(step)
    }

    /// How long old answers live, and what the simulation says will follow.
    static func outlook(_ report: Report, showsAll: Bool) -> String? {
        guard report.plan.after != nil else { return nil }
        let longest = report.plan.steps.compactMap(\.wait).max { $0.seconds < $1.seconds }
        let wait = longest.map {
            "wait up to \(StepWording.span($0.seconds))"
                + " (\($0.isNegative ? "negative TTL" : "TTL")), "
        }
        let time = (wait ?? "") + "run again"
        guard
            let summary = summary(
                accepted: report.plan.accepted(among: report.replies),
                rest: report.plan.stillRefusing(among: report.replies), report, showsAll,
                mostNames: .max)
        else { return wait == nil ? nil : time }
        return time + ": " + summary
    }

    /// The alternatives, each with what the simulation says of it.
    static func alternatives(_ report: Report, showsAll: Bool) -> [String] {
        report.plan.alternatives.compactMap { alternative in
            let summary = summary(
                accepted: alternative.accepted(among: report.replies),
                rest: alternative.stillRefusing(among: report.replies), report, showsAll,
                mostNames: 1)
            return summary.map { "\(AlternativeWording.sentence(alternative)): \($0)" }
        }
    }

    /// Receivers that the table leaves out are not counted; nil where none is left.
    private static func summary(
        accepted: [SimulatedReply], rest: [SimulatedReply], _ report: Report, _ showsAll: Bool,
        mostNames: Int
    ) -> String? {
        let shown = Set(ReceiverRow.shown(in: report, showsAll: showsAll).map(\.receiver.id))
        let count = accepted.count { shown.contains($0.receiver.id) }
        let still = rest.filter { shown.contains($0.receiver.id) }
        guard count + still.count > 0 else { return nil }
        if still.isEmpty { return all(count) }
        let counted = "\(count) of \(count + still.count) above accept"
        guard still.count <= mostNames else { return counted }
        let names = still.map { ReceiverRow.subject($0) }.joined(separator: "; ")
        return "\(counted); still not: \(names)"
    }

    private static func all(_ count: Int) -> String {
        switch count {
        case 1: "the one above accepts"
        case 2: "both above accept"
        default: "all \(count) above accept"
        }
    }
}
