import DNSModel
import NetNames
import ReceiverModels
package import Remedies
import SenderIdentity

/// A ready text to the one who has to act, with the evidence: plain text, 72 columns.
package enum Letter {
    package enum Recipient: String, Hashable, Sendable, CaseIterable {
        /// The holder of the address, who keeps the reverse zone.
        case isp
        /// The recipient's postmaster, whose rule refuses.
        case receiver
        /// A provider whose customers set the record themselves: its own steps, in order.
        case provider
    }

    /// Why there is no such letter to write.
    package enum Refusal: Error, Hashable, Sendable {
        /// The holder has nothing to do.
        case nothingForHolder
        /// The sender has a fault of his own to mend first.
        case faultOnSendingSide
        /// The address was not looked up, or the look-up failed.
        case notEstablished
        /// A letter about HELO needs the HELO name.
        case heloUnknown
        /// No rule known here refuses: there is nothing to ask of the receiver.
        case nothingForReceiver
        /// The record cannot be written without the mail server's own name.
        case nameUnknown
        /// DNS does not show a provider whose steps are known here.
        case providerUnknown
        /// Planned records are no evidence: the letter would state them as facts.
        case planned
    }

    /// Writes the letter, or says why there is none.
    /// - Parameters:
    ///   - recipient: Who has to act.
    ///   - report: What was found out.
    ///   - delegation: To the holder only: both sides' records, where the customer wants to keep
    ///     the reverse names of his block himself.
    /// - Returns: The letter.
    /// - Throws: ``Refusal``.
    package static func text(
        to recipient: Recipient, about report: Report, delegation: ClasslessDelegation? = nil
    ) throws(Refusal) -> String {
        guard report.facts.isAsked else { throw .notEstablished }
        guard !report.evidence.holdsPlan else { throw .planned }
        switch recipient {
        case .isp: return try toHolder(report, delegation)
        case .provider: return try toProvider(report)
        case .receiver: return try toReceiver(report)
        }
    }

    // MARK: To the recipient's postmaster

    private static func toReceiver(_ report: Report) throws(Refusal) -> String {
        let facts = report.facts
        guard let helo = facts.helo else { throw .heloUnknown }
        if case .undetermined = report.verdict.outcome { throw .notEstablished }
        guard let name = facts.confirmedName, !hasFaultOfItsOwn(report) else {
            throw .faultOnSendingSide
        }
        if case .equals = helo.relation { throw .nothingForReceiver }
        guard !refusals(report).isEmpty else { throw .nothingForReceiver }
        let client = facts.subject.address
        var letter = LetterPage()
        letter.header("To", "the postmaster of the receiving domain")
        letter.header(
            "Subject", "mail from \(client) refused because HELO and PTR differ")
        letter.blank()
        let complaint =
            helo.match == .toClient
            ? "the name in HELO is not the PTR name of the IP address"
            : "the host name in HELO does not match the IP address"
        letter.paragraph(
            "Dear postmaster, your server refuses mail from \(client) because \(complaint). The"
                + " address is forward-confirmed; we ask you to change the rule.")
        letter.blank()
        letter.paragraph("What DNS says:")
        letter.bullet("\(client) has the PTR record \(name).")
        letter.bullet("\(name) leads back to \(client): iprev=pass (RFC 8601 §3).")
        letter.bullet("HELO is \(helo.argument.text): \(relation(helo)).")
        for sentence in poolSentences(facts) { letter.bullet(sentence) }
        letter.blank()
        rules(report, into: &letter)
        letter.paragraph(
            "Why this departs from the standard: RFC 5321 §4.1.4 lets a server verify the HELO"
                + " name, and says that it must not refuse a message because the name does not"
                + " correspond to the client's address. RFC 5321 §7.9 allows refusing mail for"
                + " policy; it does not make this test a sign of forgery.")
        if case .sharedPool = facts.topology {
            letter.paragraph(
                "For a shared pool the test cannot be met: one name cannot carry every address, and"
                    + " each host's own name stands in its PTR record.")
        }
        letter.blank()
        letter.paragraph(
            "What to use instead: require that the address has a PTR name that leads back to it."
                + " In Postfix that is reject_unknown_client_hostname, in Exim verify ="
                + " reverse_host_lookup. It refuses unnamed hosts and accepts this one. A HELO"
                + " mismatch may go into a header or a score.")
        letter.blank()
        letter.evidence(of: report, questions(facts))
        return letter.text
    }

    /// A proven fault, or a step that is the sender's to take: then the receiver may be right.
    private static func hasFaultOfItsOwn(_ report: Report) -> Bool {
        if report.verdict.findings.contains(where: { $0.severity == .error }) { return true }
        return report.plan.steps.contains { step in
            switch step.action {
            case .publishAddress, .chooseName, .setHELO, .setHELOToOwnName: true
            default: false
            }
        }
    }

    private static func relation(_ helo: HELOFacts) -> String {
        let count = helo.addressCount
        switch helo.match {
        case .toClient:
            return count == 1
                ? "it leads to this address" : "it leads to this address and \(count - 1) more"
        case .elsewhere:
            return "it leads to \(count) \(count == 1 ? "address" : "addresses"), not this one"
        case .loopback: return "it leads to a loopback address"
        case .doesNotResolve: return "it has no address"
        case .unknown(let failure): return "not found out (\(Causes.phrase(failure)))"
        case .notAsked: return "no name to look up"
        }
    }

    private static func poolSentences(_ facts: IdentityFacts) -> [String] {
        guard case .sharedPool = facts.topology else { return [] }
        let confirmed = facts.members.filter { $0.confirmedName != nil }.count
        let equal = facts.members.filter { $0.equalsHELO == true }.count
        return [
            "\(confirmed) of \(facts.members.count) hosts behind the HELO name are"
                + " forward-confirmed themselves; \(equal) of them have it as their PTR name."
                + " It is a shared pool, by design."
        ]
    }

    /// The rules that refuse or defer because HELO differs from the PTR name or the address.
    ///
    /// Refusals for other reasons are no business of this letter, and our own guard is no witness.
    private static func refusals(_ report: Report) -> [SimulatedReply] {
        report.replies.filter { reply in
            [.refuse, .defer].contains(reply.outcome) && reply.receiver.id != "guard"
                && reply.because.contains {
                    [.heloAndClient, .heloAndPointer].contains($0.group)
                }
        }
    }

    private static func rules(_ report: Report, into letter: inout LetterPage) {
        letter.paragraph("Rules known to refuse it:")
        for reply in refusals(report) {
            let lines = ReceiverRow.lines(reply.judgement, report.facts)
            letter.bullet(([ReceiverRow.subject(reply)] + lines).joined(separator: ": "))
        }
        letter.blank()
    }

    private static func questions(_ facts: IdentityFacts) -> [Question] {
        var questions = [Question(facts.pointer.question, .ptr)]
        let type: RecordType = facts.subject.address.family == .v4 ? .a : .aaaa
        if let name = facts.confirmedName { questions.append(Question(name, type)) }
        if let name = facts.helo?.argument.name { questions.append(Question(name, type)) }
        return questions
    }
}
