import DNSModel
import NetNames
import SenderIdentity
import Testing

/// Evidence as literals: a world on one screen.
struct Build {
    var evidence = Evidence(startedAt: 0, sources: [.init(kind: .zone, name: "literal")])

    /// Records at a name; an empty list is NODATA with a SOA.
    mutating func answer(_ name: String, _ type: RecordType, _ data: [RecordData]) throws {
        let owner = try #require(DomainName(name))
        let records = data.map { ResourceRecord(name: owner, ttl: 300, data: $0) }
        let response = Response(
            code: .noError, answers: records, authority: data.isEmpty ? [Self.authority] : [])
        add(owner, type, response)
    }

    mutating func deny(_ name: String, _ type: RecordType) throws {
        add(
            try #require(DomainName(name)), type,
            Response(code: .noSuchName, authority: [Self.authority]))
    }

    mutating func fail(_ name: String, _ type: RecordType, _ failure: LookupFailure) throws {
        evidence.add(
            Observation(
                question: Question(try #require(DomainName(name)), type), stage: .verdict,
                failure: failure, attempts: [], elapsed: .zero))
    }

    mutating func pointer(of address: String, to names: [String]) throws {
        let client = try #require(IPAddress(address))
        try answer(
            ReverseName.name(of: client).description, .ptr,
            names.map { .ptr(try #require(DomainName($0))) })
    }

    mutating func addresses(of name: String, _ list: [String]) throws {
        let all = try list.map { try #require(IPAddress($0)) }
        let four = all.filter { $0.family == .v4 }
        let six = all.filter { $0.family == .v6 }
        try answer(name, .a, four.map { .address($0) })
        try answer(name, .aaaa, six.map { .address($0) })
    }

    mutating func host(_ name: String, _ address: String) throws {
        try pointer(of: address, to: [name])
        try addresses(of: name, [address])
    }

    func facts(_ address: String, helo: String? = nil) throws -> IdentityFacts {
        IdentityFacts(
            subject: Subject(
                address: try #require(IPAddress(address)), helo: helo.map { HELOArgument($0) }),
            evidence: evidence)
    }

    private mutating func add(_ name: DomainName, _ type: RecordType, _ response: Response) {
        evidence.add(
            Observation(
                question: Question(name, type), stage: .verdict, response: response, attempts: [],
                elapsed: .zero))
    }

    private static let authority = ResourceRecord(
        name: .root, ttl: 300,
        data: .soa(
            StartOfAuthority(
                primary: .root, mailbox: .root, serial: 1, refresh: 1, retry: 1, expire: 1,
                minimum: 60)))
}
