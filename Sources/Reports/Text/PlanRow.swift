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
        rows(report.plan.steps, report)
    }

    /// What nobody demands and is good to have.
    static func optional(in report: Report) -> [PlanRow] {
        rows(report.plan.optional, report)
    }

    private static func rows(_ steps: [RemedyStep], _ report: Report) -> [PlanRow] {
        let letters = steps.map { letter($0, report) }
        return steps.enumerated().map { index, step in
            // A letter says all that its reader has to do: it stands behind the last of it.
            let letter = letters[index].flatMap { word in
                letters[(index + 1)...].contains(word) ? nil : word
            }
            return PlanRow(
                owner: owner(step, report), sentence: StepWording.sentence(step),
                records: StepWording.records(step),
                verification: StepWording.verification(
                    step, client: report.facts.subject.address),
                command: letter.map { "heloscope letter --to \($0) …" },
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
        if step.owner == .addressHolder, step.isAboutPointer, report.plan.provider != nil {
            return "provider"
        }
        guard let word = StepWording.letter(step) else { return nil }
        // One letter has one reader: whoever has to act first.
        let first = report.plan.steps.first { StepWording.letter($0) == word }
        guard first?.owner == step.owner else { return nil }
        // Without the name that its record is to hold it cannot be written.
        let own = report.plan.steps.filter {
            $0.owner == step.owner && StepWording.letter($0) == word
        }
        return own.contains(where: Letter.lacksName) ? nil : word
    }

    /// How long old answers live, and what the simulation says will follow.
    static func outlook(_ report: Report, showsAll: Bool) -> String? {
        guard report.plan.after != nil else { return nil }
        let longest = report.plan.steps.compactMap(\.wait).max { $0.seconds < $1.seconds }
        let wait = longest.map {
            "wait up to \(StepWording.span($0.seconds))"
                + " (\(StepWording.phrase($0.kind))), "
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
