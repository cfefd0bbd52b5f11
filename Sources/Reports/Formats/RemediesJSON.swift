import NetNames
import ReceiverModels
import Remedies
import SenderIdentity

struct RemediesDocument: Encodable {
    let steps: [Step]
    /// The receivers' outcomes once the plan is carried out; null where it changes nothing.
    let after: [After]?
    /// Other ways that help, best first.
    let alternatives: [Alternative]
    let provider: Provider?
    /// What nobody demands and is good to have.
    let optional: [Step]?

    struct Step: Encodable {
        let owner: String
        /// What to do, in one word that stays the same.
        let action: String
        /// The zone that the records belong to, as far as it is known.
        let zone: String?
        let text: String
        let why: String?
        let records: [String]
        /// Lines for nsupdate.
        let update: [String]?
        let waitSeconds: UInt32?
        /// A command that shows whether it took effect.
        let verify: String?
        let letter: String?
        let settings: [Setting]?

        init(_ step: RemedyStep, in report: Report) {
            let details = StepDetails(step, in: report)
            owner = step.owner.rawValue
            action = step.keyword.rawValue
            zone = step.zone.map { "\($0)" }
            text = StepWording.sentence(step)
            why = details.why
            records = StepWording.records(step)
            update = details.update.isEmpty ? nil : details.update
            waitSeconds = step.wait?.seconds
            verify = StepWording.verification(step, client: report.facts.subject.address)
            letter = PlanRow.letter(step, report)
            settings = details.settings.isEmpty ? nil : details.settings.map(Setting.init)
        }
    }

    /// How a mail server's HELO name is set.
    struct Setting: Encodable {
        let server: String
        let place: String
        let line: String
        let note: String?

        init(_ setting: HELOSetting) {
            server = setting.server
            place = setting.place
            line = setting.line
            note = setting.note
        }
    }

    struct After: Encodable {
        let receiver: String
        let rule: String
        let before: String
        let after: String

        init(_ old: SimulatedReply, _ new: SimulatedReply) {
            receiver = new.receiver.id
            rule = new.rule.id
            before = old.outcome.rawValue
            after = new.outcome.rawValue
        }
    }

    struct Alternative: Encodable {
        let kind: String
        let owners: [String]
        let steps: [Step]
        /// The rules that do something else then.
        let changes: [After]

        init(_ alternative: Remedies.Alternative, in report: Report) {
            kind = alternative.kind.rawValue
            owners = alternative.owners.map(\.rawValue).sorted()
            steps = alternative.steps.map { Step($0, in: report) }
            changes = zip(report.replies, alternative.after).compactMap { old, new in
                old.outcome == new.outcome ? nil : After(old, new)
            }
        }
    }

    /// Who keeps the reverse zone, where DNS gives it away, and how its customers set the record.
    struct Provider: Encodable {
        let id: String
        let name: String
        let recognizedBy: String
        let steps: [Instruction]
        let source: String

        struct Instruction: Encodable {
            let text: String
            let command: String?
            let isVerified: Bool
        }
    }

    init(_ report: Report) {
        let plan = report.plan
        steps = plan.steps.map { Step($0, in: report) }
        optional = plan.optional.isEmpty ? nil : plan.optional.map { Step($0, in: report) }
        after = plan.after.map { zip(report.replies, $0).map(After.init) }
        alternatives = plan.alternatives.map { Alternative($0, in: report) }
        provider = plan.provider.map { match in
            let pointer = plan.steps.lazy.compactMap(\.plannedPointer).first
            return Provider(
                id: match.provider.id, name: match.provider.name,
                recognizedBy: ProviderWording.sign(match.sign),
                steps: match.provider.instructions(
                    for: report.facts.subject.address, pointer: pointer
                ).map {
                    Provider.Instruction(
                        text: $0.text, command: $0.command, isVerified: $0.isVerified)
                },
                source: match.provider.source)
        }
    }
}

/// What planned records change.
struct ComparisonDocument: Encodable {
    let before: String
    let after: String
    let gone: [String]
    let new: [String]
    let receivers: [RemediesDocument.After]

    init(_ comparison: Comparison) {
        before = comparison.before.status.rawValue
        after = comparison.after.status.rawValue
        gone = comparison.gone.map(\.rawValue)
        new = comparison.new.map(\.rawValue)
        receivers = comparison.changes.map { .init($0.before, $0.after) }
    }
}
