import DNSModel
import NetNames
import Remedies
import Reports
import SPF
import SenderIdentity
import TestSupport
import Testing

/// Which step is chosen: records in zones of one's own, nothing that is there already, names that
/// can help.
@Suite struct ChosenStepTests {
    private func plan(_ name: String) throws -> RemedyPlan { try Scenario(name).report().plan }

    private func lines(_ steps: [RemedyStep]) -> [String] {
        steps.flatMap(\.records).map { MasterFilePrinter.line($0) }
    }

    // MARK: Whose address record

    /// The law: nobody can publish in another organization's zone.
    @Test(arguments: Scenario.names)
    func `an address record is planned in the organization of a name of one's own`(
        name: String
    ) throws {
        let report = try Scenario(name).report()
        let names =
            report.facts.pointer.names.flatMap { [$0.name, $0.intended].compactMap { $0 } }
            + [report.facts.helo?.argument.name].compactMap { $0 }
        let steps = report.plan.steps + report.plan.alternatives.flatMap(\.steps)
        for record in steps.flatMap(\.records) {
            guard case .address = record.data else { continue }
            #expect(
                names.contains { $0 == record.name || RegistrableDomain.areSame($0, record.name) })
        }
    }

    @Test func `an alias into another organization gives way to the name's own record`() throws {
        let steps = try plan("helo-alias-into-cdn").steps
        #expect(steps.map(\.keyword) == [.leaveAlias])
        #expect(lines(steps) == ["mail.example.com. 3600 IN A 192.0.2.6"])
        let step = try #require(steps.first)
        #expect(
            UpdateScript(step)?.changes == [
                "update delete mail.example.com. CNAME",
                "update add mail.example.com. 3600 IN A 192.0.2.6",
            ])
    }

    /// The alias of one's own leads to another of one's own first: that one is cut.
    @Test func `a chain is cut where it leaves the organization`() throws {
        let report = try SmallReport.report(
            "192.0.2.6", helo: "mail.example.com",
            zone: """
                $TTL 1h
                2.0.192.in-addr.arpa. SOA ns1.example.com. h.example.com. 1 1h 1h 1h 1h
                6.2.0.192.in-addr.arpa. PTR mail.example.com.
                example.com. SOA ns1.example.com. h.example.com. 1 1h 1h 1h 1h
                mail.example.com. CNAME web.example.com.
                web.example.com. CNAME edge.example.net.
                example.net. SOA ns1.example.com. h.example.com. 1 1h 1h 1h 1h
                edge.example.net. A 198.51.100.80
                """)
        #expect(lines(report.plan.steps) == ["web.example.com. 3600 IN A 192.0.2.6"])
        #expect(report.plan.stillRefusing(among: report.replies).isEmpty)
    }

    @Test func `where the alias stays in the organization, the record belongs to its end`() throws {
        let report = try SmallReport.report(
            "192.0.2.6", helo: "mail.example.com",
            zone: """
                $TTL 1h
                2.0.192.in-addr.arpa. SOA ns1.example.com. h.example.com. 1 1h 1h 1h 1h
                6.2.0.192.in-addr.arpa. PTR mail.example.com.
                example.com. SOA ns1.example.com. h.example.com. 1 1h 1h 1h 1h
                mail.example.com. CNAME web.example.com.
                web.example.com. A 192.0.2.80
                """)
        #expect(report.plan.steps.map(\.keyword) == [.publishAddress])
        #expect(lines(report.plan.steps) == ["web.example.com. 3600 IN A 192.0.2.6"])
    }

    // MARK: What is there already

    @Test func `the name that a dot is missing of is looked up, and found right`() throws {
        let steps = try plan("ptr-missing-dot-meant-name-is-right").steps
        #expect(steps.map(\.keyword) == [.addressIsRight, .changePointer])
        #expect(lines(steps) == ["6.2.0.192.in-addr.arpa. 3600 IN PTR mail.example.com."])
    }

    @Test func `ten names without their dot cost the look-ups of one more name`() throws {
        let owners = (1...10).map { "6.2.0.192.in-addr.arpa. PTR m\($0).example.com.example.com." }
        let zone = """
            $TTL 1h
            2.0.192.in-addr.arpa. SOA ns1.example.com. h.example.com. 1 1h 1h 1h 1h
            example.com. SOA ns1.example.com. h.example.com. 1 1h 1h 1h 1h

            """
        let report = try SmallReport.report(
            "192.0.2.6", helo: "mail.example.com", zone: zone + owners.joined(separator: "\n"))
        let asked = report.evidence.observations.map(\.question.name).filter { $0.labelCount == 3 }
        #expect(Set(asked).count == 2, "the HELO name and one that was meant")
        #expect(report.facts.limitsReached.isEmpty)
    }

    @Test(arguments: Scenario.names)
    func `no alternative lets the PTR record say what it says alone`(name: String) throws {
        let report = try Scenario(name).report()
        for alternative in report.plan.alternatives where alternative.kind == .changePointer {
            let planned = alternative.steps.compactMap(\.plannedPointer)
            #expect(report.facts.pointer.names.map(\.name) != planned)
        }
    }

    @Test func `PTR and HELO of one name that leads elsewhere need its address, and nothing else`()
        throws
    {
        let plan = try plan("ptr-and-helo-lead-elsewhere")
        #expect(plan.steps.map(\.keyword) == [.publishAddress])
        #expect(plan.alternatives.map(\.kind) == [])
    }

    // MARK: The client's own family

    @Test func `an IPv6 client whose HELO name has only A publishes AAAA, then PTR`() throws {
        let report = try Scenario("ipv6-no-ptr-helo-only-a").report()
        #expect(report.plan.steps.map(\.keyword) == [.publishAddress, .createPointer])
        #expect(lines(report.plan.steps).first == "mail.example.com. 3600 IN AAAA 2001:db8::1")
        #expect(report.plan.steps.last?.plannedPointer == DomainName("mail.example.com"))
        #expect(try Letter.text(to: .isp, about: report).contains(" IN PTR mail.example.com."))
    }

    @Test func `a pool's number of addresses in the other family makes nobody's name`() throws {
        let pool = (1...4).map { "mail.example.com. A 192.0.2.\($0)" }.joined(separator: "\n")
        let report = try SmallReport.report(
            "2001:db8::1", helo: "mail.example.com",
            zone: """
                $TTL 1h
                8.b.d.0.1.0.0.2.ip6.arpa. SOA ns1.example.com. h.example.com. 1 1h 1h 1h 1h
                example.com. SOA ns1.example.com. h.example.com. 1 1h 1h 1h 1h

                """ + pool)
        #expect(report.plan.steps.map(\.keyword).first == .chooseName)
    }

    // MARK: SPF

    @Test func `the open question about MAIL FROM names MAIL FROM's failed look-up`() throws {
        let actions = try plan("spf-both-identities-unknown").steps.map(\.action)
        let name = try #require(DomainName("hosts.example.com"))
        #expect(actions == [.askAgain(name, .serverFailure, alike: 0)])
    }

    @Test func `a term that is no catch-all is named, for the address goes in front of it`() throws
    {
        let report = try Scenario("spf-mail-from-refused-by-name").report()
        let text = TextReport.render(report, .init(width: 200, showsAll: true))
        #expect(text.contains("allow ip4:192.0.2.6 in front of -ip4:192.0.2.0/24. No record"))
        #expect(text.contains("RFC 7208 §8.4"))
        let soft = try Scenario("spf-mail-from-softfail").report()
        let softText = TextReport.render(soft, .init(width: 200, showsAll: true))
        #expect(softText.contains("RFC 7208 §8.5") && !softText.contains("RFC 7208 §8.4"))
    }

    @Test(arguments: [
        ("v=spf1 redirect=_spf.example.org", "in front of its redirect, which leads to -ip4"),
        ("v=spf1 redirect=_all.example.org", "let its SPF record be"),
    ])
    func `what another domain's record refuses is allowed in one's own`(
        record: String, words: String
    ) throws {
        let report = try SmallReport.report(
            "192.0.2.6", mailFrom: "a@news.example.com",
            zone: """
                $TTL 1h
                2.0.192.in-addr.arpa. SOA ns1.example.com. h.example.com. 1 1h 1h 1h 1h
                6.2.0.192.in-addr.arpa. PTR mail.example.com.
                example.com. SOA ns1.example.com. h.example.com. 1 1h 1h 1h 1h
                mail.example.com. A 192.0.2.6
                news.example.com. TXT "\(record)"
                example.org. SOA ns1.example.com. h.example.com. 1 1h 1h 1h 1h
                _spf.example.org. TXT "v=spf1 -ip4:192.0.2.0/24 -all"
                _all.example.org. TXT "v=spf1 -all"
                """)
        let text = TextReport.render(report, .init(width: 200))
        #expect(text.contains(words), "\(text)")
    }

    @Test(arguments: [
        ("long.example.com", "the whole would be too long for one answer"),
        ("alias.example.com", "stands behind an alias"),
    ])
    func `a record that is not given has its reason`(domain: String, reason: String) throws {
        let networks = (1...26).map { "ip4:198.51.100.\($0)" }
        let report = try SmallReport.report(
            "192.0.2.6", mailFrom: "a@\(domain)",
            zone: """
                $TTL 1h
                2.0.192.in-addr.arpa. SOA ns1.example.com. h.example.com. 1 1h 1h 1h 1h
                6.2.0.192.in-addr.arpa. PTR mail.example.com.
                example.com. SOA ns1.example.com. h.example.com. 1 1h 1h 1h 1h
                mail.example.com. A 192.0.2.6
                long.example.com. TXT "v=spf1 \(networks.prefix(14).joined(separator: " ")) " (
                    "\(networks.dropFirst(14).joined(separator: " ")) -all" )
                alias.example.com. CNAME other.example.com.
                other.example.com. TXT "v=spf1 -all"
                """)
        let text = TextReport.render(report, .init(width: 200))
        #expect(text.contains(reason), "\(text)")
        #expect(text.contains("allow ip4:192.0.2.6 in front of -all. No record is given"))
    }

    // MARK: Pools

    @Test func `a pool's host with a task of its own is not told to do nothing`() throws {
        let report = try Scenario("pool-by-design-spf-fail").report()
        #expect(
            report.plan.steps.map(\.keyword) == [
                .allowInSPF, .changeReceiverRule, .nameEachHost,
            ])
        // The report offers the letter, so there is one.
        #expect(TextReport.render(report).contains("heloscope letter --to receiver"))
        let letter = try Letter.text(to: .receiver, about: report)
        #expect(
            letter.split(whereSeparator: \.isWhitespace).joined(separator: " ").contains(
                "A pool cannot meet the test by one shared HELO name"))
    }
}
