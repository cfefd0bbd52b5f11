import DNSModel
import Foundation
import LookupEngine
import NetNames
import ReceiverModels
import Remedies
import Reports
import SenderIdentity
import TestSupport
import Testing

/// The matrix of a pool, in worlds of zone files.
@Suite struct PoolTests {
    private static let helo = "na01-bn1-obe.outbound.protection.outlook.com"
    private static let example = Fixtures.package.appending(path: "Examples/exchange-online.zone")
    private static let mixed = Fixtures.package.appending(path: "Tests/Fixtures/pools/mixed.zone")

    /// Looks a pool up in a world.
    private func report(
        on target: PoolTarget, in bytes: [UInt8], faults: String = "",
        settings: [String: ReceiverSettings] = [:]
    ) throws -> PoolReport {
        let world = try ZoneWorld(files: [try ZoneFile(name: "world.zone", bytes: bytes)])
        let rules = try FaultRules(parsing: Array(faults.utf8))
        var network = ScriptedNetwork([
            ScriptedServer(
                label: "zone", latency: .zero, reply: { world.reply(to: $0) },
                faults: { rules.faults(for: $0) })
        ])
        var plan = PoolPlan(for: target)
        let evidence = ScriptedCollector.collect(
            startedAt: Scenario.startedAt, sources: [.init(kind: .zone, name: "world.zone")],
            network: &network, deadline: .seconds(60), mostBytes: PoolLimits.bytes
        ) { plan.questions(knowing: $0) }
        return PoolReport(on: target, evidence: evidence, settings: settings)
    }

    private func name(_ text: String) throws -> DomainName { try #require(DomainName(text)) }

    private func client(_ address: String, _ helo: String) throws -> Subject {
        Subject(address: try #require(IPAddress(address)), helo: HELOArgument(helo))
    }

    private func count(
        _ outcome: SimulatedReply.Outcome, _ receiver: String, _ rule: String, in report: PoolReport
    ) throws -> Int {
        let found = try #require(
            report.rules.first { $0.receiver.id == receiver && $0.rule.id == rule })
        return found.counts[outcome, default: 0]
    }

    @Test func `article B's HELO name has ten confirmed hosts, none named like it`() throws {
        let report = try report(
            on: .heloName(try name(Self.helo)), in: Fixtures.bytes(of: Self.example))
        let matrix = report.matrix
        #expect(matrix.hosts.count == 10)
        #expect(matrix.confirmed == 10)
        #expect(matrix.covered == 10)
        #expect(matrix.equalToHELO == 0)
        #expect(matrix.sameOrganization == 10)
        #expect(matrix.outliers.isEmpty)
        #expect(report.exitCode == 0)
        try Golden.expect(
            PoolText.render(report, .init()),
            in: Fixtures.package.appending(path: "Tests/Fixtures/pools/exchange-online.txt"))
    }

    @Test func `with 157.56.110.65 the HELO name covers ten of eleven, and Exim refuses one`()
        throws
    {
        let addresses = ["157.56.110.65"] + (149...158).map { "207.46.163.\($0)" }
        let report = try report(
            on: .clients(try addresses.map { try client($0, Self.helo) }),
            in: Fixtures.bytes(of: Self.example))
        #expect(report.matrix.covered == 10)
        #expect(report.matrix.confirmed == 11)
        #expect(
            report.matrix.notCovered.map { "\($0.facts.subject.address)" } == ["157.56.110.65"])
        #expect(try count(.refuse, "exim", "verify-helo", in: report) == 1)
        #expect(try count(.accept, "exim", "verify-helo", in: report) == 10)
        #expect(report.exitCode == 0)
    }

    @Test func `a pool with faults names each host and its fault first`() throws {
        let report = try report(
            on: .heloName(try name("out.example.net")), in: Fixtures.bytes(of: Self.mixed))
        let matrix = report.matrix
        #expect(matrix.withoutPointer.map { "\($0.facts.subject.address)" } == ["198.51.100.3"])
        #expect(matrix.notConfirmed.map { "\($0.facts.subject.address)" } == ["198.51.100.4"])
        #expect(matrix.outliers.map { "\($0.facts.subject.address)" } == ["198.51.100.5"])
        #expect(report.exitCode == 1)
        try Golden.expect(
            PoolText.render(report, .init()),
            in: Fixtures.package.appending(path: "Tests/Fixtures/pools/mixed.txt"))
    }

