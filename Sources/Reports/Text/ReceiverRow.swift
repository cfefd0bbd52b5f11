import ReceiverModels
import SenderIdentity

/// A line of the receivers' table: the outcome, who, the reply.
struct ReceiverRow {
    let word: String
    let subject: String
    let lines: [String]
    /// The codes of the findings that it follows from.
    var because: [FindingCode] = []

    /// The replies that a reader sees: those of the important receivers, or all.
    static func shown(in report: Report, showsAll: Bool) -> [SimulatedReply] {
        showsAll || report.hasChosenReceivers
            ? report.replies : report.replies.filter(\.receiver.isImportant)
    }

    /// Refusals first, accepting ones last and in one row.
    static func all(in report: Report, showsAll: Bool) -> [ReceiverRow] {
        let replies = shown(in: report, showsAll: showsAll)
        var rows: [ReceiverRow] = []
        let order: [SimulatedReply.Outcome] = [
            .refuse, .defer, .dependsOnRecordOrder, .dependsOnSearchList, .score,
        ]
        for outcome in order {
            for reply in replies where reply.outcome == outcome {
                rows.append(
                    ReceiverRow(
                        word: word(of: outcome), subject: subject(reply),
                        lines: lines(reply.judgement, report.facts),
                        because: reply.because))
            }
        }
        if !showsAll { rows += unsure(replies) }
        let last: [SimulatedReply.Outcome] = showsAll ? [.cannotTell, .accept] : [.accept]
        for outcome in last {
            let same = replies.filter { $0.outcome == outcome }
            guard !same.isEmpty else { continue }
            if showsAll {
                rows += same.map {
                    ReceiverRow(
                        word: word(of: outcome), subject: subject($0),
                        lines: lines($0.judgement, report.facts))
                }
            } else {
                rows.append(
                    ReceiverRow(
                        word: word(of: outcome), subject: joined(same, among: replies),
                        lines: []))
            }
        }
        if let rest = rest(of: report, shown: replies.count) { rows.append(rest) }
        return rows
    }

    /// A row for every rule by itself, the worst outcome first.
    static func each(in report: Report) -> [ReceiverRow] {
        let order: [SimulatedReply.Outcome] = [
            .refuse, .defer, .dependsOnRecordOrder, .dependsOnSearchList, .score, .cannotTell,
            .accept,
        ]
        return order.flatMap { outcome in
            report.replies.filter { $0.outcome == outcome }.map { reply in
                ReceiverRow(
                    word: word(of: outcome), subject: subject(reply),
                    lines: lines(reply.judgement, report.facts))
            }
        }
    }

    /// What the rules that are not shown do, in one row.
    private static func rest(of report: Report, shown: Int) -> ReceiverRow? {
        let hidden = report.replies.filter { !$0.receiver.isImportant }
        guard shown < report.replies.count else { return nil }
        return ReceiverRow(
            word: "more",
            subject: "\(hidden.count) rules of other receivers: \(counts(hidden)) (--all)",
            lines: [])
    }

    /// `13 refuse, 2 defer, 12 accept`: how many rules do what, the worst first.
    static func counts(_ replies: [SimulatedReply]) -> String {
        let verbs: [(SimulatedReply.Outcome, String)] = [
            (.refuse, "refuse"), (.defer, "defer"), (.dependsOnRecordOrder, "vary"),
            (.dependsOnSearchList, "vary"), (.score, "score"), (.cannotTell, "unsure"),
            (.accept, "accept"),
        ]
        var counts: [(verb: String, count: Int)] = []
        for (outcome, verb) in verbs {
            let count = replies.count { $0.outcome == outcome }
            guard count > 0 else { continue }
            if counts.last?.verb == verb {
                counts[counts.count - 1].count += count
            } else {
                counts.append((verb, count))
            }
        }
        return counts.map { "\($0.count) \($0.verb)" }.joined(separator: ", ")
    }

    /// Rules that cannot be told, a row per reason.
    private static func unsure(_ replies: [SimulatedReply]) -> [ReceiverRow] {
        var reasons: [String] = []
        var groups: [String: [SimulatedReply]] = [:]
        for reply in replies {
            guard case .cannotTell(let reason) = reply.judgement else { continue }
            let text = phrase(reason)
            if !reasons.contains(text) { reasons.append(text) }
            groups[text, default: []].append(reply)
        }
        return reasons.map { reason in
            let names = joined(groups[reason] ?? [], among: replies)
            return ReceiverRow(word: "unsure", subject: "\(names): \(reason)", lines: [])
        }
    }

