import DNSModel
import NetNames
import Reports
import SPF
import SenderIdentity
import Testing

/// A stranger's explanation of SPF stays short and in quotes.
@Suite struct ExplanationTests {
    @Test func `five hundred bytes push nothing off the first screen`() throws {
        let client = try #require(IPAddress("192.0.2.25"))
        let pointer = Question(ReverseName.name(of: client), .ptr)
        let host = try #require(DomainName("mail.example.org"))
        let domain = try #require(DomainName("example.org"))
        let why = try #require(DomainName("why.example.org"))
        let long = Array(String(repeating: "call 555 now ", count: 20).utf8)
        var evidence = Evidence(startedAt: 0, sources: [.init(kind: .zone, name: "z")])
        let answers: [(Question, RecordData)] = [
            (pointer, .ptr(host)), (Question(host, .a), .address(client)),
            (Question(domain, .txt), .txt([Array("v=spf1 -all exp=why.example.org".utf8)])),
            (Question(why, .txt), .txt([Array(long.prefix(250)), Array(long.prefix(250))])),
        ]
        for (question, data) in answers {
            evidence.add(
                Observation(
                    question: question, stage: .verdict,
                    response: Response(
                        code: .noError, answers: [.init(name: question.name, ttl: 60, data: data)]),
                    attempts: [], elapsed: .zero))
        }
        let subject = Subject(
            address: client, mailFrom: try MailFrom("a@example.org".utf8))
        let report = Report(subject: subject, evidence: evidence)
        #expect(report.facts.spf.first?.report.explanation?.count == 500)
        let text = TextReport.render(report)
        let screen = text.split(separator: "\n", omittingEmptySubsequences: false).prefix(24)
        #expect(screen.contains("What to do"), "\(text)")
        let line = NagiosReport(report).line
        #expect(line.contains("it says: «call 555 now ") && line.contains("…»"), "\(line)")
        #expect(line.utf8.count < 500)
    }
}