    @Test func `a host that could not be looked up is unknown, not faulty`() throws {
        let report = try report(
            on: .heloName(try name(Self.helo)), in: Fixtures.bytes(of: Self.example),
            faults: "150.163.46.207.in-addr.arpa !PTR SERVFAIL\n")
        #expect(report.matrix.unknown.count == 1)
        #expect(report.matrix.withoutPointer.isEmpty)
        #expect(report.exitCode == 75)
    }

    @Test func `a HELO name that cannot be looked up leaves the pool undetermined`() throws {
        let report = try report(
            on: .heloName(try name(Self.helo)), in: Fixtures.bytes(of: Self.example),
            faults: "\(Self.helo) !A SERVFAIL\n\(Self.helo) !AAAA SERVFAIL\n")
        #expect(report.matrix.heloFailure == .serverFailure)
        #expect(report.exitCode == 75)
        #expect(PoolText.render(report, .init()).hasPrefix("UNKNOWN"))
    }

    @Test(arguments: ["$(id)", "a;reboot", "`id`", "a b", "a\nb", "-n", "[192.0.2.1]"])
    func `a printed command holds a host name or none`(helo: String) throws {
        let report = try report(
            on: .clients([try client("198.51.100.3", helo)]), in: Fixtures.bytes(of: Self.mixed))
        let text = PoolText.render(report, .init(showsAll: true))
        #expect(text.contains("heloscope check 198.51.100.3\n"), "\(text)")
        #expect(!text.contains("--helo"))
        let named = try self.report(
            on: .clients([try client("198.51.100.3", "mail.example.net")]),
            in: Fixtures.bytes(of: Self.mixed))
        #expect(
            PoolText.render(named, .init()).contains(
                "heloscope check 198.51.100.3 --helo mail.example.net\n"))
    }

    @Test func `the example of a rule is a host that meets its worst outcome`() throws {
        let report = try report(
            on: .heloName(try name("out.example.net")), in: Fixtures.bytes(of: Self.mixed),
            faults: "1.100.51.198.in-addr.arpa !PTR SERVFAIL\n")
        #expect(report.rules.contains { $0.counts.count > 2 })
        for rule in report.rules {
            #expect(rule.example?.reply.outcome ?? .accept == rule.worst)
        }
    }

    @Test func `a pool is judged with the settings that were chosen`() throws {
        func outcomes(_ settings: [String: ReceiverSettings]) throws -> [[String: Int]] {
            try report(
                on: .heloName(try name("out.example.net")), in: Fixtures.bytes(of: Self.mixed),
                settings: settings
            ).rules.filter { $0.receiver.id == "postfix" }.map { rule in
                Dictionary(uniqueKeysWithValues: rule.counts.map { ($0.rawValue, $1) })
            }
        }
        let setting = try #require(Receiver.all.first { $0.id == "postfix" }?.settings.first)
        let others = try setting.values.map {
            try outcomes(["postfix": ReceiverSettings([setting.name: $0])])
        }
        #expect(Set(others).count > 1, "\(setting)")
    }

    @Test func `a family that could not be looked up is told where the other has hosts`() throws {
        let world =
            try Fixtures.bytes(of: Self.mixed)
            + Array(
                """

                $ORIGIN example.net.
                six AAAA 2001:db8::1
                $ORIGIN 8.b.d.0.1.0.0.2.ip6.arpa.
                @ 3600 SOA ns1.example.net. hostmaster.example.net. 1 3600 900 1209600 3600
                1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0 PTR six.example.net.

                """.utf8)
        let report = try report(
            on: .heloName(try name("six.example.net")), in: world,
            faults: "six.example.net !A SERVFAIL\n")
        #expect(report.matrix.confirmed == 1)
        #expect(report.exitCode == 75)
        let text = PoolText.render(report, .init())
        #expect(text.hasPrefix("UNKNOWN"))
        #expect(text.contains("the A records of six.example.net: SERVFAIL"), "\(text)")
        #expect(text.contains("run it again later"))
    }

    @Test func `the headline tells the worst that any host has, as the exit code does`() throws {
        let hosts = [
            try client("198.51.100.1", "nope.example.org"),
            try client("198.51.100.2", "mx2.example.net"),
        ]
        let world =
            try Fixtures.bytes(of: Self.mixed)
            + Array(
                """

                $ORIGIN example.org.
                @ 3600 SOA ns1.example.net. hostmaster.example.net. 1 3600 900 1209600 3600

                """.utf8)
        let faulty = try report(on: .clients(hosts), in: world)
        #expect(faulty.exitCode == 1)
        let text = PoolText.render(faulty, .init(width: 200))
        #expect(text.hasPrefix("FAIL  1 of 2 hosts with another fault: helo-does-not-resolve\n"))
        #expect(text.contains("198.51.100.1: "))
        #expect(text.contains("heloscope check 198.51.100.1 --helo nope.example.org\n"))
        let open = try report(
            on: .clients(hosts), in: world, faults: "nope.example.org !A SERVFAIL\n")
        #expect(open.exitCode == 75)
        #expect(PoolText.render(open, .init()).hasPrefix("UNKNOWN"))
        let fine = try report(on: .clients([hosts[1]]), in: world)
        #expect(fine.exitCode == 0)
        #expect(PoolText.render(fine, .init()).hasPrefix("OK  The only host is forward-confirmed."))
    }

    // MARK: SPF

    private static let sender = Fixtures.package.appending(path: "Tests/Fixtures/pools/spf.zone")

    @Test func `an SPF domain's hosts are what ip4, a, mx, include and redirect allow, each once`()
        throws
    {
        let report = try report(
            on: .name(try name("example.net")), in: Fixtures.bytes(of: Self.sender))
        let matrix = report.matrix
        #expect(matrix.target.heloNames.isEmpty)
        #expect(
            matrix.hosts.map { "\($0.facts.subject.address)" } == [
                "198.51.100.8", "198.51.100.9", "198.51.100.10", "198.51.100.11", "203.0.113.5",
                "203.0.113.6", "203.0.113.7", "2001:db8::25",
            ])
        // Listed, but a term before it refuses it.
        #expect(matrix.passedBySPF == 7)
        #expect(matrix.refusedBySPF.map { "\($0.facts.subject.address)" } == ["203.0.113.7"])
        let text = PoolText.render(report, .init())
        #expect(text.contains("SPF domain         example.net\n"))
        #expect(report.matrix.hosts.count == 8)
        try Golden.expect(
            text, in: Fixtures.package.appending(path: "Tests/Fixtures/pools/spf.txt"))
    }

    @Test(arguments: [("plain.example.net", 1), ("bare.example.net", 1)])
    func `a name whose record has no network, or that has none, is a HELO name`(
        helo: String, hosts: Int
    ) throws {
        let report = try report(on: .name(try name(helo)), in: Fixtures.bytes(of: Self.sender))
        #expect(report.matrix.target == .heloName(try name(helo)))
        #expect(report.matrix.hosts.count == hosts)
    }

    @Test func `a HELO name's pool tells whom the HELO name's record passes, or another's`() throws
    {
        let own = try report(
            on: .heloName(try name("out.example.net")), in: Fixtures.bytes(of: Self.sender))
        #expect(own.matrix.hosts.count == 2)
        #expect(own.matrix.passedBySPF == 1)
        let sender = try MailFrom("postmaster@example.net".utf8)
        let other = try report(
            on: .heloName(try name("out.example.net"), mailFrom: sender),
            in: Fixtures.bytes(of: Self.sender))
        #expect(other.matrix.passedBySPF == 2)
        #expect(
            PoolText.render(other, .init()).contains("2 of 2 (100 %) for MAIL FROM example.net"))
    }

    @Test func `a larger block is thinned out evenly, a small one beside it is complete`() throws {
        let report = try report(
            on: .name(try name("large.example.net")), in: Fixtures.bytes(of: Self.sender))
        let matrix = report.matrix
        #expect(matrix.hosts.count == PoolLimits.hosts)
        #expect(matrix.skipped == 524_288 + 2 - PoolLimits.hosts)
        let addresses = Set(matrix.hosts.map(\.facts.subject.address))
        #expect(addresses.count == PoolLimits.hosts)
        for address in ["203.0.113.8", "203.0.113.9"] {
            #expect(addresses.contains(try #require(IPAddress(address))))
        }
        for half in ["10.0.0.0/14", "10.4.0.0/14"] {
            let block = try #require(AddressBlock(half))
            #expect(addresses.count { block.contains($0) } == 511)
        }
        let text = PoolText.render(report, .init(width: 100))
        #expect(text.contains("1,024 of 524,290, evenly from 2 blocks"))
    }

    @Test func `records that include each other end, and a failed one is no absence`() throws {
        let loop = try report(
            on: .name(try name("loop.example.net")), in: Fixtures.bytes(of: Self.sender))
        #expect(loop.matrix.hosts.count == 1)
        let failing = try report(
            on: .name(try name("example.net")), in: Fixtures.bytes(of: Self.sender),
            faults: "spf.example.net !TXT SERVFAIL\n")
        #expect(failing.matrix.isIncomplete)
        #expect(failing.exitCode != 0)
    }

    @Test func `an SPF domain without a record has no hosts`() throws {
        let report = try report(
            on: .spfDomain(try name("bare.example.net")), in: Fixtures.bytes(of: Self.sender))
        #expect(report.matrix.hosts.isEmpty)
        #expect(report.exitCode == 1)
        #expect(PoolText.render(report, .init()).hasPrefix("FAIL  No SPF record of bare"))
    }

    private static let faulty =
        Fixtures.package.appending(path: "Tests/Fixtures/pools/spf-faults.zone")

    /// The record is there, and says nothing that could be looked at.
    @Test(arguments: [
        ("exists.example.net", "exists:%{i}.allowed.example.net"), ("ptr.example.net", "ptr"),
        ("macro.example.net", "a:%{l}.example.net"), ("open.example.net", "+all"),
        ("outer.example.net", "exists:%{i}.allowed.example.net of exists.example.net"),
    ])
    func `hosts that cannot be listed are unknown, by name and as an SPF domain`(
        domain: String, term: String
    ) throws {
        let name = try name(domain)
        for target in [PoolTarget.spfDomain(name), .name(name)] {
            let report = try report(on: target, in: Fixtures.bytes(of: Self.faulty))
            let text = PoolText.render(report, .init(width: 200))
            #expect(report.exitCode == 75, "\(target)")
            #expect(
                text.hasPrefix(
                    "UNKNOWN  The hosts of \(domain) could not be listed from \(term).\n"),
                "\(text)")
            #expect(text.contains("list them in a file"), "\(text)")
            #expect(!text.contains("give the name addresses"))
            #expect(!text.contains("run it again later"))
        }
    }

    @Test(arguments: [
        (
            "broken.example.net",
            "The SPF record of broken.example.net cannot be used:"
                + " no such mechanism in ipv4:192.0.2.1."
        ),
        (
            "includes-broken.example.net",
            "The SPF record of broken.example.net cannot be used:"
                + " no such mechanism in ipv4:192.0.2.1."
        ),
        (
            "two.example.net",
            "The SPF records of two.example.net cannot be used: there are 2."
        ),
        (
            "circle.example.net",
            "The SPF record of circle2.example.net cannot be used:"
                + " include:circle.example.net leads back to circle.example.net."
        ),
        (
            "itself.example.net",
            "The SPF record of itself.example.net cannot be used:"
                + " redirect=itself.example.net leads back to itself.example.net."
        ),
        (
            "gone.example.net",
            "The SPF record of gone.example.net cannot be used:"
                + " include:nothing.example.net leads to no record."
        ),
    ])
    func `a record at fault is named with its term, by name and as an SPF domain`(
        domain: String, sentence: String
    ) throws {
        let name = try name(domain)
        for target in [PoolTarget.spfDomain(name), .name(name)] {
            let report = try report(on: target, in: Fixtures.bytes(of: Self.faulty))
            let text = PoolText.render(report, .init(width: 200))
            #expect(report.exitCode == 1, "\(target)")
            #expect(text.hasPrefix("FAIL  \(sentence)\n"), "\(text)")
            #expect(!text.contains("give the name addresses"))
            #expect(!text.contains("cannot be listed"), "\(text)")
        }
    }

    @Test func `a broken record hides no addresses of its own name, and no hosts of others`() throws
    {
        let world = try Fixtures.bytes(of: Self.faulty)
        let host = try report(on: .name(try name("host.example.net")), in: world)
        #expect(host.matrix.target == .heloName(try name("host.example.net")))
        #expect(host.matrix.hosts.count == 1)
        let partly = try report(on: .name(try name("partly.example.net")), in: world)
        #expect(partly.matrix.hosts.count == 1)
        #expect(
            PoolText.render(partly, .init(width: 200)).contains(
                "Cannot be used     The SPF record of broken.example.net: no such mechanism"))
        // Two ways to the same record are no circle.
        let twice = try report(on: .name(try name("twice.example.net")), in: world)
        #expect(twice.matrix.hosts.count == 1)
        #expect(!PoolText.render(twice, .init(width: 200)).contains("Cannot be used"))
    }

    @Test func `a record that could not be looked up is no HELO name without addresses`() throws {
        let world = try Fixtures.bytes(of: Self.faulty)
        let report = try report(
            on: .name(try name("exists.example.net")), in: world,
            faults: "exists.example.net !TXT SERVFAIL\n")
        #expect(report.exitCode == 75)
        #expect(PoolText.render(report, .init()).hasPrefix("UNKNOWN  The addresses of exists"))
        // Nor is one whose addresses could not.
        let other = try self.report(
            on: .name(try name("broken.example.net")), in: world,
            faults: "broken.example.net !A SERVFAIL\n")
        #expect(other.exitCode == 75)
    }

    @Test func `a record that allows nobody is a fault`() throws {
        let world = try Fixtures.bytes(of: Self.faulty)
        let domain = try report(on: .spfDomain(try name("nobody.example.net")), in: world)
        #expect(domain.exitCode == 1)
        #expect(
            PoolText.render(domain, .init(width: 200)).hasPrefix(
                "FAIL  No SPF record of nobody.example.net allows an address"))
        let helo = try report(on: .name(try name("nobody.example.net")), in: world)
        #expect(
            PoolText.render(helo, .init()).hasPrefix("FAIL  nobody.example.net has no address"))
    }

    @Test func `a large IPv6 block is sampled as a whole, and not counted out`() throws {
        let report = try report(
            on: .spfDomain(try name("six.example.net")), in: Fixtures.bytes(of: Self.faulty))
        let addresses = report.matrix.hosts.map(\.facts.subject.address)
        #expect(Set(addresses).count == PoolLimits.hosts)
        let block = try #require(AddressBlock("2001:db8::/32"))
        for start in ["", "4000:", "8000:", "c000:"] {
            let quarter = "2001:db8:\(start):/34"
            let part = try #require(AddressBlock(quarter))
            #expect(addresses.count { part.contains($0) } == PoolLimits.hosts / 4, "\(quarter)")
        }
        #expect(addresses.allSatisfy(block.contains))
        let text = PoolText.render(report, .init(width: 100))
        #expect(text.contains("1,024 of more than 2^32, evenly from 1 block"), "\(text)")
        let all = BlockSample.addresses(of: [try #require(AddressBlock("::/0"))], atMost: 4)
        for quarter in ["::/2", "4000::/2", "8000::/2", "c000::/2"] {
            let part = try #require(AddressBlock(quarter))
            #expect(all.count { part.contains($0) } == 1, "\(quarter)")
        }
    }

    @Test func `hosts beyond the limit are counted, not looked at`() throws {
        let clients = try (0..<1100).map {
            try client("198.51.\(100 + $0 / 256).\($0 % 256)", "x.example.net")
        }
        let target = PoolTarget.clients(clients)
        let nothing = Evidence(startedAt: 0, sources: [])
        #expect(target.clients(knowing: nothing).count == PoolLimits.hosts)
        #expect(target.skippedClients(knowing: nothing) == 1100 - PoolLimits.hosts)
    }

    @Test func `every host of a network is looked at, a window at a time`() throws {
        var zone = "$ORIGIN example.net.\n@ 60 SOA ns1 h 1 1 1 1 1\n"
        zone += "$GENERATE 0-255 mx$ A 198.51.100.$\n"
        zone += "$ORIGIN 100.51.198.in-addr.arpa.\n@ 60 SOA ns1.example.net. h 1 1 1 1 1\n"
        zone += "$GENERATE 0-255 $ PTR mx$.example.net.\n"
        let clients = try (0..<256).map { try client("198.51.100.\($0)", "x.example.net") }
        let target = PoolTarget.clients(clients)
        var plan = PoolPlan(for: target)
        let first = plan.questions(
            knowing: Evidence(startedAt: 0, sources: [.init(kind: .zone, name: "z")]))
        #expect(first.count == PoolLimits.window)
        let report = try report(on: target, in: Array(zone.utf8))
        #expect(report.matrix.confirmed == 256)
    }

    // MARK: The plan of a pool

    @Test(arguments: ["198.51.100.0/28", "2001:db8::40/124"])
    func `every receiver accepts every host of a planned pool`(block: String) throws {
        let design = try PoolDesign(
            pattern: try NamePattern("mx{n:2}.out.example.net".utf8),
            blocks: [try #require(AddressBlock(block))])
        #expect(design.hosts.count == 16)
        var zone = ""
        for part in design.zones {
            zone += "\(part.name.absolute) 60 IN SOA ns.example.net. h.example.net. 1 1 1 1 1\n"
            for record in part.records { zone += MasterFilePrinter.line(record) + "\n" }
        }
        let clients = design.hosts.map {
            Subject(address: $0.address, helo: HELOArgument("\($0.name)"))
        }
        let report = try report(on: .clients(clients), in: Array(zone.utf8))
        for rule in report.rules {
            #expect(
                [.accept, .cannotTell].contains(rule.worst), "\(rule.receiver.id) \(rule.rule.id)")
        }
        #expect(report.matrix.equalToHELO == 16)
        #expect(report.exitCode == 0)
    }

    @Test(arguments: [
        ("mx{n}", "notAHostname"), ("mx{x}.example.net", "placeholder"), ("a{n", "placeholder"),
        ("a{n}b{n}.example.net", "severalPlaceholders"), ("a.b{n}.example.net", "numberBehindHost"),
        ("mx_{n}.out.example.net", "notAHostname"), ("mx{n:0}.example.net", "placeholder"),
    ])
    func `a pattern that makes no host names is refused`(pattern: String, defect: String) throws {
        let error = #expect(throws: DesignError.self) { try NamePattern(pattern.utf8) }
        if case .badPattern(let found)? = error { #expect("\(found)" == defect) }
    }

    @Test func `names that look generic, twice the same address and too many are refused`() throws {
        let block = try #require(AddressBlock("198.51.100.0/30"))
        let pattern = try NamePattern("mx{n}.out.example.net".utf8)
        for text in ["10.0.0.0/31", "127.0.0.1/32", "fd00::/127", "100.64.0.0/31"] {
            let block = try #require(AddressBlock(text))
            let error = #expect(throws: DesignError.self) {
                try PoolDesign(pattern: pattern, blocks: [block])
            }
            guard case .specialPurpose? = error else {
                Issue.record("\(text)")
                continue
            }
        }
        for (text, defect) in [
            ("mx{n}.co.uk", NamePattern.Defect.noDomain), ("mx{n}.corp.local", .notPublic),
            ("mx{n}.hq.internal", .notPublic), ("mx{n}.mail.home.arpa", .notPublic),
        ] {
            #expect(throws: DesignError.badPattern(defect), "\(text)") {
                try NamePattern(text.utf8)
            }
        }
        #expect(try NamePattern("example.net".utf8).domain == DomainName("example.net"))
        #expect(throws: DesignError.needsNumber) {
            try PoolDesign(pattern: try NamePattern("mx.example.net".utf8), blocks: [block])
        }
        #expect(throws: DesignError.repeated(block.base)) {
            try PoolDesign(pattern: pattern, blocks: [block, block])
        }
        #expect(throws: DesignError.tooManyAddresses(limit: PoolLimits.hosts)) {
            try PoolDesign(pattern: pattern, blocks: [try #require(AddressBlock("10.0.0.0/8"))])
        }
        let generic = try NamePattern("dsl{n}.out.example.net".utf8)
        #expect(throws: DesignError.self) { try PoolDesign(pattern: generic, blocks: [block]) }
    }
}
