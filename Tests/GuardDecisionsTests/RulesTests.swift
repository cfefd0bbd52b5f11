import FilterProtocols
import GuardDecisions
import NetNames
import ReceiverModels
import SenderIdentity
import Testing

/// What is done with which client, and what is wrong with rules.
@Suite struct RulesTests {
    static let urlBase = "https://mx.example/findings/"

    func outcome(_ rules: GuardRules, _ facts: GuardFacts) -> String {
        let decision = rules.decision(for: Situations.request(), on: facts)
        return decision.refusal.map { "\(decision.action.word) \($0.code) \($0.enhancedCode)" }
            ?? decision.action.word
    }

    @Test func `every profile does with every client what it says`() throws {
        let rows: [(GuardFacts, [String])] = [
            (Situations.good, ["accept", "accept", "accept"]),
            (Situations.noPointer, ["score", "refuse 550 5.7.25", "refuse 550 5.7.25"]),
            (Situations.elsewhere, ["score", "refuse 550 5.7.25", "refuse 550 5.7.25"]),
            (Situations.failing, ["header", "defer 450 4.7.25", "defer 450 4.7.25"]),
            (Situations.helplessly, ["header", "header", "header"]),
            (Situations.heloElsewhere, ["header", "header", "refuse 550 5.7.1"]),
        ]
        for (facts, expected) in rows {
            let found = try GuardPolicy.profiles.map {
                outcome(try Situations.rules($0.name), facts)
            }
            #expect(found == expected)
        }
    }

