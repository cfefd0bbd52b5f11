import FilterProtocols
import GuardDecisions

/// The line of Exim's `${readsocket}`.
final class EximFilter: FilterSession {
    private var session = EximLineSession()
    private var asked: GuardRequest?

    var wantsInput: Bool { session.wantsInput }
    /// A connection carries one request, which is due from the beginning.
    var isMidRequest: Bool { session.wantsInput }
    var mayClose: Bool { false }

    func received(_ bytes: [UInt8]) -> [FilterStep] {
        steps(session.handle(.received(bytes)))
    }

    func inputClosed() -> [FilterStep] { steps(session.handle(.inputClosed)) }

    func idle() -> [FilterStep] { steps(session.handle(.idle)) }

    func decided(
        _ ticket: Ticket, _ decision: GuardDecision, in words: GuardWords
    ) -> [FilterStep] {
        guard let request = asked else { return [] }
        asked = nil
        let reply = words.eximReply(for: decision, request)
        return steps(
            session.handle(
                decision.isLate ? .expired(ticket, fallback: reply) : .decided(ticket, reply)))
    }

    private func steps(_ actions: [EximLineSession.Action]) -> [FilterStep] {
        actions.map { action in
            switch action {
            case .ask(let line, let ticket):
                let request = GuardRequest(line)
                asked = request
                return .ask(request, ticket)
            case .send(let bytes): return .send(bytes)
            case .close(.answered), .close(.expired): return .close(.answered)
            case .close(.idle): return .close(.idle)
            case .close(.broken): return .close(.broken)
            }
        }
    }
}
