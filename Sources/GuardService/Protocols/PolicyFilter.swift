import FilterProtocols
import GuardDecisions

/// Postfix's policy protocol.
final class PolicyFilter: FilterSession {
    private var session = PolicySession()
    private var asked: (request: GuardRequest, canAddHeader: Bool)?

    var wantsInput: Bool { session.wantsInput }
    var isMidRequest: Bool { session.isMidRequest }
    /// Postfix asks again on a new connection where an idle one was closed.
    var mayClose: Bool { asked == nil && !session.isMidRequest }

    func received(_ bytes: [UInt8]) -> [FilterStep] {
        steps(session.handle(.received(bytes)))
    }

    func inputClosed() -> [FilterStep] { steps(session.handle(.inputClosed)) }

    func idle() -> [FilterStep] { steps(session.handle(.idle)) }

    func decided(
        _ ticket: Ticket, _ decision: GuardDecision, in words: GuardWords
    ) -> [FilterStep] {
        guard let asked else { return [] }
        self.asked = nil
        let action = words.policyAction(
            for: decision, asked.request, canAddHeader: asked.canAddHeader)
        return steps(
            session.handle(
                decision.isLate ? .expired(ticket, fallback: action) : .decided(ticket, action)))
    }

    private func steps(_ actions: [PolicySession.Action]) -> [FilterStep] {
        actions.compactMap { action in
            switch action {
            case .ask(let request, let ticket):
                // The session asks about requests with an address only.
                guard let question = GuardRequest(request) else { return nil }
                asked = (question, !request.isAtEndOfMessage)
                return .ask(question, ticket)
            case .send(let bytes): return .send(bytes)
            case .warn(.unknownRequest): return .warn(.unreadable)
            case .warn(.noAddress): return .warn(.noAddress)
            case .warn(.tooLateForHeader): return .warn(.cannotAddHeader)
            case .warn(.expired): return .warn(.expired)
            case .close(.inputClosed): return .close(.peer)
            case .close(.idle): return .close(.idle)
            case .close(.broken): return .close(.broken)
            }
        }
    }
}
