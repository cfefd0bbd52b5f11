import DNSModel
import NetNames
import SPF
import SenderIdentity
import Testing

/// A null reverse-path is checked at the HELO name, where that is one.
@Suite struct NullPathTests {
    @Test(arguments: ["192.0.2", "bücher.example", "localhost.localdomain", "[192.0.2.1]"])
    func `asks nothing where the HELO argument has no record of its own`(helo: String) throws {
        let subject = Subject(
            address: try #require(IPAddress("192.0.2.1")), helo: HELOArgument(helo),
            mailFrom: try MailFrom("<>".utf8))
        let empty = Evidence(startedAt: 0, sources: [.init(kind: .zone, name: "z")])
        let asked = LookupPlan.questions(for: subject, knowing: empty)
        #expect(!asked.contains { $0.question.type == .txt }, "\(asked.map(\.question))")
        let facts = IdentityFacts(subject: subject, evidence: empty)
        #expect(facts.spf.map(\.result) == [SPFResult.none])
    }

    @Test func `asks once where it is a name`() throws {
        let subject = Subject(
            address: try #require(IPAddress("192.0.2.1")), helo: HELOArgument("mail.example.org"),
            mailFrom: try MailFrom("<>".utf8))
        let empty = Evidence(startedAt: 0, sources: [.init(kind: .zone, name: "z")])
        let asked = LookupPlan.questions(for: subject, knowing: empty)
        #expect(asked.count { $0.question.type == .txt } == 1)
    }
}
