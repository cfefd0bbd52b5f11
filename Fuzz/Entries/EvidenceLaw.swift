import Reports
import SenderIdentity

/// Saved evidence is refused, or it reports in every format, safely, and survives saving.
enum EvidenceLaw {
    static func breach(by bytes: [UInt8]) -> String? {
        guard let (subject, evidence) = try? EvidenceCodec.decode(bytes) else { return nil }
        do {
            let saved = try EvidenceCodec.encode(evidence, of: subject)
            let (subjectAgain, evidenceAgain) = try EvidenceCodec.decode(saved)
            guard subjectAgain == subject, evidenceAgain == evidence else {
                return "saving changes it"
            }
        } catch {
            return "cannot be saved again: \(error)"
        }
        let report = Report(subject: subject, evidence: evidence)
        let colors = TextReport.Options(width: 40, isColored: true, showsAll: true)
        _ = TextReport.render(report, colors)
        var pages = [
            "text": TextReport.render(report), "markdown": MarkdownReport.render(report),
            "nagios": NagiosReport(report).line,
        ]
        do {
            pages["json"] = try ReportJSON.render(report)
        } catch {
            return "no JSON: \(error)"
        }
        for recipient in Letter.Recipient.allCases {
            pages["letter"] = try? Letter.text(to: recipient, about: report)
            if let breach = unsafe(pages) { return breach }
        }
        return nil
    }

    private static func unsafe(_ pages: [String: String]) -> String? {
        for (format, page) in pages {
            for line in page.split(separator: "\n") where hasControl(String(line)) {
                return "\(format) holds a control character"
            }
        }
        return nil
    }
}
