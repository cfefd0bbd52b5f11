import FilterProtocols
import Foundation
import GuardDecisions
import NetNames
import ReceiverModels
import SenderIdentity
import Testing

/// One decision in the words of every protocol.
@Suite struct WordsTests {
    static let words = GuardWords(server: Array("mx.example".utf8), junkFrom: 1500)

    func decision(_ facts: GuardFacts, _ profile: String = "honest") throws -> GuardDecision {
        try Situations.rules(profile).decision(for: Situations.request(), on: facts)
    }

    func text(_ bytes: [UInt8]?) -> String? { bytes.map { String(decoding: $0, as: UTF8.self) } }

    func header(_ facts: GuardFacts) throws -> String? {
        text(Self.words.header(for: try decision(facts), Situations.request())?.unfolded)
    }

    @Test func `the header says the result, the address, and what the rules make of it`() throws {
        #expect(
            try header(Situations.good)
                == "mx.example; iprev=pass (mail.example.com) policy.iprev=45.76.33.5")
        #expect(
            try header(Situations.noPointer)
                == "mx.example; iprev=permerror (no PTR record) policy.iprev=45.76.33.5;"
                + " x-heloscope=fail policy.findings=no-ptr policy.score=2.000"
                + " smtp.helo=mail.example.com")
        #expect(
            try header(Situations.failing)
                == "mx.example; iprev=temperror (servfail) policy.iprev=45.76.33.5;"
                + " x-heloscope=fail policy.findings=reverse-lookup-failed"
                + " smtp.helo=mail.example.com")
        let trouble = GuardRules.honest.decision(for: Situations.request(), despite: .deadline)
        #expect(
            text(Self.words.header(for: trouble, Situations.request())?.unfolded)
                == "mx.example; iprev=temperror (not looked up: deadline) policy.iprev=45.76.33.5")
    }

    @Test func `resolvers that answer nobody are named in the header`() throws {
        #expect(
            try header(Situations.helplessly)
                == "mx.example; iprev=temperror (our resolvers do not answer)"
                + " policy.iprev=45.76.33.5; x-heloscope=fail"
                + " policy.findings=reverse-lookup-failed smtp.helo=mail.example.com")
    }

    /// A field that is too long would be none: the client chooses its HELO and its PTR name.
    @Test func `names that fill the field do not keep it away`() throws {
        let words = GuardWords(server: Array(repeating: UInt8(ascii: "m"), count: 255))
        let label = String(repeating: "a", count: 61)
        let name = Situations.name([label, label, label, "example.com"].joined(separator: "."))
        let facts = GuardFacts(
            findings: FindingSet([.onePointer, .pointerConfirmed, .heloResolvesElsewhere]),
            iprev: .pass(name), confirmedNames: [name])
        let request = Situations.request(String(repeating: "\"", count: 255))
        let decision = GuardRules.honest.decision(for: request, on: facts)
        let header = try #require(words.header(for: decision, request))
        #expect(
            text(header.unfolded)?.hasSuffix(
                "; iprev=pass policy.iprev=45.76.33.5; x-heloscope=fail"
                    + " policy.findings=helo-resolves-elsewhere") == true)
    }

    @Test func `no client can write a result of its own`() throws {
        let request = Situations.request("x; iprev=pass (a)\r\nX-Evil: 1 policy.iprev=9.9.9.9")
        let decision = GuardRules.honest.decision(for: request, on: Situations.noPointer)
        let header = try #require(Self.words.header(for: decision, request))
        #expect(header.unfolded.allSatisfy(Ascii.isPrintable))
        #expect(
            text(header.unfolded)?.hasSuffix(
                "smtp.helo=\"x; iprev=pass (a)??X-Evil: 1 policy.iprev=9.9.9.9\"") == true)
    }

    @Test func `Postfix is told nothing, a header, or a code`() throws {
        let request = Situations.request()
        #expect(
            Self.words.policyAction(for: try decision(Situations.good), request) == .dunno)
        let marked = try decision(Situations.noPointer)
        guard case .prepend = Self.words.policyAction(for: marked, request) else {
            Issue.record("no header")
            return
        }
        #expect(Self.words.policyAction(for: marked, request, canAddHeader: false) == .dunno)
        let refused = try decision(Situations.noPointer, "fcrdns-required")
        #expect(
            text(Self.words.policyAction(for: refused, request).encoded)
                == "action=550 5.7.25 Client host rejected: no forward-confirmed reverse DNS for"
                + " [45.76.33.5]; finding no-ptr\n\n")
        let deferred = try decision(Situations.failing, "fcrdns-required")
        #expect(
            text(Self.words.policyAction(for: deferred, request).encoded)
                == "action=DEFER_IF_PERMIT 4.7.25 Client host: reverse DNS of [45.76.33.5] cannot"
                + " be looked up now; finding reverse-lookup-failed\n\n")
    }

    @Test func `a milter adds the header to what goes on`() throws {
        let passed = Self.words.milterDecision(
            for: try decision(Situations.good), Situations.request())
        #expect(passed.verdict == .proceed)
        #expect(passed.header != nil)
        let refused = try decision(Situations.elsewhere, "fcrdns-required")
        let answer = Self.words.milterDecision(for: refused, Situations.request())
        guard case .refuse(let refusal) = answer.verdict else {
            Issue.record("not refused")
            return
        }
        #expect(refusal.code == 550)
        #expect(answer.header == nil)
    }

    @Test func `Exim gets a verdict, and a code only where mail is kept out`() throws {
        let request = Situations.request()
        let rows: [(GuardFacts, String, String)] = [
            (Situations.good, "honest", "verdict=pass header="),
            (Situations.noPointer, "honest", "verdict=pass reason=no-ptr header="),
            (
                Situations.failing, "honest",
                "verdict=temperror reason=reverse-lookup-failed header="
            ),
            (
                Situations.failing, "fcrdns-required",
                "verdict=temperror reason=reverse-lookup-failed code=450 dsn=4.7.25 text="
            ),
            (
                Situations.noPointer, "fcrdns-required",
                "verdict=fail reason=no-ptr code=550 dsn=5.7.25 text="
            ),
        ]
        for (facts, profile, start) in rows {
            let reply = Self.words.eximReply(for: try decision(facts, profile), request)
            #expect(text(reply.encoded)?.hasPrefix(start) == true)
        }
        let dry = try Situations.rules {
            $0.profile = "fcrdns-required"
            $0.isDryRun = true
        }
        let reply = Self.words.eximReply(
            for: dry.decision(for: request, on: Situations.noPointer), request)
        #expect(reply.verdict == .pass)
        #expect(reply.refusal == nil)
    }

    @Test func `OpenSMTPD marks as spam from the score on`() throws {
        #expect(Self.words.openSMTPDDecision(for: try decision(Situations.good)) == .proceed)
        #expect(Self.words.openSMTPDDecision(for: try decision(Situations.elsewhere)) == .proceed)
        #expect(Self.words.openSMTPDDecision(for: try decision(Situations.noPointer)) == .junk)
        let never = GuardWords(server: Array("mx".utf8))
        #expect(never.openSMTPDDecision(for: try decision(Situations.noPointer)) == .proceed)
        let refused = Self.words.openSMTPDDecision(
            for: try decision(Situations.noPointer, "fcrdns-required"))
        guard case .reject = refused else {
            Issue.record("not rejected")
            return
        }
    }

    @Test func `rspamd gets a symbol and points, or nothing`() throws {
        #expect(Self.words.mapText(for: try decision(Situations.good)) == nil)
        #expect(
            text(Self.words.mapText(for: try decision(Situations.noPointer)))
                == "HELOSCOPE_NO_PTR:2.000")
        #expect(
            text(Self.words.mapText(for: try decision(Situations.failing)))
                == "HELOSCOPE_REVERSE_LOOKUP_FAILED:0.000")
        #expect(
            text(Self.words.mapText(for: try decision(Situations.noPointer, "fcrdns-required")))
                == "HELOSCOPE_NO_PTR:15.000")
    }

    @Test func `JSON parses, whatever the client said`() throws {
        let helo = (0...255).map { UInt8($0) }
        let request = GuardRequest(client: Situations.client, helo: helo)
        for facts in Situations.all {
            for profile in GuardPolicy.profiles.map(\.name) {
                let decision = try Situations.rules(profile).decision(for: request, on: facts)
                let json = Self.words.json(for: decision, request)
                #expect(json.dropLast().allSatisfy(Ascii.isPrintable))
                let object = try #require(
                    try JSONSerialization.jsonObject(with: Data(json)) as? [String: Any])
                #expect(object["helo"] as? String == HELOArgument(helo).text)
                #expect(object["action"] as? String == decision.action.word)
                #expect(object["because"] as? [String] == decision.because.map(\.rawValue))
                #expect(object["iprev"] as? String == decision.iprev?.rawValue)
                let reply = object["reply"] as? [String: Any]
                #expect(reply?["code"] as? Int == decision.refusal.map { Int($0.code) })
            }
        }
    }
}
