import DNSModel
import LookupEngine
import NetNames
import SenderIdentity
import Testing

/// What a resolver knows of a private network is told to no stranger, whatever he has looked up.
@Suite struct PrivateNetworkTests {
    /// The resolver of a site with a private network, which answers for the Internet, too.
    private static let secret = "db1.corp.internal"
    private static let insideNames = [
        "5.0.0.10.in-addr.arpa", "1.1.168.192.in-addr.arpa", "9.8.16.172.in-addr.arpa",
        "1.0.0.127.in-addr.arpa", "5.1.168.192.in-addr.arpa",
    ]

    private static func inside(_ own: [(String, RecordData)] = []) throws -> SmallWorld {
        let secret = try #require(DomainName(secret))
        var lines = own
        for name in insideNames {
            lines.append((name, .ptr(secret)))
            lines.append((name, .txt([Array("v=spf1 +all".utf8)])))
            lines.append((name, .address(.v4(0x0a00_0005))))
        }
        lines.append((Self.secret, .address(.v4(0x0500_000a))))
        return try SmallWorld(lines)
    }

    /// Everything that is asked of the site's own resolver for a visitor.
    private static func asked(
        of world: SmallWorld, _ kind: Evidence.Source.Kind = .systemResolver,
        _ next: (Evidence) -> [PlannedQuestion]
    ) -> Evidence {
        var network = ScriptedNetwork([server(world)])
        return ScriptedCollector.collect(
            startedAt: 0, sources: [.init(kind: kind, name: serverAddress)], network: &network,
            next: next)
    }

    private static func check(
        _ address: String, helo: String? = nil, mailFrom: String? = nil, in world: SmallWorld,
        _ kind: Evidence.Source.Kind = .systemResolver
    ) throws -> Evidence {
        let subject = Subject(
            address: try #require(IPAddress(address)), helo: helo.map { HELOArgument($0) },
            mailFrom: try mailFrom.map { try MailFrom($0.utf8) })
        return asked(of: world, kind, OverlaidPlan(subject: subject, overlay: nil).questions)
    }

    /// No packet was about the private network, and nothing of it is in the evidence.
    private func expectNothingInside(_ evidence: Evidence) {
        for observation in evidence.observations {
            let isInside = SpecialAddresses.excludesPublicReverse(observation.question.name)
            #expect(!isInside || observation.attempts.isEmpty, "\(observation.question)")
            for attempt in observation.attempts {
                #expect(!SpecialAddresses.excludesPublicReverse(attempt.name), "\(attempt.name)")
            }
            #expect(!"\(observation)".contains(Self.secret), "\(observation.question)")
        }
    }

    @Test(arguments: ["5.0.0.10", "5.1.168.192", "9.8.16.172", "1.0.0.127"])
    func `an address that is a private one backwards`(address: String) throws {
        let evidence = try Self.check(address, in: Self.inside())
        expectNothingInside(evidence)
        #expect(evidence.observations.count == 1)
        // In a world that the user named, the slip is looked for.
        let named = try Self.check(address, in: Self.inside(), .resolver)
        #expect(named.observations.count > 1)
    }