    static func word(of outcome: SimulatedReply.Outcome) -> String {
        switch outcome {
        case .refuse: "refuse"
        case .defer: "defer"
        case .dependsOnRecordOrder, .dependsOnSearchList: "varies"
        case .score: "score"
        case .cannotTell: "unsure"
        case .accept: "accept"
        }
    }

    /// `Exim, verify = helo (off by default)`.
    static func subject(_ reply: SimulatedReply) -> String {
        var text = reply.receiver.name
        if let setting = reply.rule.setting {
            text += ", \(setting)"
        } else if reply.receiver.rules.count > 1 {
            text += ", \(reply.rule.id)"
        }
        if reply.rule.setting == nil, reply.rule.source.basis == .proven { text += " (always)" }
        if reply.rule.setting != nil, !reply.rule.isOnByDefault { text += " (off by default)" }
        if reply.rule.source.basis == .documented { text += " (published, not tested)" }
        if case .refusesInItsOwnWords = reply.judgement { text += " (wording varies)" }
        switch reply.judgement {
        case .dependsOnRecordOrder, .dependsOnSearchList:
            text += ": \(dependence(reply.judgement))"
        case .accepts, .replies, .refusesInItsOwnWords, .scores, .cannotTell: break
        }
        return text
    }

    static func lines(_ judgement: Judgement, _ facts: IdentityFacts) -> [String] {
        switch judgement {
        case .accepts, .refusesInItsOwnWords: []
        case .replies, .scores, .cannotTell: [phrase(judgement, facts)]
        case .dependsOnRecordOrder(let outcomes):
            outcomes.map { outcome in
                "\(outcome.names) of \(outcome.of) names first: \(phrase(outcome.judgement, facts))"
            }
        case .dependsOnSearchList(let absent, let present):
            [
                "no search list: \(phrase(absent, facts))",
                "search list in its resolv.conf: \(phrase(present, facts))",
            ]
        }
    }

    /// A judgement in one line.
    static func phrase(_ judgement: Judgement, _ facts: IdentityFacts) -> String {
        switch judgement {
        case .accepts: "accepts"
        case .replies(let reply, _): reply.line(for: facts)
        case .refusesInItsOwnWords: "refuses"
        case .scores(let score, _): phrase(score)
        case .cannotTell(let reason): phrase(reason)
        case .dependsOnRecordOrder, .dependsOnSearchList: dependence(judgement)
        }
    }

    /// What the outcome depends on, in the words of the table.
    private static func dependence(_ judgement: Judgement) -> String {
        if case .dependsOnSearchList = judgement { return "depends on the receiver's search list" }
        return "depends on record order"
    }

    /// `+4.5 RDNS_NONE, HFILTER_HOSTNAME_UNKNOWN`.
    static func phrase(_ score: Score) -> String {
        guard let thousandths = score.thousandths else {
            return score.marks.joined(separator: ", ")
        }
        let size = abs(thousandths)
        let fraction = String(1000 + size % 1000).dropFirst()
        let digits = fraction.hasSuffix("00") ? fraction.prefix(1) : fraction
        let points = "\(thousandths < 0 ? "-" : "+")\(size / 1000).\(digits)"
        return "\(points) \(score.marks.joined(separator: ", "))"
    }

    static func phrase(_ reason: Judgement.Reason) -> String {
        switch reason {
        case .lookupFailed(let failure): "our look-up failed: \(Causes.phrase(failure))"
        case .heloUnknown: "depends on the HELO name"
        case .namesSkipped: "depends on PTR names that were not looked at"
        case .notAsked: "not looked up"
        case .notKnown: "not known what it does here"
        case .receiversOwnData: "depends on the receiver's own lists"
        }
    }

    /// Receivers whose every rule accepts by their name alone; what is left of the others in a few
    /// words, for their other rules stand above with their settings.
    private static func joined(_ same: [SimulatedReply], among all: [SimulatedReply]) -> String {
        var published: [String] = []
        var whole: [String] = []
        var partly: [String] = []
        for reply in same {
            let isWhole = all.allSatisfy {
                $0.receiver.id != reply.receiver.id || $0.outcome == reply.outcome
            }
            let name = reply.receiver.name
            if !isWhole {
                if !partly.contains(name) { partly.append(name) }
            } else if reply.rule.source.basis == .documented {
                if !published.contains(name) { published.append(name) }
            } else if !whole.contains(name) {
                whole.append(name)
            }
        }
        let known =
            published.isEmpty
            ? [] : [published.joined(separator: ", ") + " (published, not tested)"]
        let others = partly.isEmpty ? [] : ["the other rules of " + partly.joined(separator: ", ")]
        return (known + [whole.joined(separator: ", ")].filter { !$0.isEmpty } + others)
            .joined(separator: "; ")
    }
}
