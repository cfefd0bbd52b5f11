import NetNames
import ReceiverModels
import SenderIdentity

/// The verdict as the reply of a mail server that takes no mail: to be read in logs and bounces.
///
/// What matters most stands first, for servers cut long replies: the verdict, the report's address,
/// what was seen, who would refuse it, what to do first. Every line begins with a word of ours, and
/// all of it is ASCII: names of the DNS are escaped already, our own signs are spelled out.
///
/// The codes are those that a strict receiver would use (RFC 7372, RFC 3463):
///
/// | verdict | reply |
/// |---|---|
/// | a fault of PTR or its confirmation | 550 5.7.25, reverse DNS validation failed |
/// | SPF fail | 550 5.7.23, SPF validation failed |
/// | SPF permerror | 550 5.7.24, SPF validation error |
/// | any other fault | 550 5.7.1, delivery not authorized |
/// | could not find out | 451 4.4.3, directory server failure: the sender tries again |
/// | nothing to fix, a weakness, not tested | 550 5.3.2, system not accepting network messages |
package struct SMTPReport: Hashable, Sendable {
    /// 550, or 451 where nothing is proven.
    package let code: UInt16
    /// The second and third number of the enhanced code; the first is the code's class.
    package let subject: UInt16
    package let detail: UInt16
    /// ASCII, no line breaks, the most important first.
    package let lines: [String]

    /// - Parameters:
    ///   - report: What was found out.
    ///   - url: Where the whole report can be read; nil if nowhere.
    package init(_ report: Report, url: String? = nil) {
        (code, subject, detail) = Self.codes(report.verdict.outcome)
        let headline = Headline(report)
        var lines = headline.lines
        lines[0] = "\(headline.status.rawValue): \(lines[0])"
        for index in lines.indices.dropFirst() { lines[index] = "Why: " + lines[index] }
        if let url { lines.append("Report: \(url)") }
        lines.append(Self.seen(report))
        lines += Self.steps(report)
        lines += Self.plan(report)
        lines += Self.receivers(report)
        lines.append("Note: no mail is accepted here; this one was not taken.")
        self.lines = lines.map(Self.ascii)
    }

    private static func codes(_ outcome: Verdict.Outcome) -> (UInt16, UInt16, UInt16) {
        switch outcome {
        case .fault(let finding):
            switch finding.code.group {
            case .pointerStatus, .pointerForward, .pointerForm, .reverseTree: (550, 7, 25)
            case .spf: finding.code == .spfPermerror ? (550, 7, 24) : (550, 7, 23)
            case .address, .heloForm, .heloAndClient, .heloAlias, .heloAndPointer, .topology,
                .blockLists, .limits:
                (550, 7, 1)
            }
        case .undetermined: (451, 4, 3)
        case .sharedPool, .weakness, .nothingToFix, .notTested: (550, 3, 2)
        }
    }

    /// Who connected, and what it said of itself: one line of ASCII.
    package static func seen(_ report: Report) -> String {
        let facts = report.facts
        var text = "Seen: \(facts.subject.address)"
        if let helo = facts.subject.helo { text += ", HELO \(helo.text)" }
        if let path = facts.subject.mailFrom {
            text += ", MAIL FROM <\(shown(path.raw))>"
        }
        return text
    }

    private static func shown(_ bytes: [UInt8]) -> String {
        String(
            decoding: bytes.map { Ascii.isPrintable($0) ? $0 : UInt8(ascii: "?") }, as: UTF8.self)
    }

    /// A line for each step, with the PTR name itself where there is one.
    private static func steps(_ report: Report) -> [String] {
        let facts = report.facts
        guard facts.isAsked else { return [] }
        var lines: [String] = []
        if let name = facts.confirmedName ?? facts.pointer.names.first?.name {
            let more = facts.pointer.count > 1 ? " and \(facts.pointer.count - 1) more" : ""
            lines.append("PTR: \(name)\(more), iprev=\(facts.iprev.keyword)")
        }
        for step in StepRow.all(in: report, showsAll: false) {
            let status = step.status == .notTested ? "" : "\(step.status.rawValue), "
            lines.append("\(step.title): \(status)\(step.detail)")
            lines += step.messages.map { "\(step.title): \($0)" }
        }
        return lines
    }

    /// Whose rules would refuse it, in a line: the rules themselves stand in the report.
    private static func receivers(_ report: Report) -> [String] {
        guard report.facts.isAsked else { return [] }
        let refusing = ReceiverRow.shown(in: report, showsAll: false).filter {
            $0.outcome == .refuse || $0.outcome == .defer
        }
        let always = names(refusing.filter { $0.rule.setting == nil || $0.rule.isOnByDefault })
        let switched = names(refusing).filter { !always.contains($0) }
        let parts = [
            always.joined(separator: ", "),
            switched.isEmpty
                ? "" : "where such a rule is switched on, " + switched.joined(separator: ", "),
        ].filter { !$0.isEmpty }
        return parts.isEmpty ? [] : ["Refused by: " + parts.joined(separator: "; ")]
    }

    private static func names(_ replies: [SimulatedReply]) -> [String] {
        var names: [String] = []
        for reply in replies where !names.contains(reply.receiver.name) {
            names.append(reply.receiver.name)
        }
        return names
    }

    /// The steps of the plan, each with its record on a line of its own, to be copied.
    private static func plan(_ report: Report) -> [String] {
        PlanRow.all(in: report).enumerated().flatMap { index, row in
            ["To do \(index + 1), \(row.owner): \(row.sentence)"]
                + row.records.map { "Record: \($0)" }
        }
    }

    private static let sectionSign: Unicode.Scalar = "\u{a7}"

    /// Our sentences have a few signs that no SMTP reply may carry.
    private static func ascii(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case Self.sectionSign: result += "section "
            case "…": result += "..."
            case "–": result += "-"
            case "→": result += "->"
            case "«", "»": result += "\""
            case _ where scalar.isASCII && scalar.value >= 0x20 && scalar.value < 0x7f:
                result.unicodeScalars.append(scalar)
            default: result += "?"
            }
        }
        return result
    }
}
