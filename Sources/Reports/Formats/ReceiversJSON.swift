import NetNames
import ReceiverModels
import Remedies
import SenderIdentity

struct ReplyDocument: Encodable {
    let receiver: String
    let name: String
    let rule: String
    let setting: String?
    let isOnByDefault: Bool
    let stage: String
    let outcome: String
    let reply: Reply?
    let because: [String]
    /// The equally likely record orders and what each brings.
    let orders: [Order]?
    let cannotTell: String?
    let score: Score?
    /// What happens without and with a search list in the receiver's resolv.conf.
    let searchList: SearchList?
    let source: Source

    struct Score: Encodable {
        /// Thousandths of a point; absent where the rule only marks.
        let thousandths: Int?
        let marks: [String]
    }

    struct SearchList: Encodable {
        let absent: String
        let present: String
    }

    struct Reply: Encodable {
        let code: Int
        let enhancedCode: String?
        let line: String

        init(_ template: ReplyTemplate, _ facts: IdentityFacts) {
            code = template.code
            enhancedCode = template.enhancedCode
            line = template.line(for: facts)
        }
    }

    struct Order: Encodable {
        let names: Int
        let of: Int
        let outcome: String
        let reply: Reply?
    }

    struct Source: Encodable {
        let document: String
        let version: String?
        let checked: String
        let basis: String
    }

    init(_ simulated: SimulatedReply, _ facts: IdentityFacts) {
        receiver = simulated.receiver.id
        name = simulated.receiver.name
        rule = simulated.rule.id
        setting = simulated.rule.setting
        isOnByDefault = simulated.rule.isOnByDefault
        stage = simulated.stage.rawValue
        outcome = simulated.outcome.rawValue
        reply = simulated.reply.map { Reply($0, facts) }
        because = simulated.because.map(\.rawValue)
        source = Source(
            document: simulated.rule.source.document, version: simulated.rule.source.version,
            checked: simulated.rule.source.checked, basis: simulated.rule.source.basis.rawValue)
        if case .scores(let found, _) = simulated.judgement {
            score = Score(thousandths: found.thousandths, marks: found.marks)
        } else {
            score = nil
        }
        if case .dependsOnSearchList(let absent, let present) = simulated.judgement {
            searchList = SearchList(
                absent: ReceiverRow.phrase(absent, facts),
                present: ReceiverRow.phrase(present, facts))
        } else {
            searchList = nil
        }
        switch simulated.judgement {
        case .dependsOnRecordOrder(let outcomes):
            orders = outcomes.map { outcome in
                let one = SimulatedReply(
                    receiver: simulated.receiver, rule: simulated.rule,
                    judgement: outcome.judgement)
                return Order(
                    names: outcome.names, of: outcome.of, outcome: one.outcome.rawValue,
                    reply: one.reply.map { Reply($0, facts) })
            }
            cannotTell = nil
        case .cannotTell(let reason):
            orders = nil
            cannotTell = ReceiverRow.phrase(reason)
        case .accepts, .replies, .refusesInItsOwnWords, .scores, .dependsOnSearchList:
            orders = nil
            cannotTell = nil
        }
    }
}
