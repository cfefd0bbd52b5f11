import NetNames
import ReceiverModels
import SenderIdentity

/// A pool's report for a terminal: verdict, figures, matrix, receivers, what to do.
package enum PoolText {
    /// Hosts shown without `--all`: a screen's worth.
    private static let shownHosts = 10

    package static func render(_ report: PoolReport, _ options: TextReport.Options) -> String {
        var page = TextPage(width: options.width, isColored: options.isColored)
        let wording = PoolWording(report: report)
        headline(wording, &page)
        figures(wording, &page)
        hosts(report.matrix, options, &page)
        receivers(report, options, &page)
        steps(wording, &page)
        return page.text
    }

    private static func headline(_ wording: PoolWording, _ page: inout TextPage) {
        let (status, lines) = wording.headline
        let style: TextPage.Style =
            switch status {
            case .ok: .good
            case .fail: .bad
            case .warn, .unknown, .note: .doubtful
            }
        let lead = status.rawValue + "  "
        for (index, line) in lines.enumerated() {
            page.paragraph(
                .init(index == 0 ? lead : spaces(lead.utf8.count), style), line,
                index == 0 ? .strong : .plain)
        }
    }

    private static func figures(_ wording: PoolWording, _ page: inout TextPage) {
        page.blank()
        for figure in wording.figures {
            page.paragraph(.init(column(figure.name, 19), .dim), figure.value)
        }
    }

    private static func hosts(
        _ matrix: PoolMatrix, _ options: TextReport.Options, _ page: inout TextPage
    ) {
        guard !matrix.hosts.isEmpty else { return }
        page.blank()
        let longest = matrix.hosts.map { "\($0.facts.subject.address)".utf8.count }.max() ?? 0
        let length = longest + 2
        let room = max(5, page.width - length - 28)
        page.line(
            .init(column("Host", length), .strong), .init(column("PTR", room), .strong),
            .init(" confirmed  HELO →  = HELO", .strong))
        // What is wrong comes first: nobody scrolls for it.
        let sorted = matrix.hosts.enumerated().sorted {
            ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset)
        }.map(\.element)
        let shown = options.showsAll ? sorted : Array(sorted.prefix(shownHosts))
        for host in shown {
            page.line(
                .init(column("\(host.facts.subject.address)", length)),
                .init(column(host.pointerText, room)),
                .init(
                    " " + column(host.confirmedText, 11) + column(word(host.isCovered), 8)
                        + word(host.equalsHELO)))
        }
        let rest = sorted.count - shown.count
        guard rest > 0 else { return }
        // The last one shown and those left out.
        let patterns = Set(sorted.dropFirst(shownHosts - 1).map(\.pattern))
        page.line(.init("… \(rest) more\(patterns.count == 1 ? " alike" : "") (--all)", .dim))
    }

    static func word(_ value: Bool?) -> String { value.map { $0 ? "yes" : "no" } ?? "?" }

    private static func receivers(
        _ report: PoolReport, _ options: TextReport.Options, _ page: inout TextPage
    ) {
        let harmful = report.harmful(showsAll: options.showsAll)
        guard report.matrix.hosts.contains(where: { $0.facts.isAsked }) else { return }
        page.blank()
        guard !harmful.isEmpty else {
            page.line(.init("Who would refuse a host: none of these rules", .strong))
            return
        }
        page.line(.init("Who would refuse a host", .strong))
        for rule in harmful {
            guard let example = rule.example else { continue }
            let count = rule.counts[rule.worst, default: 0]
            let word = ReceiverRow.word(of: rule.worst)
            let deferred = rule.worst == .refuse ? rule.counts[.defer, default: 0] : 0
            page.paragraph(
                .init(column(word, 8), word == "refuse" ? .bad : .doubtful),
                "\(count) of \(report.matrix.hosts.count)"
                    + (deferred > 0 ? " (\(deferred) more deferred)" : "")
                    + ": \(ReceiverRow.subject(example.reply))")
            guard options.showsAll else { continue }
            for line in ReceiverRow.lines(example.reply.judgement, example.facts) {
                page.paragraph(
                    .init(spaces(10)), "\(example.facts.subject.address): \(line)", .dim)
            }
        }
    }

    private static func steps(_ wording: PoolWording, _ page: inout TextPage) {
        page.blank()
        page.line(.init("What to do", .strong))
        let steps = wording.steps
        let length = (steps.map { $0.owner.utf8.count }.max() ?? 0) + 2
        for (index, step) in steps.enumerated() {
            page.paragraph(
                .init(column("\(index + 1) \(step.owner)", length + 2), .strong), step.text)
            for command in step.commands {
                page.paragraph(.init(spaces(length + 2)), command, .dim)
            }
            for record in step.records { page.record(record, indent: length + 2) }
            if step.hidden > 0 {
                page.line(.init(spaces(length + 2) + "… \(step.hidden) more", .dim))
            }
        }
    }
}

extension PoolMatrix.Host {
    /// Faults first, then what is not known, then what is well.
    fileprivate var rank: Int {
        switch facts.iprev {
        case .permerror: 0
        case .fail: 1
        case .temperror: 2
        case .pass: isOutlier ? 3 : 4
        }
    }

    var pointerText: String {
        if let name = facts.confirmedName ?? facts.pointer.names.first?.name { return "\(name)" }
        switch facts.pointer.lookup?.outcome {
        case .failed(let failure): return Causes.phrase(failure)
        case nil: return "not looked up"
        case .answers, .noData, .noSuchName: return "none"
        }
    }

    var confirmedText: String {
        switch facts.iprev {
        case .pass: "yes"
        case .fail, .permerror: "no"
        case .temperror: "?"
        }
    }

    fileprivate var pattern: String {
        confirmedText + PoolText.word(isCovered) + PoolText.word(equalsHELO)
    }
}
