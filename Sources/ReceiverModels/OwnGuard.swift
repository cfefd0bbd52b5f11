package import SenderIdentity

extension Receiver {
    /// Heloscope's own guard, one rule per profile: what it enforces is what is simulated.
    package static let ownGuard = Receiver(
        id: "guard",
        name: "Heloscope's guard",
        rules: GuardPolicy.profiles.map { policy in
            Rule(
                id: policy.name,
                setting: "profile \(policy.name)",
                isOnByDefault: policy == .honest,
                stage: .rcpt,
                source: RuleSource(
                    "GuardPolicy.swift", version: nil, checked: "2026-11", basis: .documented),
                summary: summary(of: policy),
                replies: replies(of: policy),
                scores: scores(of: policy),
                because: FindingCode.allCases.filter { policy.actions[$0] != nil },
                judgement: { facts, _ in policy.judgement(for: facts) }
            )
        }
    )

    private static func summary(of policy: GuardPolicy) -> String {
        let base =
            switch policy.name {
            case GuardPolicy.honest.name:
                "Refuses nothing: writes headers and scores for the filter behind it."
            case GuardPolicy.forwardConfirmationRequired.name:
                "Refuses clients without forward-confirmed reverse DNS; a failed look-up defers."
            default:
                "Besides, refuses HELO arguments that are no name or do not lead to the client."
            }
        return [base, policy.departure].compactMap { $0 }.joined(separator: " ")
    }

    private static func replies(of policy: GuardPolicy) -> [ReplyTemplate] {
        let codes = policy.actions.filter { $0.value == .refuse || $0.value == .defer }.keys
        let groups = Set(codes.map(\.isAboutHELO))
        var replies: [ReplyTemplate] = []
        if groups.contains(false) {
            replies += [GuardReply.reverse, GuardReply.reverseUnknown, GuardReply.reverseForNow]
        }
        if groups.contains(true) {
            replies += [GuardReply.helo, GuardReply.heloUnknown, GuardReply.heloForNow]
        }
        return replies
    }

    private static func scores(of policy: GuardPolicy) -> [Score] {
        policy.actions.sorted { $0.key.rawValue < $1.key.rawValue }.compactMap { code, action in
            switch action {
            case .score(let thousandths): Score(thousandths: thousandths, marks: [code.rawValue])
            // What the guard alone could not look up is marked instead of refused.
            case .addHeader, .defer, .refuse: Score(thousandths: nil, marks: [code.rawValue])
            case .accept: nil
            }
        }
    }
}

/// What the guard says; part of its interface, so that senders can look it up.
package enum GuardReply {
    static let reverse = ReplyTemplate(
        550, "5.7.25", "Client host rejected: no forward-confirmed reverse DNS for [{client}]")
    static let reverseUnknown = ReplyTemplate(
        450, "4.7.25", "Client host: reverse DNS of [{client}] cannot be looked up now")
    static let reverseForNow = ReplyTemplate(
        450, "4.7.25",
        "Client host rejected for now: no forward-confirmed reverse DNS for [{client}]")
    static let helo = ReplyTemplate(
        550, "5.7.1", "HELO rejected by local policy: <{helo}>, client [{client}]")
    static let heloUnknown = ReplyTemplate(
        450, "4.7.1", "HELO cannot be looked up now: <{helo}>, client [{client}]")
    static let heloForNow = ReplyTemplate(
        450, "4.7.1", "HELO rejected for now by local policy: <{helo}>, client [{client}]")

    /// What is said to a client that these findings keep out.
    /// - Parameters:
    ///   - codes: The findings that the action is because of.
    ///   - isPermanent: Whether it is refused for good.
    /// - Returns: The reply with its placeholders.
    package static func template(
        because codes: [FindingCode], isPermanent: Bool
    ) -> ReplyTemplate {
        let isAboutHELO = codes.allSatisfy(\.isAboutHELO)
        if isPermanent { return isAboutHELO ? helo : reverse }
        let isUnknown = codes.contains(where: \.isAboutFailure)
        if isAboutHELO { return isUnknown ? heloUnknown : heloForNow }
        return isUnknown ? reverseUnknown : reverseForNow
    }
}

extension GuardPolicy {
    /// The decision as every other receiver's: the reply, the score, or the header.
    func judgement(for facts: IdentityFacts) -> Judgement {
        let decision = decision(for: facts)
        let marks = decision.because.map(\.rawValue)
        return switch decision.action {
        case .accept: .accepts
        case .addHeader: .scores(Score(thousandths: nil, marks: marks), because: decision.because)
        case .score(let thousandths):
            .scores(Score(thousandths: thousandths, marks: marks), because: decision.because)
        case .defer, .refuse:
            .replies(
                GuardReply.template(
                    because: decision.because, isPermanent: decision.action == .refuse),
                because: decision.because)
        }
    }
}

extension FindingCode {
    /// Whether it says that something could not be found out; else an admin's table, or a doubt
    /// besides, makes a fault temporary.
    fileprivate var isAboutFailure: Bool {
        switch self {
        case .reverseLookupFailed, .pointerForwardUnknown, .heloLookupFailed, .spfTemperror: true
        default: false
        }
    }

    fileprivate var isAboutHELO: Bool {
        switch group {
        case .heloForm, .heloAndClient, .heloAlias, .heloAndPointer, .topology: true
        case .address, .pointerStatus, .pointerForward, .pointerForm, .reverseTree, .limits: false
        case .blockLists, .spf: false
        }
    }
}
