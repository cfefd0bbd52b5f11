import ReceiverModels
import Reports
import SenderIdentity
import TestSupport
import Testing

/// Letters go to the one who has to act, and to nobody else.
@Suite struct LetterTests {
    @Test(arguments: Scenario.names)
    func `a receiver is written to only for a rule about HELO`(name: String) throws {
        let report = try Scenario(name).report()
        guard let letter = try? Letter.text(to: .receiver, about: report) else { return }
        #expect(report.facts.confirmedName != nil)
        #expect(!report.verdict.findings.contains { $0.severity == .error })
        if case .equals? = report.facts.helo?.relation { Issue.record("HELO is the PTR name") }
        #expect(letter.contains("Rules known to refuse it:\n  - "))
        #expect(!letter.contains("Heloscope's guard"))
        #expect(letter.contains("RFC 5321 §4.1.4") && letter.contains("RFC 5321 §7.9"))
    }

    @Test(arguments: Scenario.names)
    func `the keeper of the reverse zone gets an exact record`(name: String) throws {
        let report = try Scenario(name).report()
        guard let letter = try? Letter.text(to: .isp, about: report) else { return }
        #expect(letter.contains(" IN PTR ") && !letter.contains("<name of the mail server>"))
        #expect(report.facts.pointer.lookup?.outcome.failure == nil)
    }

    @Test func `both articles end in their letter`() throws {
        let pool = try Scenario("article-b-pool-outside").report()
        #expect(try Letter.text(to: .receiver, about: pool).contains("shared"))
        #expect(throws: Letter.Refusal.nothingForHolder) {
            try Letter.text(to: .isp, about: pool)
        }
        let missing = try Scenario("article-a-no-ptr").report()
        let letter = try Letter.text(to: .isp, about: missing)
        #expect(letter.contains("25.100.51.198.in-addr.arpa. 3600 IN PTR mail.example.org."))
        #expect(throws: Letter.Refusal.faultOnSendingSide) {
            try Letter.text(to: .receiver, about: missing)
        }
    }
}
