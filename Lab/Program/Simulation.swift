import ReceiverModels
import SenderIdentity

/// What our model says a server does with a situation.
enum Simulated: Equatable {
    case accepted
    /// The reply line: code, enhanced code where there is one, text.
    case refused(String)
    case cannotTell
    /// There is no model of this setting.
    case noModel

    /// The one place that knows which rule stands for which setting of the lab.
    static func simulate(_ situation: Situation, _ facts: IdentityFacts) -> Simulated {
        guard let rule = rule(for: situation) else { return .noModel }
        return outcome(of: rule.judgement(facts), for: facts)
    }

    private static func rule(for situation: Situation) -> Rule? {
        let (receiver, id): (Receiver, String)
        switch (situation.server, situation.setting) {
        case (.postfix, "client-450"):
            (receiver, id) = (.postfix, "reject_unknown_client_hostname")
        case (.postfix, "reverse-450"):
            (receiver, id) = (.postfix, "reject_unknown_reverse_client_hostname")
        case (.exim, "acl-helo"): (receiver, id) = (.exim, "verify-helo")
        case (.sendmail, "rdns"): (receiver, id) = (.sendmail, "require_rdns")
        default: return nil
        }
        return receiver.rules.first { $0.id == id }
    }

    private static func outcome(of judgement: Judgement, for facts: IdentityFacts) -> Simulated {
        switch judgement {
        case .accepts: .accepted
        case .replies(let reply, _): .refused(reply.line(for: facts))
        case .refusesInItsOwnWords, .cannotTell: .cannotTell
        // The lab's DNS does not turn the order: the first name decides.
        case .dependsOnRecordOrder(let outcomes):
            outcomes.first.map { outcome(of: $0.judgement, for: facts) } ?? .cannotTell
        }
    }
}
