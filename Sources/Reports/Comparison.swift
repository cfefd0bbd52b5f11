package import ReceiverModels
package import SenderIdentity

/// What planned records change: the report without them against the report with them.
package struct Comparison: Sendable {
    /// Codes that are there without the records only, and with them only.
    package let gone: [FindingCode]
    package let new: [FindingCode]
    /// Rules that do something else then.
    package let changes: [Change]
    package let before: Headline
    package let after: Headline

    package struct Change: Sendable {
        package let before: SimulatedReply
        package let after: SimulatedReply
    }

    init(of after: Report, to before: Report) {
        let old = before.verdict.findings.map(\.finding.code)
        let planned = after.verdict.findings.map(\.finding.code)
        gone = Self.codes(old, without: planned)
        new = Self.codes(planned, without: old)
        changes = zip(before.replies, after.replies).compactMap { old, planned in
            old.outcome == planned.outcome ? nil : Change(before: old, after: planned)
        }
        self.before = Headline(before)
        self.after = Headline(after)
    }

    private static func codes(
        _ codes: [FindingCode], without others: [FindingCode]
    ) -> [FindingCode] {
        var found: [FindingCode] = []
        for code in codes where !others.contains(code) && !found.contains(code) {
            found.append(code)
        }
        return found
    }

    /// Whether the records change nothing that is reported.
    package var isEmpty: Bool { gone.isEmpty && new.isEmpty && changes.isEmpty && before == after }

    /// The rows `gone`, `new`, `verdict`, and one for each pair of outcomes.
    func rows(showsAll: Bool) -> [(label: String, text: String)] {
        guard !isEmpty else { return [("nothing", "changes")] }
        var rows: [(label: String, text: String)] = []
        if before != after {
            let other = before.status == after.status ? ", for another reason" : ""
            rows.append(
                ("verdict", "\(before.status.rawValue) → \(after.status.rawValue)\(other)"))
        }
        if !gone.isEmpty { rows.append(("gone", gone.map(\.rawValue).joined(separator: ", "))) }
        if !new.isEmpty { rows.append(("new", new.map(\.rawValue).joined(separator: ", "))) }
        for group in groups {
            let count = group.changes.count
            let shown = group.changes.map(\.after.receiver).filter { showsAll || $0.isImportant }
            var names: [String] = []
            for name in shown.map(\.name) where !names.contains(name) { names.append(name) }
            if shown.count < count { names.append("\(count - shown.count) of others") }
            let rules = "\(count) \(count == 1 ? "rule" : "rules")"
            rows.append((group.words, "\(rules): \(names.joined(separator: ", "))"))
        }
        return rows
    }

    /// The changes by what they are from and to, in catalogue order.
    private var groups: [(words: String, changes: [Change])] {
        var groups: [(words: String, changes: [Change])] = []
        for change in changes {
            let words = [change.before, change.after].map { ReceiverRow.word(of: $0.outcome) }
                .joined(separator: " → ")
            if let index = groups.firstIndex(where: { $0.words == words }) {
                groups[index].changes.append(change)
            } else {
                groups.append((words, [change]))
            }
        }
        return groups
    }
}
