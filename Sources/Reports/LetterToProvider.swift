import DNSModel
import NetNames
import Remedies
import SenderIdentity

extension RemedyStep {
    /// Whether the step publishes an address record.
    var holdsAddress: Bool {
        records.contains { if case .address = $0.data { true } else { false } }
    }
}

extension Letter {
    /// The provider's own steps, in order, with a few lines for its support at the end.
    static func toProvider(_ report: Report) throws(Refusal) -> String {
        let steps = try holdersSteps(report)
        guard let step = steps.first(where: \.isAboutPointer) else { throw .nothingForHolder }
        guard let match = report.plan.provider else { throw .providerUnknown }
        let client = report.facts.subject.address
        let provider = match.provider
        var letter = LetterPage()
        letter.header("To", "\(provider.name), by your account there")
        letter.header("Subject", "reverse DNS of \(client): please change the PTR record")
        letter.blank()
        letter.paragraph(
            "\(provider.name) keeps the reverse zone, as \(ProviderWording.sign(match.sign)) says."
                + " Its customers set the PTR record themselves. The steps, in this order:")
        letter.blank()
        var number = 1
        for forward in report.plan.steps where forward.owner == .you && forward.holdsAddress {
            letter.step(
                number,
                (provider.demandsForwardFirst
                    ? "\(provider.name) refuses a name that does not lead back yet. " : "")
                    + "In your own zone: \(StepWording.sentence(forward))")
            for record in StepWording.records(forward) { letter.record(record) }
            number += 1
        }
        let instructions = provider.instructions(for: client, pointer: step.plannedPointer)
        for instruction in instructions {
            letter.step(number, ProviderWording.text(instruction))
            if let command = instruction.command { letter.command(command) }
            number += 1
        }
        letter.step(number, "Verify:")
        letter.command("dig +short -x \(client)")
        letter.blank()
        if instructions.contains(where: { !$0.isVerified }) {
            letter.paragraph("[unverified]: not seen on a page of the provider itself.")
        }
        letter.paragraph("Source: \(provider.source).")
        letter.blank()
        letter.paragraph(
            "Where the account offers no such field, send its support this: We send mail from"
                + " \(client), and its PTR record has to change."
                + " \(observation(report.facts)) Please let it be:")
        letter.blank()
        for record in StepWording.records(step) { letter.record(record) }
        letter.blank()
        letter.evidence(of: report, [Question(report.facts.pointer.question, .ptr)])
        return letter.text
    }

    /// Both sides' records (RFC 2317), where the customer wants to keep the names himself.
    /// - Parameters:
    ///   - delegation: The records.
    ///   - isAll: Whether the letter asks for nothing else.
    ///   - letter: Where they go.
    static func append(
        _ delegation: ClasslessDelegation, isAll: Bool, to letter: inout LetterPage
    ) {
        let zone =
            delegation.isParentKnown
            ? "\(delegation.parent)" : "the reverse zone, usually \(delegation.parent)"
        letter.paragraph(
            (isAll ? "Please" : "Or")
                + " delegate the reverse names of \(delegation.block) to us (RFC 2317). Then please"
                + " put these into \(zone), in place of the PTR records that these"
                + " addresses have there; both kinds are needed, the delegation and a CNAME for"
                + " each address:")
        letter.blank()
        for record in delegation.parentRecords { letter.record(MasterFilePrinter.line(record)) }
        letter.blank()
        letter.paragraph("Our zone \(delegation.child) has:")
        letter.blank()
        for record in delegation.childRecords { letter.record(MasterFilePrinter.line(record)) }
        letter.blank()
    }
}
