import NetNames
import SenderIdentity

/// One line for monitoring, and its exit code 0 to 3 (monitoring-plugins' conventions).
package struct NagiosReport {
    package let line: String
    package let exitCode: Int32

    package init(_ report: Report) {
        let (word, code): (String, Int32) =
            switch report.verdict.outcome {
            case .fault: ("CRITICAL", 2)
            case .weakness: ("WARNING", 1)
            case .undetermined, .notTested: ("UNKNOWN", 3)
            case .sharedPool, .nothingToFix: ("OK", 0)
            }
        let text =
            (report.plannedNote == nil ? "" : "with planned records: ")
            + (Headline(report).lines.first ?? "")
        line = "HELOSCOPE \(word): \(Self.plain(text)) | \(Self.performance(report))\n"
        exitCode = code
    }

    /// The bar begins the performance data, so it cannot stand in the text.
    private static func plain(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0 == "|" ? "/" : $0 }))
    }

    private static func performance(_ report: Report) -> String {
        let facts = report.facts
        let elapsed = report.evidence.observations.map(\.elapsed).max() ?? .zero
        let micros = microseconds(elapsed)
        let fraction = String(micros % 1_000_000 + 1_000_000).dropFirst()
        let faults = report.verdict.findings.filter { $0.severity == .error }.count
        return "'lookup'=\(micros / 1_000_000).\(fraction)s;;;0;"
            + " 'ptr_names'=\(facts.pointer.count);;;0;"
            + " 'confirmed'=\(facts.pointer.confirmedNames.count);;;0;"
            + " 'errors'=\(faults);;;0;"
    }
}
