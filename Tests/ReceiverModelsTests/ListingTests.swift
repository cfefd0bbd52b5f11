import ReceiverModels
import SenderIdentity
import TestSupport
import Testing

/// The catalogue cannot drift: what the models do is what their rules list.
///
/// Every rule judges every scenario, and every situation that was recorded of the real servers, under
/// every choice of the receiver's settings.
@Suite struct ListingTests {
    /// What a rule was seen to do.
    private struct Seen {
        var replies: [ReceiverSettings: Set<ReplyTemplate>] = [:]
        var scores: [ReceiverSettings: Set<Score>] = [:]
        var codes: Set<FindingCode> = []

        mutating func add(_ judgement: Judgement, under settings: ReceiverSettings) {
            switch judgement {
            case .accepts, .cannotTell: break
            case .replies(let reply, let because):
                replies[settings, default: []].insert(reply)
                codes.formUnion(because)
            case .refusesInItsOwnWords(let because): codes.formUnion(because)
            case .scores(let score, let because):
                scores[settings, default: []].insert(score)
                codes.formUnion(because)
            case .dependsOnRecordOrder(let outcomes):
                for outcome in outcomes { add(outcome.judgement, under: settings) }
            case .dependsOnSearchList(let absent, let present):
                add(absent, under: settings)
                add(present, under: settings)
            }
        }
    }

    private static func name(_ receiver: Receiver, _ rule: Rule) -> String {
        "\(receiver.id) \(rule.id)"
    }

    @Test func `what a rule does is listed, and what is listed of a proven rule happens`() throws {
        let clients = try Clients.all.get().map(\.facts)
        #expect(clients.count > Scenario.names.count)
        for receiver in Receiver.all {
            for rule in receiver.rules {
                var seen = Seen()
                for settings in receiver.everyChoice {
                    for facts in clients {
                        seen.add(rule.judgement(facts, settings), under: settings)
                    }
                }
                expectListed(seen, receiver, rule)
            }
        }
    }

    private func expectListed(_ seen: Seen, _ receiver: Receiver, _ rule: Rule) {
        let place = Self.name(receiver, rule)
        for settings in receiver.everyChoice {
            let listed = Set(rule.replies(under: settings))
            let replies = seen.replies[settings] ?? []
            #expect(replies.isSubset(of: listed), "\(place) \(settings)")
            if rule.source.basis == .proven {
                #expect(listed.isSubset(of: replies), "\(place) \(settings)")
            }
            // Policies and filters list single symbols, which add up.
            let marks = Set(rule.scores(under: settings).flatMap(\.marks))
            for score in seen.scores[settings] ?? [] {
                #expect(marks.isSuperset(of: score.marks), "\(place) \(score)")
            }
        }
        let codes = FindingCode.allCases.filter(seen.codes.contains)
        #expect(codes.allSatisfy(rule.because.contains), "\(place) \(codes)")
        if rule.source.basis == .proven {
            let unseen = rule.because.filter { !codes.contains($0) }
            #expect(unseen == Self.ownNames[place] ?? [], "\(place)")
        }
        #expect(rule.because == FindingCode.allCases.filter(rule.because.contains), "\(place)")
    }

    /// Where HELO is the server's own name, which no setting of the catalogue says.
    private static let ownNames: [String: [FindingCode]] = ["sendmail block_bad_helo": [.heloName]]

    /// Conditions are read as «all of them», so they must say exactly when an effect is listed.
    @Test func `the conditions of an effect hold exactly where it is listed`() {
        for receiver in Receiver.all {
            for rule in receiver.rules {
                for listed in receiver.replies(of: rule) {
                    for settings in receiver.everyChoice {
                        let holds = listed.conditions.allSatisfy { condition in
                            settings[condition.setting].map(condition.values.contains) ?? false
                        }
                        #expect(
                            rule.replies(under: settings).contains(listed.effect) == holds,
                            "\(Self.name(receiver, rule)) \(listed.effect.pattern)")
                    }
                }
            }
        }
    }

    @Test func `a reply that needs a setting says so`() throws {
        let conditions = { (receiver: Receiver, rule: String, code: Int, text: String) in
            let rule = try #require(Cell.rule(receiver, rule))
            let listed = receiver.replies(of: rule).first {
                $0.effect.code == code && $0.effect.pattern.hasPrefix(text)
            }
            return try #require(listed).conditions.map { "\($0.setting)=\($0.values)" }
        }
        #expect(
            try conditions(.postfix, "reject_unknown_client_hostname", 550, "Client host")
                == [#"unknown_client_reject_code=["550"]"#])
        #expect(
            try conditions(.postfix, "reject_unknown_client_hostname", 450, "Client host") == [])
        #expect(
            try conditions(.qpsmtpd, "helo", 550, "no rDNS") == [#"policy=["rfc", "strict"]"#])
        #expect(
            try conditions(.sendmail, "require_rdns", 550, "{recipient}")
                == [#"delay_checks=["on"]"#])
        #expect(try conditions(.openSMTPD, "rdns", 421, "") == [#"disconnect=["421"]"#])
    }

    @Test func `every rule says what it checks, and a switch changes no provider's rule`() {
        for receiver in Receiver.all {
            for rule in receiver.rules {
                #expect(rule.summary.hasSuffix("."), "\(Self.name(receiver, rule))")
                if rule.source.version == nil {
                    #expect(rule.change == nil, "\(Self.name(receiver, rule))")
                }
                for line in rule.change?.lines ?? [] { #expect(!line.isEmpty) }
            }
        }
    }
}
