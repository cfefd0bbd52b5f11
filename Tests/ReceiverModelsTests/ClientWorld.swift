import DNSModel
import NetNames
import ReceiverModels
import SenderIdentity
import Testing

/// What DNS says of one client, as words: the rows of the receivers' matrices on one screen.
struct ClientWorld {
    /// One PTR name and what its forward look-ups bring.
    enum Forward {
        case to([String])
        case noSuchName
        case noData
        case fails(LookupFailure)
        /// The list's IPv4 addresses, none for NODATA; the look-up of IPv6 addresses fails.
        case half([String], LookupFailure)
        /// Not looked up, as names with bytes that no host name has are not.
        case notAsked
        /// Through an alias, to the client.
        case alias
    }

    private var evidence = Evidence(startedAt: 0, sources: [.init(kind: .zone, name: "literal")])
    private let client: IPAddress

    init(_ client: String) throws {
        self.client = try #require(IPAddress(client))
    }

    /// A client whose PTR names have these forward look-ups.
    static func confirmed(_ client: String, as name: String) throws -> ClientWorld {
        var world = try ClientWorld(client)
        try world.pointers([(name, .to([client]))])
        return world
    }

    mutating func pointers(_ names: [(String, Forward)]) throws {
        let owner = ReverseName.name(of: client)
        if names.isEmpty {
            deny(owner, .ptr)
            return
        }
        try answer(
            owner, .ptr, names.map { .ptr(try #require(DomainName($0.0))) })
        for (name, forward) in names { try self.forward(name, forward) }
    }

    mutating func failingPointer(_ failure: LookupFailure) {
        fail(ReverseName.name(of: client), .ptr, failure)
    }

    mutating func forward(_ text: String, _ forward: Forward, mx: Bool = false) throws {
        let name = try #require(DomainName(text))
        switch forward {
        case .notAsked: break
        case .to(let list):
            let addresses = try list.map { try #require(IPAddress($0)) }
            for (type, family) in [(RecordType.a, IPAddress.Family.v4), (.aaaa, .v6)] {
                try answer(
                    name, type, addresses.filter { $0.family == family }.map { .address($0) })
            }
        case .noSuchName:
            deny(name, .a)
            deny(name, .aaaa)
            if !mx { deny(name, .mx) }
        case .noData:
            try answer(name, .a, [])
            try answer(name, .aaaa, [])
            if !mx { try answer(name, .mx, []) }
        case .fails(let failure):
            fail(name, .a, failure)
            fail(name, .aaaa, failure)
        case .half(let list, let failure):
            try answer(name, .a, try list.map { .address(try #require(IPAddress($0))) })
            fail(name, .aaaa, failure)
        case .alias:
            let target = try #require(DomainName("real.example.com"))
            add(
                name, .a,
                Response(
                    code: .noError,
                    answers: [
                        ResourceRecord(name: name, ttl: 60, data: .cname(target)),
                        ResourceRecord(name: target, ttl: 60, data: .address(client)),
                    ]))
            try answer(name, .aaaa, [])
        }
        if mx {
            try answer(name, .mx, [.mx(preference: 10, exchange: #require(DomainName("mx.test")))])
        }
    }

    func facts(helo: String? = nil) -> IdentityFacts {
        IdentityFacts(
            subject: Subject(address: client, helo: helo.map { HELOArgument($0) }),
            evidence: evidence)
    }

    private mutating func answer(_ name: DomainName, _ type: RecordType, _ data: [RecordData])
        throws
    {
        let records = data.map { ResourceRecord(name: name, ttl: 60, data: $0) }
        add(
            name, type,
            Response(
                code: .noError, answers: records, authority: data.isEmpty ? [Self.authority] : []))
    }

    private mutating func deny(_ name: DomainName, _ type: RecordType) {
        add(name, type, Response(code: .noSuchName, authority: [Self.authority]))
    }

    private mutating func fail(_ name: DomainName, _ type: RecordType, _ failure: LookupFailure) {
        evidence.add(
            Observation(
                question: Question(name, type), stage: .verdict, failure: failure, attempts: [],
                elapsed: .zero))
    }

    private mutating func add(_ name: DomainName, _ type: RecordType, _ response: Response) {
        evidence.add(
            Observation(
                question: Question(name, type), stage: .verdict, response: response, attempts: [],
                elapsed: .zero))
    }

    private static let authority = ResourceRecord(
        name: .root, ttl: 60,
        data: .soa(
            StartOfAuthority(
                primary: .root, mailbox: .root, serial: 1, refresh: 1, retry: 1, expire: 1,
                minimum: 60)))
}

/// A rule's judgement in the matrices' short form.
///
/// `✓` accepts; a reply's code, with its enhanced code; `?` cannot be told; marks and points of a
/// score; outcomes of record orders with their share: `1/3 550 | 2/3 ✓`.
func cell(
    _ facts: IdentityFacts, _ receiver: Receiver, _ rule: String,
    _ settings: ReceiverSettings = .defaults
) throws -> String {
    let rule = try #require(receiver.rules.first { $0.id == rule })
    return text(rule.judgement(facts, settings))
}

private func text(_ judgement: Judgement) -> String {
    switch judgement {
    case .accepts: "✓"
    case .replies(let reply, _):
        reply.enhancedCode.map { "\(reply.code) \($0)" } ?? "\(reply.code)"
    case .refusesInItsOwnWords: "refuses"
    case .dependsOnRecordOrder(let outcomes):
        outcomes.map { "\($0.names)/\($0.of) \(text($0.judgement))" }.joined(separator: " | ")
    case .scores(let score, _):
        ([score.thousandths.map(String.init)].compactMap { $0 } + score.marks)
            .joined(separator: " ")
    case .dependsOnSearchList: "search list"
    case .cannotTell: "?"
    }
}
