import DNSModel
import NetNames
import SenderIdentity

/// The lines of a letter, 72 columns wide as mail wants it; a name is never broken.
///
/// What is pasted may be wider, up to 78 columns (RFC 5322 §2.1.1); a longer record stands in the
/// parentheses of the master-file form.
struct LetterPage {
    static let width = 72
    private static let widest = 78
    private static let indent = "    "

    private(set) var text = ""

    mutating func line(_ line: String) {
        text += line + "\n"
    }

    mutating func blank() {
        text += "\n"
    }

    mutating func paragraph(_ words: String) {
        for line in TextPage.wrapped(words, to: Self.width) { self.line(line) }
    }

    mutating func bullet(_ words: String) {
        for (index, line) in TextPage.wrapped(words, to: Self.width - 4).enumerated() {
            self.line((index == 0 ? "  - " : "    ") + line)
        }
    }

    /// A header field, folded before a word where it is too long (RFC 5322 §2.2.3).
    mutating func header(_ name: String, _ value: String) {
        let lines = TextPage.wrapped("\(name): \(value)", to: Self.widest - 1)
        for (index, part) in lines.enumerated() { line((index == 0 ? "" : " ") + part) }
    }

    /// A command to paste; where it is too long, it goes on behind a backslash.
    mutating func command(_ text: String) {
        let parts = TextPage.wrapped(text, to: Self.widest - Self.indent.utf8.count - 2)
        for (index, part) in parts.enumerated() {
            line(Self.indent + part + (index == parts.count - 1 ? "" : " \\"))
        }
    }

    /// A step of a list.
    mutating func step(_ number: Int, _ words: String) {
        for (index, part) in TextPage.wrapped(words, to: Self.width - 4).enumerated() {
            line((index == 0 ? "\(number). " : "   ") + part)
        }
    }

    /// A record to paste: on one line where it fits.
    ///
    /// It begins at the margin: behind a blank a master file has no owner (RFC 1035 §5.1).
    mutating func record(_ record: String) {
        guard record.utf8.count > Self.widest, let cut = record.utf8.firstIndex(of: Ascii.space)
        else {
            line(record)
            return
        }
        line(record[..<cut] + " (")
        let rest = record[record.utf8.index(after: cut)...] + " )"
        for part in TextPage.wrapped(String(rest), to: Self.widest - 6) {
            line("      " + part)
        }
    }

    /// A comment as master files have it.
    mutating func comment(_ words: String) {
        for part in TextPage.wrapped(words, to: Self.widest - 2) { line("; " + part) }
    }

    /// What was asked, when, and what came back: so that the reader can ask again.
    mutating func evidence(of report: Report, _ questions: [Question]) {
        paragraph("Looked up at \(Timestamp.text(report.evidence.startedAt)):")
        var shown: Set<Question> = []
        for question in questions where shown.insert(question).inserted {
            guard let (_, observation) = report.evidence.observation(of: question) else { continue }
            switch observation.outcome {
            case .answers:
                let records = observation.response?.answers ?? []
                for record in records.prefix(Self.mostRecords) {
                    self.record(MasterFilePrinter.line(record))
                }
                if records.count > Self.mostRecords {
                    comment("and \(records.count - Self.mostRecords) more")
                }
            case .noData(let absence), .noSuchName(let absence):
                comment("\(question): \(Causes.phrase(observation.outcome))")
                if let zone = absence.zone { comment("says zone \(zone)") }
            case .failed(let failure):
                comment("\(question): \(Causes.phrase(failure))")
            }
        }
    }

    /// Records quoted per question: a letter shows, it does not list.
    private static let mostRecords = 12
}
