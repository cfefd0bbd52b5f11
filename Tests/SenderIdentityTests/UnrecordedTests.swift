import DNSModel
import NetNames
import SenderIdentity
import Testing

/// Saved evidence that lacks an answer: nothing follows from that.
@Suite struct UnrecordedTests {
    private static let client = "192.0.2.25"

    private func verdict(_ build: Build, helo: String? = nil) throws -> (IdentityFacts, Verdict) {
        let subject = Subject(
            address: try #require(IPAddress(Self.client)), helo: helo.map { HELOArgument($0) })
        let facts = IdentityFacts(
            subject: subject, evidence: build.evidence.notingUnrecorded(about: subject))
        return (facts, Verdict(Check.findings(in: facts), facts: facts))
    }

    @Test func `a PTR name without its addresses is neither confirmed nor fine`() throws {
        var build = Build()
        try build.pointer(of: Self.client, to: ["mail.example.org"])
        let (facts, verdict) = try verdict(build)
        #expect(facts.iprev == .temperror)
        #expect(verdict.outcome == .undetermined(.forward(.notRecorded)))
        #expect(verdict.exitCode(failOn: .error) == ExitCode.undetermined)
    }

    @Test func `a HELO name without its addresses is not known`() throws {
        var build = Build()
        try build.host("mail.example.org", Self.client)
        let (facts, verdict) = try verdict(build, helo: "helo.example.org")
        #expect(facts.helo?.match == .unknown(.notRecorded))
        #expect(verdict.openQuestions.contains(.helo(.notRecorded)))
    }

    @Test func `a HELO name without one family's answer is not said to have no address`() throws {
        var build = Build()
        try build.host("mail.example.org", Self.client)
        try build.answer("helo.example.org", .a, [])
        #expect(
            try verdict(build, helo: "helo.example.org").0.helo?.match == .unknown(.notRecorded))
    }

    @Test func `a host behind the HELO name without its PTR answer leaves the pool open`() throws {
        var build = Build()
        try build.host("mail.example.org", Self.client)
        try build.addresses(of: "helo.example.org", ["192.0.2.26"])
        let (facts, _) = try verdict(build, helo: "helo.example.org")
        #expect(facts.members.map(\.status) == [.unknown(.notRecorded)])
    }

    @Test func `complete evidence stays as it is`() throws {
        var build = Build()
        try build.host("mail.example.org", Self.client)
        let subject = Subject(address: try #require(IPAddress(Self.client)))
        #expect(build.evidence.notingUnrecorded(about: subject) == build.evidence)
    }
}
