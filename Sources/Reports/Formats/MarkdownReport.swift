import NetNames
import Remedies
import SenderIdentity

/// The report for tickets and wikis.
///
/// Every value passes ``escape(_:)``.
package enum MarkdownReport {
    package static func render(_ report: Report) -> String {
        let facts = report.facts
        let headline = Headline(report)
        var text = "# \(headline.status.rawValue): \(escape(headline.lines.first ?? ""))\n\n"
        for line in headline.lines.dropFirst() {
            text += (headline.holdsQuotes ? escapeAll(line) : escape(line)) + "\n"
        }
        if let note = report.plannedNote { text += escape(note) + "\n" }
        text += "\n| | |\n|---|---|\n"
        text += "| Outbound IP address | \(facts.subject.address) |\n"
        text += "| HELO | \(escape(facts.subject.helo?.text ?? "not given")) |\n"
        if facts.isAsked {
            let names = facts.pointer.names.map { escape("\($0.name)") }.joined(separator: ", ")
            text += "| PTR record | \(names.isEmpty ? "none" : names) |\n"
            text += "| iprev | \(facts.iprev.keyword) |\n"
        }
        text += "| Looked up | \(Timestamp.text(report.evidence.startedAt)) |\n"
        text += comparison(report) + plan(report) + receivers(report) + keeper(report)
        text += members(facts)
        text += blockLists(report)
        text += findings(report) + senderPolicy(report)
        return text
    }

    private static func findings(_ report: Report) -> String {
        guard !report.verdict.findings.isEmpty else { return "" }
        var text = "\n## Findings\n\n| severity | code | what |\n|---|---|---|\n"
        for graded in report.verdict.findings {
            let message = escape(Messages.message(for: graded.finding, in: report.facts))
            text +=
                "| \(graded.severity.rawValue) | \(graded.finding.code.rawValue) | \(message) |\n"
        }
        return text
    }

    private static func keeper(_ report: Report) -> String {
        let rows = KeeperRow.all(in: report, showsAll: true)
        guard !rows.isEmpty else { return "" }
        var text = "\n## \(KeeperRow.title)\n\n| | |\n|---|---|\n"
        for row in rows {
            let shown = row.isForeign ? escapeAll(row.text) : escape(row.text)
            text += "| \(row.label) | \(shown) |\n"
        }
        return text
    }

    private static func senderPolicy(_ report: Report) -> String {
        let traces = SPFTrace.all(in: report)
        guard !traces.isEmpty else { return "" }
        var text = "\n## SPF\n\n\(escape(SPFTrace.preface))\n"
        for trace in traces {
            text +=
                "\n\(escape(trace.title)) (\(trace.summary))\n\n| depth | outcome | term | found |\n"
            text += "|---|---|---|---|\n"
            for row in trace.rows {
                text += "| \(row.depth) | \(row.status) | \(escape(row.text))"
                text += " | \(escape(row.detail)) |\n"
            }
        }
        return text
    }

    private static func members(_ facts: IdentityFacts) -> String {
        guard !facts.members.isEmpty else { return "" }
        var text = "\n## Behind the HELO name\n\n| address | PTR | confirmed | = HELO |\n"
        text += "|---|---|---|---|\n"
        for member in facts.members {
            let confirmed =
                switch member.status {
                case .confirmed: "yes"
                case .notConfirmed, .noPointer: "no"
                case .unknown(let failure): escape("? (\(Causes.phrase(failure)))")
                case .notAsked: "not looked up"
                }
            let name = member.name.map { escape("\($0)") } ?? "none"
            text += "| \(member.address) | \(name) | \(confirmed)"
            text += " | \(member.equalsHELO.map { $0 ? "yes" : "no" } ?? "?") |\n"
        }
        return text
    }

    private static func blockLists(_ report: Report) -> String {
        guard report.facts.isAsked else { return "" }
        let rows = BlockListRow.all(in: report)
        guard !rows.isEmpty else {
            return "\n## Block lists\n\n\(escape(BlockListRow.howToTest))\n"
        }
        var text = "\n## Block lists\n\n| result | zone | codes or cause | its words |\n"
        text += "|---|---|---|---|\n"
        for row in rows {
            let quotes = row.quotes.map(escapeAll).joined(separator: " ")
            text += "| \(row.word) | \(escape(row.zone)) | \(escape(row.detail)) | \(quotes) |\n"
        }
        return text
    }

    private static func receivers(_ report: Report) -> String {
        guard report.facts.isAsked else { return "" }
        var text = "\n## Who would refuse it\n\n| outcome | receiver | reply | why |\n"
        text += "|---|---|---|---|\n"
        for row in ReceiverRow.all(in: report, showsAll: true) {
            let reply = row.lines.map(escape).joined(separator: "; ")
            let codes = row.because.map(\.rawValue).joined(separator: ", ")
            text += "| \(row.word) | \(escape(row.subject)) | \(reply) | \(codes) |\n"
        }
        return text
    }

    private static func plan(_ report: Report) -> String {
        var text = "\n## What to do\n\n" + steps(PlanRow.all(in: report))
        if let outlook = PlanRow.outlook(report, showsAll: true) {
            text += "\nThen \(escape(outlook)).\n"
        }
        for alternative in PlanRow.alternatives(report, showsAll: true) {
            text += "\nInstead: \(escape(alternative)).\n"
        }
        let optional = PlanRow.optional(in: report)
        return optional.isEmpty ? text : text + "\n## Good to have\n\n" + steps(optional)
    }

    private static func steps(_ rows: [PlanRow]) -> String {
        var text = ""
        for (index, row) in rows.enumerated() {
            text += "\(index + 1). **\(escape(row.owner))**: \(escape(row.sentence))\n"
            // An indented block shows its bytes as they are: the record can be pasted.
            if !row.records.isEmpty { text += "\n" }
            for record in row.records { text += "        \(record)\n" }
            if let verification = row.verification { text += "        \(verification)\n" }
            if !row.records.isEmpty { text += "\n" }
            text += details(row.details)
        }
        return text
    }

    private static func details(_ details: StepDetails) -> String {
        var text = ""
        if let why = details.why { text += "   - why: \(escape(why))\n" }
        if let wait = details.wait { text += "   - wait: \(escape(wait))\n" }
        if !details.update.isEmpty {
            text += "   - or by nsupdate:\n\n"
            for line in details.update { text += "            \(line)\n" }
            text += "\n"
        }
        for setting in details.settings {
            let note = setting.note.map { " (\($0))" } ?? ""
            text += "   - \(escape("\(setting.server), \(setting.place)\(note)")):\n\n"
            text += "            \(setting.line)\n\n"
        }
        for instruction in details.provider {
            text += "   - \(escape(ProviderWording.text(instruction)))\n"
            if let command = instruction.command { text += "\n            \(command)\n\n" }
        }
        return text
    }

    private static func comparison(_ report: Report) -> String {
        guard let comparison = report.comparison else { return "" }
        var text = "\n## With the planned records\n\n| | |\n|---|---|\n"
        for row in comparison.rows(showsAll: true) {
            text += "| \(escape(row.label)) | \(escape(row.text)) |\n"
        }
        return text
    }

    private static func isBehindWWW(_ scalars: ArraySlice<Unicode.Scalar>) -> Bool {
        scalars.count >= 3 && scalars.suffix(3).allSatisfy { $0 == "w" || $0 == "W" }
    }

    /// Backslashes before all ASCII punctuation: some renderers make links of bare addresses, and a
    /// stranger's text must not become one.
    private static func escapeAll(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            let isPunctuation =
                scalar.isASCII && scalar.value > 0x20 && !scalar.properties.isAlphabetic
                && !("0"..."9").contains(scalar)
            if isPunctuation { escaped += "\\" }
            escaped.unicodeScalars.append(scalar)
        }
        return escaped
    }

    /// Backslashes before every ASCII character that Markdown or HTML could take for markup
    /// (CommonMark §2.4 allows it before any ASCII punctuation), and in what many renderers make
    /// links or mentions of: `://`, `www.`, `@`.
    package static func escape(_ text: String) -> String {
        var escaped = ""
        let scalars = Array(text.unicodeScalars)
        for (index, scalar) in scalars.enumerated() {
            switch scalar {
            case ":" where scalars.dropFirst(index + 1).first == "/",
                "." where isBehindWWW(scalars[..<index]), "@":
                escaped += "\\"
                escaped.unicodeScalars.append(scalar)
            case "\\", "`", "*", "_", "{", "}", "[", "]", "<", ">", "|", "~", "&", "!", "#", "$":
                escaped += "\\"
                escaped.unicodeScalars.append(scalar)
            default:
                escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