    @Test func `a public one backwards is asked for as ever`() throws {
        let evidence = try Self.check("5.0.0.11", in: Self.inside())
        #expect(
            evidence.observations.map { "\($0.question.name)" }
                == ["11.0.0.5.in-addr.arpa", "5.0.0.11.in-addr.arpa"])
    }

    @Test(
        arguments: [
            "5.0.0.10.in-addr.arpa", "10.in-addr.arpa", "x.5.0.0.10.IN-ADDR.ARPA", "8.e.f.ip6.arpa",
        ])
    func `a private reverse name in HELO and MAIL FROM`(name: String) throws {
        let evidence = try Self.check(
            "8.8.8.8", helo: name, mailFrom: "x@\(name)", in: Self.inside())
        expectNothingInside(evidence)
        let about = evidence.observations.filter { "\($0.question.name)" == name }
        #expect(!about.isEmpty)
        #expect(about.allSatisfy { $0.outcome == .failed(.specialPurpose) })
    }

    @Test func `a PTR record that names one`() throws {
        let target = try #require(DomainName("5.0.0.10.in-addr.arpa"))
        let world = try Self.inside([("8.8.8.8.in-addr.arpa", .ptr(target))])
        expectNothingInside(try Self.check("8.8.8.8", in: world))
    }

    @Test(arguments: [false, true])
    func `an alias that leads to one, followed by the resolver or by us`(isCut: Bool) throws {
        let target = try #require(DomainName("5.0.0.10.in-addr.arpa"))
        let between = try #require(DomainName("a.evil.example"))
        for owner in ["8.8.8.8.in-addr.arpa", "h.evil.example"] {
            var world = try Self.inside([
                (owner, .cname(between)), ("a.evil.example", .cname(target)),
            ])
            world.cutsChains = isCut
            let evidence = try Self.check("8.8.8.8", helo: "h.evil.example", in: world)
            expectNothingInside(evidence)
            let failed = evidence.observations.filter { $0.outcome == .failed(.specialPurpose) }
            #expect(!failed.isEmpty)
            #expect(failed.allSatisfy { $0.response == nil })
        }
    }

    @Test func `a HELO name with a private address, and an alias behind another`() throws {
        let alias = try #require(DomainName("5.0.0.10.in-addr.arpa"))
        let world = try Self.inside([
            ("h.evil.example", .address(.v4(0x0a00_0005))),
            ("h.evil.example", .address(.v4(0x0909_0909))),
            ("h.evil.example", .address(.v6(high: 0x0064_ff9b_0000_0000, low: 0x0a00_0005))),
            ("h.evil.example", .address(.v6(high: 0x2002_0a00_0005_0000, low: 1))),
            ("9.9.9.9.in-addr.arpa", .cname(alias)),
        ])
        let evidence = try Self.check("8.8.8.8", helo: "h.evil.example", in: world)
        expectNothingInside(evidence)
        #expect(evidence.observations.filter { $0.stage == .members }.count == 1)
    }

    @Test(
        arguments: [
            "include:5.0.0.10.in-addr.arpa", "a:5.0.0.10.in-addr.arpa", "mx:5.0.0.10.in-addr.arpa",
            "exists:5.0.0.10.in-addr.arpa", "exists:%{i}.in-addr.arpa", "ptr:corp.internal",
            "redirect=5.0.0.10.in-addr.arpa", "-all exp=5.0.0.10.in-addr.arpa",
            "a:alias.evil.example", "exists:%{p}.evil.example",
        ])
    func `what a record of SPF asks for`(term: String) throws {
        let alias = try #require(DomainName("5.0.0.10.in-addr.arpa"))
        let world = try Self.inside([
            ("h.evil.example", .txt([Array("v=spf1 \(term)".utf8)])),
            ("alias.evil.example", .cname(alias)),
        ])
        // Its own reverse name, and forwards, as the macro writes it: 5.0.0.10.in-addr.arpa.
        let evidence = try Self.check("5.0.0.10", helo: "h.evil.example", in: world)
        expectNothingInside(evidence)
        #expect(evidence.observations.contains { $0.stage == .spf })
    }

    @Test func `an address that a resolver with DNS64 takes for a private one`() throws {
        for address in ["64:ff9b::10.0.0.5", "2002:a00:5::1", "64:ff9b:1::a00:5"] {
            let evidence = try Self.check(address, helo: "h.evil.example", in: Self.inside())
            #expect(evidence.observations.isEmpty, "\(address)")
        }
    }

    @Test(arguments: ["ptr", "exists:%{p}.evil.example", "ptr:corp.internal -all"])
    func `a host of a pool`(term: String) throws {
        let world = try Self.inside([("h.evil.example", .txt([Array("v=spf1 \(term)".utf8)]))])
        let clients = try ["10.0.0.5", "5.0.0.10", "127.0.0.1", "192.168.1.5"].map {
            Subject(address: try #require(IPAddress($0)), helo: HELOArgument("h.evil.example"))
        }
        var plan = PoolPlan(for: .clients(clients))
        let evidence = Self.asked(of: world) { plan.questions(knowing: $0) }
        expectNothingInside(evidence)
        #expect(evidence.observations.contains { $0.question.type == .txt })
    }
}
