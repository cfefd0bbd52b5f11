import DNSModel
import NetNames
import SenderIdentity
import Testing

/// What a finding is not said about: the world that makes an address ordinary, the name that means
/// nobody; and that a limit is said once, however many questions hit it.
@Suite struct FindingScopeTests {
    struct PurposeCase: CustomTestStringConvertible {
        let address: String
        let source: Evidence.Source.Kind
        let isNoted: Bool
        var testDescription: String { "\(address) from \(source.rawValue)" }
    }

    @Test(arguments: [
        PurposeCase(address: "192.0.2.6", source: .systemResolver, isNoted: true),
        PurposeCase(address: "192.0.2.6", source: .zone, isNoted: false),
        PurposeCase(address: "2001:db8::6", source: .resolver, isNoted: false),
        PurposeCase(address: "10.0.0.1", source: .systemResolver, isNoted: true),
        PurposeCase(address: "10.0.0.1", source: .zone, isNoted: true),
        PurposeCase(address: "157.56.110.65", source: .systemResolver, isNoted: false),
    ])
    func `documentation ranges are ordinary where a source is named`(row: PurposeCase) throws {
        let subject = Subject(address: try #require(IPAddress(row.address)))
        let evidence = Evidence(startedAt: 0, sources: [.init(kind: row.source, name: "s")])
        let found = codes(of: subject, evidence)
        #expect(found.contains(.addressSpecialPurpose) == row.isNoted)
    }

    @Test(arguments: ["localhost", "LOCALHOST", "localhost.localdomain"])
    func `localhost is not compared with the client`(helo: String) throws {
        let client = try #require(IPAddress("192.0.2.6"))
        let name = try #require(DomainName(helo))
        var evidence = Evidence(startedAt: 0, sources: [.init(kind: .zone, name: "s")])
        let loopback = try #require(IPAddress("127.0.0.1"))
        let record = ResourceRecord(name: name, ttl: 60, data: .address(loopback))
        evidence.add(
            Observation(
                question: Question(name, .a), stage: .verdict,
                response: Response(code: .noError, answers: [record]), attempts: [],
                elapsed: .zero))
        let found = codes(of: Subject(address: client, helo: HELOArgument(helo)), evidence)
        #expect(found.filter { $0.group == .heloForm } == [.heloLocalhost])
        #expect(!found.contains { $0.group == .heloAndClient })
    }

    @Test func `a chain of aliases that is too long is a limit, said once`() throws {
        let helo = HELOArgument("mail.example.com")
        let name = try #require(helo.name)
        var evidence = Evidence(startedAt: 0, sources: [.init(kind: .zone, name: "s")])
        for type in [RecordType.a, .aaaa, .mx] {
            evidence.add(
                Observation(
                    question: Question(name, type), stage: .verdict, failure: .aliasChainTooLong,
                    attempts: [], elapsed: .zero))
        }
        let client = try #require(IPAddress("192.0.2.6"))
        let facts = IdentityFacts(
            subject: Subject(address: client, helo: helo), evidence: evidence)
        #expect(facts.limitsReached == [.aliases(of: name, others: 0)])
        #expect(Check.findings(in: facts).filter { $0.code == .lookupLimitReached }.count == 1)
    }

    struct SeveralCase: CustomTestStringConvertible {
        let name: String
        let outcomes: [LookupFailure?]
        let severity: Severity
        var testDescription: String { name }
    }

    /// Of two PTR names each confirms, where there is no failure, or cannot be looked up.
    @Test(arguments: [
        SeveralCase(name: "both confirm", outcomes: [nil, nil], severity: .ok),
        SeveralCase(name: "one fails", outcomes: [nil, .serverFailure], severity: .notice),
        SeveralCase(
            name: "both fail", outcomes: [.timeout, .timeout], severity: .undetermined),
    ])
    func `a failed look-up is no proof that a PTR name leads elsewhere`(row: SeveralCase) throws {
        let client = try #require(IPAddress("192.0.2.6"))
        let names = try ["a.example.com", "b.example.com"].map { try #require(DomainName($0)) }
        let owner = ReverseName.name(of: client)
        var evidence = Evidence(startedAt: 0, sources: [.init(kind: .zone, name: "s")])
        let pointers = names.map { ResourceRecord(name: owner, ttl: 60, data: .ptr($0)) }
        evidence.add(observation(Question(owner, .ptr), answers: pointers))
        for (name, failure) in zip(names, row.outcomes) {
            let record = ResourceRecord(name: name, ttl: 60, data: .address(client))
            evidence.add(
                failure.map {
                    Observation(
                        question: Question(name, .a), stage: .verdict, failure: $0, attempts: [],
                        elapsed: .zero)
                } ?? observation(Question(name, .a), answers: [record]))
        }
        let facts = IdentityFacts(subject: Subject(address: client), evidence: evidence)
        let finding = try #require(
            Check.findings(in: facts).first { $0.code == .severalPointers })
        #expect(SeverityProfile.standard.severity(of: finding, in: facts) == row.severity)
    }

    private func observation(_ question: Question, answers: [ResourceRecord]) -> Observation {
        Observation(
            question: question, stage: .verdict,
            response: Response(code: .noError, answers: answers), attempts: [], elapsed: .zero)
    }

    private func codes(of subject: Subject, _ evidence: Evidence) -> [FindingCode] {
        Check.findings(in: IdentityFacts(subject: subject, evidence: evidence)).map(\.code)
    }
}
