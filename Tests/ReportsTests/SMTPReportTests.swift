import Foundation
import Reports
import SenderIdentity
import TestSupport
import Testing

/// The verdict as a mail server's reply.
@Suite struct SMTPReportTests {
    /// A scenario for each row of the table of codes, and what comes in several lines.
    private static let golden = [
        "article-a-no-ptr", "article-b-pool-outside", "dnsbl-zen-all-codes", "helo-equals-ptr",
        "helo-nxdomain", "helo-servfail", "hostile-ptr-escape-newline", "ipv6-no-ptr",
        "several-ptrs-none-confirms", "spf-hostile-texts", "spf-mail-from-fail",
        "spf-mail-from-two-records", "dnsbl-private-without-source",
    ]

    @Test(arguments: golden)
    func `replies as expected`(name: String) throws {
        let scenario = try Scenario(name)
        let reply = SMTPReport(try scenario.report(), url: "https://check.example.org/r/ID")
        let head = "\(reply.code) \(reply.code / 100).\(reply.subject).\(reply.detail)\n"
        try Golden.expect(
            head + reply.lines.map { $0 + "\n" }.joined(),
            in: scenario.folder.appending(path: "smtp.txt"))
    }

    @Test(arguments: Scenario.names)
    func `is ASCII that begins with our words`(name: String) throws {
        let report = try Scenario(name).report()
        let reply = SMTPReport(report)
        #expect(!reply.lines.isEmpty)
        for line in reply.lines {
            #expect(line.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7f }, "\(line)")
            let lead = line.utf8.prefix { $0 != 0x3a && $0 != 0x2c && $0 != 0x3b }
            #expect(lead.count < line.utf8.count && lead.count < 32, "\(line)")
        }
    }

    @Test(arguments: Scenario.names)
    func `only what is proven is permanent`(name: String) throws {
        let report = try Scenario(name).report()
        let reply = SMTPReport(report)
        if case .undetermined = report.verdict.outcome {
            #expect(reply.code == 451)
        } else {
            #expect(reply.code == 550)
        }
        if case .fault = report.verdict.outcome {
            #expect(reply.subject == 7)
        } else {
            #expect(reply.subject != 7)
        }
    }
}