    /// The words that are simulated are those that are said.
    @Test func `replies are the simulated ones, with the finding's address behind them`() throws {
        let rules = try Situations.rules {
            $0.profile = "strict-helo"
            $0.urlBase = Self.urlBase
        }
        let refused = rules.decision(for: Situations.request(), on: Situations.noPointer)
        #expect(
            refused.refusal.map { String(decoding: $0.oneLine, as: UTF8.self) }
                == "550 5.7.25 Client host rejected: no forward-confirmed reverse DNS for"
                + " [45.76.33.5]; see https://mx.example/findings/no-ptr")
        let helo = rules.decision(for: Situations.request(), on: Situations.heloElsewhere)
        #expect(
            helo.refusal.map { String(decoding: $0.oneLine, as: UTF8.self) }
                == "550 5.7.1 HELO rejected by local policy: <mail.example.com>, client"
                + " [45.76.33.5]; see https://mx.example/findings/helo-resolves-elsewhere")
        let plain = try Situations.rules("fcrdns-required")
        let text = plain.decision(for: Situations.request(), on: Situations.failing).refusal
        #expect(
            text.map { String(decoding: $0.oneLine, as: UTF8.self) }
                == "450 4.7.25 Client host: reverse DNS of [45.76.33.5] cannot be looked up now;"
                + " finding reverse-lookup-failed")
    }

    @Test func `a long HELO leaves room for the address, and is no line of its own`() throws {
        let rules = try Situations.rules {
            $0.profile = "strict-helo"
            $0.urlBase = "https://" + String(repeating: "m", count: 112)
        }
        let said = String(repeating: "a", count: 300) + "\r\n250 ok\u{1}"
        for helo in [said, "\r\n250 ok", "%n%s"] {
            let refusal = rules.decision(
                for: Situations.request(helo), on: Situations.heloElsewhere
            ).refusal
            let line = refusal?.oneLine ?? []
            #expect(line.count <= 510)
            #expect(line.allSatisfy(Ascii.isPrintable))
            #expect(line.starts(with: Array("550 5.7.1 HELO rejected".utf8)))
            let isWhole = String(decoding: line, as: UTF8.self)
                .hasSuffix("mhelo-resolves-elsewhere")
            #expect(isWhole)
        }
    }

    @Test func `single findings can be told otherwise`() throws {
        let rules = try Situations.rules {
            $0.actions = ["no-ptr": "refuse", "ptr-points-elsewhere": "score 2.25"]
        }
        #expect(outcome(rules, Situations.noPointer) == "refuse 550 5.7.25")
        let decision = rules.decision(for: Situations.request(), on: Situations.elsewhere)
        #expect(decision.action == .score(2250))
        let mild = try Situations.rules {
            $0.profile = "fcrdns-required"
            $0.actions = ["no-ptr": "accept"]
        }
        #expect(outcome(mild, Situations.noPointer) == "accept")
    }

    /// Whatever an administrator writes.
    @Test func `no table refuses for good on temporary evidence, or anything on our own`() throws {
        let codes = FindingCode.allCases.filter { code in
            (try? Situations.rules { $0.actions = [code.rawValue: "refuse"] }) != nil
        }
        #expect(codes.count > 20)
        let hardest = try Situations.rules { source in
            for code in codes where code.group != .heloForm {
                source.actions[code.rawValue] = "refuse"
            }
        }
        #expect(outcome(hardest, Situations.failing) == "defer 450 4.7.25")
        #expect(outcome(hardest, Situations.helplessly) == "header")
        for trouble in GuardTrouble.allCases {
            let decision = hardest.decision(for: Situations.request(), despite: trouble)
            #expect(decision.action == .accept)
            #expect(decision.iprev == .temperror)
        }
    }

    @Test func `blocks and addresses are exceptions before any look-up`() throws {
        let rules = try Situations.rules {
            $0.profile = "fcrdns-required"
            $0.acceptedBlocks = ["45.76.32.0/20", "2a01:4f8::/32", "9.9.9.9"]
        }
        for (address, isException) in [
            ("45.76.33.5", true), ("45.76.48.1", false), ("2a01:4f8::25", true),
            ("2a01:4f9::25", false), ("9.9.9.9", true), ("9.9.9.8", false),
        ] {
            let request = GuardRequest(client: try #require(IPAddress(address)))
            let basis = rules.decisionWithoutLookup(for: request)?.basis
            #expect(basis == (isException ? .exemption(.addressBlock) : nil), "\(address)")
        }
    }

    @Test func `a domain is an exception by a confirmed name, never by another`() throws {
        let rules = try Situations.rules {
            $0.profile = "strict-helo"
            $0.acceptedDomains = ["Example.com"]
        }
        let accepted = rules.decision(for: Situations.request(), on: Situations.heloElsewhere)
        #expect(accepted.action == .accept)
        #expect(accepted.basis == .exemption(.confirmedDomain))
        #expect(accepted.because == [.heloResolvesElsewhere])
        // The PTR record says mail.example.com here too, but it does not lead back.
        #expect(outcome(rules, Situations.elsewhere) == "refuse 550 5.7.25")
        #expect(rules.needsEveryName)
    }

    @Test func `HELO is an exception only where it leads to the client`() throws {
        let rules = try Situations.rules {
            $0.profile = "fcrdns-required"
            $0.acceptedHELO = ["example.com"]
        }
        #expect(outcome(rules, Situations.noPointer) == "accept")
        #expect(outcome(rules, Situations.elsewhere) == "refuse 550 5.7.25")
        let other = rules.decision(
            for: Situations.request("badexample.com"), on: Situations.noPointer)
        #expect(other.action.keepsOut)
    }

    /// RFC 5321 §4.2.1: only what another time will not change is refused for good.
    @Test func `what a failed look-up may hide as an exception is put off, not refused`() throws {
        let failure = GuardFacts.Certainty.temporary(.serverFailure)
        let halfKnown = GuardFacts(
            findings: Situations.heloElsewhere.findings, iprev: Situations.heloElsewhere.iprev,
            confirmedNames: Situations.heloElsewhere.confirmedNames, hasEveryName: false)
        let byName = try Situations.rules {
            $0.profile = "strict-helo"
            $0.acceptedDomains = ["partner.test"]
        }
        #expect(outcome(byName, Situations.heloElsewhere) == "refuse 550 5.7.1")
        #expect(outcome(byName, halfKnown).hasPrefix("defer 450 "))
        #expect(!byName.areEnough(halfKnown))
        let heloFailed = GuardFacts(
            findings: FindingSet([.noPointer, .heloLookupFailed]), iprev: .permerror, helo: failure)
        let byHELO = try Situations.rules {
            $0.profile = "fcrdns-required"
            $0.acceptedHELO = ["example.com"]
        }
        let heloMissing = GuardFacts(
            findings: FindingSet([.noPointer, .heloDoesNotResolve]), iprev: .permerror)
        #expect(outcome(byHELO, heloMissing) == "refuse 550 5.7.25")
        #expect(outcome(byHELO, heloFailed).hasPrefix("defer 450 "))
        let others = try Situations.rules {
            $0.profile = "fcrdns-required"
            $0.acceptedHELO = ["example.org"]
        }
        #expect(outcome(others, heloFailed) == "refuse 550 5.7.25")
    }

    @Test func `postmaster can be reached`() throws {
        let rules = try Situations.rules("fcrdns-required")
        let decision = rules.decision(
            for: Situations.request(to: "<PostMaster@mx.example>"), on: Situations.noPointer)
        #expect(decision.action == .addHeader)
        #expect(decision.basis == .exemption(.postmaster))
    }

    @Test func `a dry run accepts, and says what it would have done`() throws {
        let rules = try Situations.rules {
            $0.profile = "fcrdns-required"
            $0.isDryRun = true
        }
        let decision = rules.decision(for: Situations.request(), on: Situations.noPointer)
        #expect(decision.action == .accept)
        #expect(decision.wouldBe?.word == "refuse")
        #expect(decision.because == [.noPointer])
        #expect(rules.decision(for: Situations.request(), on: Situations.good).wouldBe == nil)
    }

    @Test(arguments: [
        ("profile", "profile", "there is none of this name"),
        ("actions.no-prt", "no-prt", "there is no such finding"),
        ("actions.spf-fail", "spf-fail", "the guard does not look for it"),
        ("actions.multihomed", "multihomed", "the guard does not look for it"),
    ])
    func `a wrong key is named`(key: String, word: String, problem: String) throws {
        let error = #expect(throws: GuardRulesError.self) {
            try Situations.rules {
                if word == "profile" { $0.profile = "nice" } else { $0.actions = [word: "refuse"] }
            }
        }
        #expect(error?.key.contains(word) == true)
        #expect(error?.problem == problem)
    }

    @Test(arguments: [
        "maybe", "", "score", "score x", "score -1", "score 1.2345", "score 1001", "score 1 2",
        "REFUSE", "score 99999999999999999999", "score .5", "score 5.",
    ])
    func `a wrong action is refused`(text: String) {
        let error = #expect(throws: GuardRulesError.self) {
            try Situations.rules { $0.actions = ["no-ptr": text] }
        }
        #expect(error?.key == "actions.no-ptr")
    }

    @Test(arguments: ["com", "co.uk", "", ".example.org", "a..b", "localhost", "exa mple"])
    func `an exception for everybody is refused`(domain: String) {
        for isHELO in [false, true] {
            #expect(throws: GuardRulesError.self) {
                try Situations.rules {
                    if isHELO { $0.acceptedHELO = [domain] } else { $0.acceptedDomains = [domain] }
                }
            }
        }
    }

    @Test(arguments: ["192.0.2.1/24", "192.0.2", "example.org", "1.2.3.4/33", "\u{1b}[31m"])
    func `what is no block is refused, in printable words`(text: String) {
        let error = #expect(throws: GuardRulesError.self) {
            try Situations.rules { $0.acceptedBlocks = [text] }
        }
        #expect(error?.key == "accept-addresses")
        #expect(error?.problem.utf8.allSatisfy(Ascii.isPrintable) == true)
    }

    @Test func `a URL that would break a reply is refused`() {
        for base in ["https://a b/", "x\r\n", String(repeating: "u", count: 121), "\"", "é"] {
            #expect(throws: GuardRulesError.self) { try Situations.rules { $0.urlBase = base } }
        }
    }

    @Test func `rules that depart from the RFC say so`() throws {
        #expect(try Situations.rules("honest").warnings.isEmpty)
        #expect(try Situations.rules("fcrdns-required").warnings.isEmpty)
        let strict = try Situations.rules("strict-helo").warnings
        #expect(strict.count == 1)
        #expect(strict.first?.contains("RFC 5321 §4.1.4") == true)
        let own = try Situations.rules { $0.actions = ["helo-unrelated-to-ptr": "refuse"] }
        #expect(own.warnings.first?.contains("RFC 5321 §4.1.4") == true)
        let vain = try Situations.rules { $0.actions = ["reverse-lookup-failed": "refuse"] }
        #expect(vain.warnings.first?.contains("only defers") == true)
    }
}
