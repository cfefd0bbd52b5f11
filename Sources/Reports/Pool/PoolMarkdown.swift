import ReceiverModels
import SPF
import SenderIdentity

/// A pool's report for tickets and wikis; every value passes ``MarkdownReport/escape(_:)``.
package enum PoolMarkdown {
    package static func render(_ report: PoolReport) -> String {
        let wording = PoolWording(report: report)
        let escape = MarkdownReport.escape
        let headline = wording.headline
        var text = "# \(headline.status.rawValue): \(escape(headline.lines.first ?? ""))\n\n"
        for line in headline.lines.dropFirst() { text += escape(line) + "\n" }
        text += "\n| | |\n|---|---|\n"
        for figure in wording.figures {
            text += "| \(escape(figure.name)) | \(escape(figure.value)) |\n"
        }
        text += "\n## What to do\n\n"
        for (index, step) in wording.steps.enumerated() {
            text += "\(index + 1). **\(escape(step.owner))**: \(escape(step.text))\n"
            let lines = step.commands + step.records
            guard !lines.isEmpty else { continue }
            text += "\n" + lines.map { "        \($0)\n" }.joined() + "\n"
            if step.hidden > 0 { text += "   … \(step.hidden) more\n\n" }
        }
        text += receivers(report) + hosts(report.matrix)
        return text
    }

    private static func receivers(_ report: PoolReport) -> String {
        var text = "\n## Who would refuse a host\n\n| outcome | hosts | receiver | reply |\n"
        text += "|---|---|---|---|\n"
        for rule in report.harmful(showsAll: true) {
            guard let example = rule.example else { continue }
            let reply = ReceiverRow.lines(example.reply.judgement, example.facts)
                .map(MarkdownReport.escape).joined(separator: "; ")
            text +=
                "| \(ReceiverRow.word(of: rule.worst)) | \(rule.counts[rule.worst, default: 0])"
                + " | \(MarkdownReport.escape(ReceiverRow.subject(example.reply))) | \(reply) |\n"
        }
        return text
    }

    private static func hosts(_ matrix: PoolMatrix) -> String {
        var text = "\n## Hosts\n\n| address | PTR | confirmed | HELO leads there | = HELO | SPF |\n"
        text += "|---|---|---|---|---|---|\n"
        for host in matrix.hosts {
            text +=
                "| \(host.facts.subject.address) | \(MarkdownReport.escape(host.pointerText))"
                + " | \(host.confirmedText) | \(PoolText.word(host.isCovered))"
                + " | \(PoolText.word(host.equalsHELO))"
                + " | \(host.spf?.result.rawValue ?? "?") |\n"
        }
        return text
    }
}
