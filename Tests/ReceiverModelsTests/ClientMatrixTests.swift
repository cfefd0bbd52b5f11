import DNSModel
import NetNames
import ReceiverModels
import SenderIdentity
import Testing

/// Which server refuses which client for its PTR names: the matrix of the real servers' replies.
@Suite struct ClientMatrixTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let scenario: String
        /// Postfix client, the same with code 550, Postfix reverse client, Exim, OpenSMTPD rdns and
        /// fcrdns, Sendmail.
        let cells: [String]

        var testDescription: String { scenario }

        init(_ scenario: String, _ cells: String) {
            self.scenario = scenario
            self.cells = cells.split(separator: " ").map(String.init)
        }
    }

    private static let rows: [Row] = [
        // A PTR look-up that finds nothing, or finds nothing out.
        Row("no-ptr-nxdomain", "450 550 450 550 550 550 550"),
        Row("no-ptr-nodata", "450 550 450 550 550 550 550"),
        Row("ipv6-no-ptr", "450 550 450 550 550 550 550"),
        Row("ptr-servfail", "450 450 450 451 550 550 451"),
        Row("ptr-refused", "450 450 450 451 550 550 451"),
        Row("ptr-silence", "450 450 450 451 550 550 451"),
        Row("reverse-formerr", "450 550 450 451 550 550 550"),
        // A name that does not lead back.
        Row("ptr-name-nxdomain", "450 550 ok 550 ok 550 451"),
        Row("ptr-name-nodata", "450 550 ok 550 ok 550 451"),
        Row("ptr-name-servfail", "450 450 ok 451 ok 550 451"),
        Row("ptr-name-elsewhere", "450 550 ok 550 ok 550 451"),
        Row("ptr-name-elsewhere-same-24", "450 550 ok 550 ok 550 451"),
        Row("ipv6-ptr-name-has-only-a", "450 550 ok 550 ok 550 451"),
        // Only Exim asks for addresses of the other family, too, and only in a sense.
        Row("ptr-name-no-a-aaaa-servfail", "450 550 ok 451 ok 550 451"),
        // Several names, in this order.
        Row("three-ptrs-first-confirms", "ok ok ok ok ok ok ok"),
        Row("three-ptrs-second-confirms", "450 550 ok ok ok 550 451"),
        Row("three-ptrs-third-confirms", "450 550 ok ok ok 550 451"),
        Row("two-ptrs-one-servfail", "ok ok ok 451 ok ok ok"),
        Row("first-ptr-bad-second-good", "450 550 450 ok ok ok 550"),
        // Aliases.
        Row("ptr-name-is-alias", "ok ok ok ok ok ok ok"),
        Row("rfc2317-delegation", "ok ok ok ok ok ok ok"),
        Row("rfc2317-cname-to-nowhere", "450 550 450 550 550 550 550"),
        // Odd names.
        Row("ptr-underscore", "ok ok ok ok ok ok ok"),
        Row("ptr-slash", "450 550 450 451 550 550 550"),
        Row("ptr-numeric", "450 550 450 550 550 550 550"),
        Row("ptr-localhost", "450 550 ok 550 ok 550 451"),
        Row("ptr-single-label", "ok ok ok ok ok ok ok"),
        Row("ptr-root", "450 550 450 550 ok 550 451"),
        Row("ipv6-confirmed", "ok ok ok ok ok ok ok"),
    ]

    @Test(arguments: rows)
    func `every server judges as the real one did`(_ row: Row) throws {
        let facts = try Cell.facts(row.scenario)
        let permanent = ["unknown_client_reject_code": "550", "search-list": "absent"]
        let client = "reject_unknown_client_hostname"
        let cells = [
            try Cell.word(.postfix, client, facts),
            try Cell.word(.postfix, client, facts, permanent),
            try Cell.word(.postfix, "reject_unknown_reverse_client_hostname", facts),
            try Cell.word(.exim, "reverse_host_lookup", facts),
            try Cell.word(.openSMTPD, "rdns", facts),
            try Cell.word(.openSMTPD, "fcrdns", facts),
            try Cell.word(.sendmail, "require_rdns", facts),
        ]
        #expect(cells == row.cells)
    }

    @Test func `Exim's versions and look-up order decide about odd names`() throws {
        let underscore = try Cell.facts("ptr-underscore")
        let slash = try Cell.facts("ptr-slash")
        let judge = { (facts: IdentityFacts, settings: [String: String]) in
            try Cell.word(.exim, "reverse_host_lookup", facts, settings)
        }
        #expect(try judge(underscore, ["host_lookup_order": "bydns"]) == "550")
        #expect(try judge(slash, ["host_lookup_order": "bydns"]) == "550")
        #expect(try judge(underscore, ["version": "4.96"]) == "ok")
        // 4.96 would look it up; we do not, and so cannot tell.
        #expect(try judge(slash, ["version": "4.96"]) == "cannot-tell")
        #expect(try judge(Cell.facts("reverse-formerr"), ["host_lookup_order": "bydns"]) == "550")
    }

    @Test func `one PTR name of three confirms: the order decides, with odds`() throws {
        let facts = try Cell.facts("three-ptrs-second-confirms")
        let rule = try #require(Cell.rule(.postfix, "reject_unknown_client_hostname"))
        guard case .dependsOnRecordOrder(let outcomes) = rule.judgement(facts, .defaults) else {
            Issue.record("expected a dependence on the order")
            return
        }
        #expect(outcomes.map(\.names) == [2, 1])
        #expect(outcomes.map(\.of) == [3, 3])
        #expect(outcomes.last?.judgement == .accepts)
    }

    @Test func `OpenSMTPD passes over names that are no host names, in any order`() throws {
        let facts = try Cell.facts("first-ptr-bad-second-good")
        let rule = try #require(Cell.rule(.openSMTPD, "fcrdns"))
        #expect(rule.judgement(facts, .defaults) == .accepts)
    }

    @Test func `a search list makes a failed forward look-up permanent where the code is 550`()
        throws
    {
        let facts = try Cell.facts("ptr-name-servfail")
        let judge = { (settings: [String: String]) in
            try Cell.word(.postfix, "reject_unknown_client_hostname", facts, settings)
        }
        let permanent = ["unknown_client_reject_code": "550"]
        #expect(try judge([:]) == "450")
        #expect(try judge(["search-list": "present"]) == "450")
        #expect(try judge(permanent) == "depends-on-search-list")
        #expect(try judge(permanent.merging(["search-list": "absent"]) { $1 }) == "450")
        #expect(try judge(permanent.merging(["search-list": "present"]) { $1 }) == "550")
    }

    @Test func `over IPv6 the search list changes nothing`() throws {
        let name = try #require(DomainName("n6.example.com"))
        let client = try #require(IPAddress("2001:db8::6"))
        let reverse = Question(ReverseName.name(of: client), .ptr)
        let pointer = Response(
            code: .noError,
            answers: [ResourceRecord(name: reverse.name, ttl: 60, data: .ptr(name))])
        var evidence = Evidence(
            startedAt: 0, sources: [.init(kind: .zone, name: "literal")])
        evidence.add(
            Observation(
                question: reverse, stage: .verdict, response: pointer, attempts: [], elapsed: .zero)
        )
        evidence.add(
            Observation(
                question: Question(name, .aaaa), stage: .verdict, failure: .serverFailure,
                attempts: [], elapsed: .zero))
        let facts = IdentityFacts(subject: Subject(address: client), evidence: evidence)
        let settings = ["unknown_client_reject_code": "550", "search-list": "present"]
        #expect(
            try Cell.word(.postfix, "reject_unknown_client_hostname", facts, settings) == "450")
        #expect(
            try Cell.word(.postfix, "reject_unknown_client_hostname", facts, [:]) == "450")
    }

    @Test(arguments: [
        ("ipv6-confirmed", SendmailClientResolve.ok), ("no-ptr-nxdomain", .fail),
        ("ptr-servfail", .temporary), ("ptr-name-servfail", .forged),
        ("ptr-name-elsewhere", .forged), ("ptr-slash", .fail), ("reverse-formerr", .fail),
    ])
    func `the macro client_resolve`(_ scenario: String, _ value: SendmailClientResolve) throws {
        let facts = try Cell.facts(scenario)
        let first = facts.pointer.names.first
        #expect(SendmailClientResolve(of: facts, firstName: first) == value)
    }
}
