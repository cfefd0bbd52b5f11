import ReceiverModels
import SenderIdentity
import TestSupport
import Testing

/// One cell of a matrix: what a rule does with a scenario's client, in a word.
enum Cell {
    /// `ok`, the reply's code, or why it is neither.
    static func word(
        _ receiver: Receiver, _ id: String, _ facts: IdentityFacts,
        _ settings: [String: String] = [:]
    ) throws -> String {
        word(
            try judgement(receiver, id, facts, settings), try #require(rule(receiver, id)), receiver
        )
    }

    /// The judgement where the record order is known: the scenario's own.
    static func judgement(
        _ receiver: Receiver, _ id: String, _ facts: IdentityFacts,
        _ settings: [String: String] = [:]
    ) throws -> Judgement {
        let known = [ReceiverSettings.recordOrder: "as-received"]
        let chosen = ReceiverSettings(settings.merging(known) { own, _ in own })
        return try #require(rule(receiver, id)).judgement(facts, chosen)
    }

    static func rule(_ receiver: Receiver, _ id: String) -> Rule? {
        receiver.rules.first { $0.id == id }
    }

    static func facts(_ scenario: String) throws -> IdentityFacts {
        let scenario = try Scenario(scenario)
        return IdentityFacts(subject: scenario.subject, evidence: try scenario.evidence())
    }

    private static func word(_ judgement: Judgement, _ rule: Rule, _ receiver: Receiver) -> String {
        let reply = SimulatedReply(receiver: receiver, rule: rule, judgement: judgement)
        if let template = reply.reply { return String(template.code) }
        return reply.outcome == .accept ? "ok" : reply.outcome.rawValue
    }
}
