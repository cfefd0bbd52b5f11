import DNSModel
import NetNames
import SenderIdentity

/// The lines of a letter, 72 columns wide as mail wants it; records are never broken.
struct LetterPage {
    static let width = 72

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

    mutating func verbatim(_ text: String) {
        line(text)
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
                    line("    " + MasterFilePrinter.line(record))
                }
                if records.count > Self.mostRecords {
                    line("    ; and \(records.count - Self.mostRecords) more")
                }
            case .noData(let absence), .noSuchName(let absence):
                line("    ; \(question): \(Causes.phrase(observation.outcome))")
                if let zone = absence.zone { line("    ; says zone \(zone)") }
            case .failed(let failure):
                line("    ; \(question): \(Causes.phrase(failure))")
            }
        }
    }

    /// Records quoted per question: a letter shows, it does not list.
    private static let mostRecords = 12
}
