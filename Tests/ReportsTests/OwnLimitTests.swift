import DNSModel
import NetNames
import Reports
import SenderIdentity
import Testing

/// What this program itself left out is blamed on nobody.
@Suite struct OwnLimitTests {
    @Test(arguments: [
        (LookupFailure.budgetExhausted, "no fault of its keeper"),
        (.notRecorded, "run it live: the saved evidence does not hold mail.example.org"),
    ])
    func `a limit of our own has its own sentence`(failure: LookupFailure, words: String) throws {
        let client = try #require(IPAddress("192.0.2.25"))
        let name = try #require(DomainName("mail.example.org"))
        var evidence = Evidence(startedAt: 0, sources: [.init(kind: .zone, name: "z")])
        let pointer = Question(ReverseName.name(of: client), .ptr)
        evidence.add(
            Observation(
                question: pointer, stage: .verdict,
                response: Response(
                    code: .noError,
                    answers: [.init(name: pointer.name, ttl: 60, data: .ptr(name))]),
                attempts: [], elapsed: .zero))
        for type in [RecordType.a, .aaaa] {
            evidence.add(
                Observation(
                    question: Question(name, type), stage: .verdict, failure: failure, attempts: [],
                    elapsed: .zero))
        }
        let report = Report(subject: Subject(address: client), evidence: evidence)
        let text = TextReport.render(report, .init(width: 200))
        #expect(text.contains(words), "\(text)")
        #expect(!text.contains("has to mend"), "\(text)")
    }
}
