import DNSModel
import NetNames
import Remedies
import SenderIdentity

/// To the keeper of the reverse zone: what we see, each request with its records, how to verify.
extension Letter {
    /// The steps that one keeper of a reverse zone has to take: the first who has any.
    static func holdersSteps(_ report: Report) throws(Refusal) -> [RemedyStep] {
        let steps = report.plan.steps.filter { StepWording.letter($0) == Recipient.isp.rawValue }
        guard let first = steps.first else {
            if isUnknown(report) { throw .notEstablished }
            throw .nothingForHolder
        }
        let own = steps.filter { $0.owner == first.owner }
        // A failed look-up proves nothing; what servers said themselves in the walk does.
        if isUnknown(report), !own.allSatisfy(isProven) { throw .notEstablished }
        guard !own.contains(where: lacksName) else { throw .nameUnknown }
        return own
    }

    private static func isUnknown(_ report: Report) -> Bool {
        report.facts.pointer.lookup?.outcome.failure != nil
    }

    private static func isProven(_ step: RemedyStep) -> Bool {
        if case .serveZone(let service) = step.action { return service.useless.isProven }
        return !step.isAboutPointer
    }

    /// Whether the step's record has to hold the mail server's own name, and that is not known.
    static func lacksName(_ step: RemedyStep) -> Bool {
        guard step.records.isEmpty else { return false }
        return switch step.action {
        case .replaceAlias, .createZone: true
        default: step.isAboutPointer
        }
    }

    /// What the keeper is asked to change; nothing where a delegation is all that is wanted.
    private static func requests(
        _ report: Report, hasDelegation: Bool
    ) throws(Refusal) -> [RemedyStep] {
        guard hasDelegation else { return try holdersSteps(report) }
        var steps: [RemedyStep] = []
        do throws(Refusal) {
            steps = try holdersSteps(report)
        } catch {
            guard error == .nothingForHolder else { throw error }
        }
        // Only the keeper of the zone with the aliases can delegate, and who that is is not known.
        if let zone = childZone(report.facts), steps.first?.owner != .addressHolder {
            throw .alreadyDelegated(zone)
        }
        return steps
    }

    /// Where the client's reverse name leads by an alias (RFC 2317).
    private static func childZone(_ facts: IdentityFacts) -> DomainName? {
        let walked = facts.reverseTree?.trace.visits.flatMap(\.replies).compactMap { reply in
            if case .alias(let target)? = reply.answer { target } else { nil }
        }
        return (facts.pointer.lookup?.outcome.aliases.last ?? walked?.first)?.parent
    }

    static func toHolder(
        _ report: Report, _ delegation: ClasslessDelegation?
    ) throws(Refusal) -> String {
        let facts = report.facts
        let steps = try requests(report, hasDelegation: delegation != nil)
        let client = facts.subject.address
        var letter = LetterPage()
        let mailbox =
            steps.isEmpty
            ? ZoneKeeper(of: facts).mailAddress : steps.lazy.compactMap(mailAddress).first
        if let address = mailbox {
            letter.header("To", "\(address) (the zone's SOA names it)")
        } else {
            letter.header("To", "the holder of \(client) (hostmaster)")
        }
        // A hint, no recipient: such mailboxes are for abuse and networks, and only as registered.
        if let contact = report.evidence.registration?.contactForReverseDNS,
            let mail = contact.mail
        {
            letter.header(
                "Hint", "if nobody answers, \(mail) (\(contact.role.rawValue) contact, RDAP)")
        }
        let block = delegation.map { "\($0.block)" } ?? ""
        let wish = steps.first.map(TreeStepWording.subject) ?? "please delegate \(block)"
        letter.header("Subject", "reverse DNS of \(client): \(wish)")
        letter.blank()
        letter.paragraph(
            "Dear hostmaster, we send mail from \(client). "
                + (steps.isEmpty
                    ? "We should like to keep the reverse names of \(block) ourselves."
                    : "Its reverse DNS needs a change that only the keeper of the reverse zone can"
                        + " make."))
        letter.blank()
        letter.paragraph("What we see: " + observation(facts))
        if let cause = WalkWording.cause(facts), !steps.contains(where: saysCause) {
            letter.paragraph(cause + ".")
        }
        letter.blank()
        for step in steps {
            letter.paragraph(TreeStepWording.request(step))
            letter.blank()
            for record in StepWording.records(step) { letter.record(record) }
            if !StepWording.records(step).isEmpty { letter.blank() }
        }
        others(report, steps, into: &letter)
        forwardRecord(report, into: &letter)
        if let delegation {
            append(delegation, isAll: steps.isEmpty, to: &letter)
        } else if client.family == .v4,
            steps.contains(where: { isCreation($0, at: facts.pointer.question) })
        {
            letter.paragraph(
                "If you delegate ranges smaller than /24, the CNAME of RFC 2317 for this address,"
                    + " and the delegation of the zone it leads to, serve as well.")
            letter.blank()
        }
        letter.paragraph("Why: " + (steps.isEmpty ? whyDelegate : why(facts)))
        letter.blank()
        letter.paragraph("To verify:")
        for step in steps where !step.isAboutPointer {
            if let command = StepWording.verification(step, client: client) {
                letter.command(command)
            }
        }
        letter.command("dig -x \(client) +short")
        letter.blank()
        letter.evidence(of: report, [Question(facts.pointer.question, .ptr)])
        return letter.text
    }

