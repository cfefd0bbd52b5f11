import NetNames
import SPF
import SenderIdentity

/// The verdict in a word and a few lines.
package struct Headline: Hashable, Sendable {
    package let status: StatusWord
    /// The first line is the verdict, the others say why.
    package let lines: [String]

    /// Whether the lines behind the first are a stranger's words.
    package let holdsQuotes: Bool

    package enum StatusWord: String, Hashable, Sendable {
        case ok = "OK"
        case fail = "FAIL"
        case warn = "WARN"
        case unknown = "UNKNOWN"
        case note = "NOTE"
    }

    package init(_ report: Report) {
        let facts = report.facts
        let client = facts.subject.address
        if case .fault(let finding) = report.verdict.outcome, finding.code == .blockListed {
            holdsQuotes = true
        } else {
            holdsQuotes = false
        }
        switch report.verdict.outcome {
        case .fault(let finding):
            status = .fail
            lines = [Messages.message(for: finding, in: facts)] + Self.causes(of: finding, facts)
        case .undetermined(let question):
            status = .unknown
            lines = Self.lines(for: question, facts)
        case .sharedPool:
            status = .ok
            lines = [
                "Nothing to fix on the sending side: shared pool, by design.",
                "Refusing it because HELO and PTR differ departs from RFC 5321 §4.1.4",
            ]
        case .weakness(let finding):
            status = .warn
            lines = [Messages.message(for: finding, in: facts)] + Self.causes(of: finding, facts)
        case .nothingToFix:
            // Severities may be graded otherwise; a confirmation is never claimed without its name.
            guard let name = facts.confirmedName else {
                status = .note
                lines = ["\(client) is not forward-confirmed: iprev=\(facts.iprev.keyword)."]
                return
            }
            status = .ok
            lines = ["Nothing to fix: \(client) and \(name) confirm each other."]
        case .notTested:
            status = .note
            let kind = facts.purpose.map { Causes.phrase($0.kind) } ?? "special-purpose"
            let source = facts.purpose.map { " (\($0.source))" } ?? ""
            lines = [
                "\(client) is a \(kind) address: no public PTR record can exist",
                "DNS was not asked\(source). Give the address that receivers see.",
            ]
        }
    }

    private static func causes(of finding: Finding, _ facts: IdentityFacts) -> [String] {
        let question = facts.pointer.question
        switch finding.kind {
        case .noPointer(let outcome):
            // Without a SOA nobody has signed for the denial; it is believed, and not praised.
            let isSigned = outcome.absence?.authority != nil
            let asked = "Asked \(question): \(Causes.phrase(outcome))."
            let aliases = outcome.aliases.last.map { ["The alias leads to \($0)."] } ?? []
            if let cause = WalkWording.cause(facts) { return [asked, cause] }
            let agreement = WalkWording.agreement(facts)
            let absence = isSigned ? " A real absence\(agreement.map { "; \($0)" } ?? "")." : ""
            return [asked + absence] + aliases
        case .reverseDelegationMissing, .reverseDelegationLame, .classlessParentWithoutAlias,
            .classlessChildEmpty, .classlessChildLame, .classlessAliasDangling, .serversDisagree:
            guard let outcome = facts.pointer.lookup?.outcome else { return [] }
            if outcome.answers != nil { return ["The resolvers find the PTR record all the same."] }
            return ["Asked \(question): \(Causes.phrase(outcome))."]
        case .pointerPointsElsewhere, .pointerNameDoesNotExist:
            return ["No PTR name leads back to the address: iprev=\(facts.iprev.keyword)."]
        case .pointerMissingTrailingDot(_, let intended):
            return intended.map { ["Meant was probably \($0)."] } ?? []
        case .heloResolvesElsewhere:
            return [
                "Some receivers refuse for it, though RFC 5321 §4.1.4 forbids that."
            ]
        case .blockListed(_, let listing):
            return BlockListWording.causes(listing)
        case .severalPointers(_, everyOneConfirms: false),
            .tooManyPointers(_, _, everyOneConfirms: false):
            return facts.confirmedName == nil
                ? [] : ["Receivers that look at one name only will refuse now and then."]
        default:
            return []
        }
    }

    private static func lines(
        for question: Verdict.OpenQuestion, _ facts: IdentityFacts
    ) -> [String] {
        let client = facts.subject.address
        let notProof = "That proves no fault; a receiver should ask to try again later (4xx)."
        switch question {
        case .reverse(let failure):
            return [
                "Could not find out whether \(client) has a PTR record",
                "Asked \(facts.pointer.question): \(Causes.phrase(failure)).",
                WalkWording.cause(facts) ?? notProof,
            ]
        case .forward(let failure):
            let name = facts.pointer.names.first(where: \.isUnknown).map { "\($0.name)" } ?? "it"
            return [
                "Could not find out whether the PTR name leads back to \(client)",
                "Asked \(name): \(Causes.phrase(failure)).", notProof,
            ]
        case .helo(let failure):
            return [
                "Could not find out where the HELO name leads",
                "Asked \(Causes.shown(facts.subject.helo)): \(Causes.phrase(failure)).", notProof,
            ]
        case .spf(let failure):
            let spf = facts.spf.first { $0.identity == .mailFrom }
            return [
                "Could not find out what SPF says about \(spf.map(SPFWording.whose) ?? "MAIL FROM")",
                "Asked \(spf.map(SPFWording.reason) ?? Causes.phrase(failure)).", notProof,
            ]
        case .blockList(let zone, let doubt):
            return [
                BlockListWording.unknown(zone, doubt, client),
                "That is no listing: nothing is proven against the address.",
            ]
        case .skippedNames(let count):
            return [
                "Could not find out whether a PTR name leads back to \(client)",
                "\(facts.pointer.count) PTR records: \(count) were not looked at.",
            ]
        case .topology(let failure, let member):
            let host = member.map { "\($0)" } ?? "A host"
            return [
                "Could not find out whether the HELO name is shared by design",
                "\(host) behind it could not be looked up: \(Causes.phrase(failure)).",
            ]
        }
    }
}