    /// The mailbox of the zone concerned; a letter about a delegation goes to whoever was given it.
    private static func mailAddress(_ step: RemedyStep) -> String? {
        if case .serveZone(let service) = step.action { return service.keeper.mailAddress }
        return step.keeper?.mailAddress
    }

    private static let whyDelegate =
        "whoever names the hosts then keeps PTR and address records in step (RFC 2317 §3), and no"
        + " change of a name is work for you."

    private static func why(_ facts: IdentityFacts) -> String {
        if facts.confirmedName != nil, facts.reverseTree?.fault != nil {
            return "every server that is named for a zone has to answer for it, and alike"
                + " (RFC 1912 §2.8); look-ups that meet another one are slow or fail, and mail is"
                + " deferred."
        }
        return "RFC 1912 §2.1 wants a PTR record for every address, matching the address record,"
            + " and large receivers refuse mail where that does not hold."
    }

    /// Whether the request says itself what the walk found.
    private static func saysCause(_ step: RemedyStep) -> Bool {
        switch step.action {
        case .serveZone, .synchronize, .createAlias, .replaceAlias: true
        default: false
        }
    }

    /// What a keeper of another zone has to do besides, so that nobody waits for the other.
    private static func others(
        _ report: Report, _ steps: [RemedyStep], into letter: inout LetterPage
    ) {
        for step in report.plan.steps where step.owner == .reverseZoneKeeper {
            guard !steps.contains(step), let zone = step.zone else { continue }
            switch step.action {
            case .pointerIsRight: letter.paragraph("The PTR record is in place in \(zone).")
            case .serveZone(let service) where service.useless.serving == 0:
                // Else the reader follows the request, and nothing is found all the same.
                letter.paragraph(
                    "No server answers for \(zone) yet: \(WalkWording.list(service.useless.servers))."
                        + " Its keeper is to load it" + (step.records.isEmpty ? "." : ", with:"))
            default:
                if !step.records.isEmpty { letter.paragraph("The keeper of \(zone) is to have:") }
            }
            if !step.records.isEmpty {
                letter.blank()
                for record in StepWording.records(step) { letter.record(record) }
            }
            letter.blank()
        }
    }

    private static func forwardRecord(_ report: Report, into letter: inout LetterPage) {
        let facts = report.facts
        let client = facts.subject.address
        let names = report.plan.steps.flatMap { step -> [DomainName] in
            if case .pointerIsRight(_, let names, _) = step.action { return names }
            return step.plannedPointer.map { [$0] } ?? []
        }
        let helo = facts.helo?.match == .toClient ? facts.helo?.argument.name : nil
        let present = report.plan.steps.compactMap { step -> DomainName? in
            if case .addressIsRight(let name, _) = step.action { name } else { nil }
        }
        let isPlanned = report.plan.steps.contains { $0.owner == .you && $0.holdsAddress }
        if let name = ([helo].compactMap { $0 } + present).first(where: names.contains) {
            letter.paragraph("The forward record is in place: \(name) leads to \(client).")
            letter.blank()
        } else if facts.confirmedName == nil, isPlanned {
            letter.paragraph("The forward record is being published on our side.")
            letter.blank()
        }
    }

    /// Whether the step creates the PTR record there: elsewhere, an alias leads to it already.
    private static func isCreation(_ step: RemedyStep, at name: DomainName) -> Bool {
        if case .createPointer(name, _) = step.action { return true }
        return false
    }

    static func observation(_ facts: IdentityFacts) -> String {
        let client = facts.subject.address
        guard !facts.pointer.names.isEmpty else {
            let outcome = facts.pointer.lookup.map { Causes.phrase($0.outcome) } ?? "nothing"
            if facts.pointer.lookup?.outcome.failure != nil {
                return "the look-up of \(facts.pointer.question) fails (\(outcome))."
            }
            if let slip = facts.pointer.writtenForwards {
                return "\(facts.pointer.question) has no PTR record (\(outcome)); the record stands"
                    + " at \(slip.owner), which is the name of another address."
            }
            return "\(facts.pointer.question) has no PTR record (\(outcome))."
        }
        let names = facts.pointer.names.map { one in
            "\(one.name) (\(leading(one, client)))"
        }
        return "\(client) has \(names.count == 1 ? "the PTR record" : "the PTR records")"
            + " \(names.joined(separator: ", "))."
    }

    private static func leading(_ name: PointerNameFacts, _ client: IPAddress) -> String {
        switch name.match {
        case .confirmed: "leads back to it"
        case .elsewhere(let found): "leads to \(Causes.list(found))"
        case .noSuchName: "does not exist"
        case .noAddress: "has no address"
        case .otherFamilyUnknown: "has no address of that family"
        case .unknown(let failure): "could not be looked up: \(Causes.phrase(failure))"
        case .notAsked: name.defect.map { Causes.phrase($0) } ?? "not looked up"
        }
    }
}
