import FilterProtocols
import GuardDecisions
import NetNames

/// The milter protocol of Postfix and Sendmail.
final class MilterFilter: FilterSession {
    private var session: MilterSession
    private var asked: GuardRequest?
    /// Who was asked about last.
    private var client: IPAddress?

    init(_ settings: MilterSettings) {
        session = MilterSession(settings)
    }

    var wantsInput: Bool { session.wantsInput }
    /// Before the negotiation it is no mail server's, and nothing is waited for.
    var isMidRequest: Bool { !session.hasNegotiated || session.bufferedCount > 0 && asked == nil }
    /// An SMTP session of the mail server stands behind every connection.
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
        let answer = words.milterDecision(for: decision, request)
        return steps(
            session.handle(
                decision.isLate ? .expired(ticket, fallback: answer) : .decided(ticket, answer)))
    }

    private func steps(_ actions: [MilterSession.Action]) -> [FilterStep] {
        actions.compactMap { action in
            switch action {
            case .ask(let question, let ticket):
                let request = GuardRequest(question)
                asked = request
                client = request.client
                return .ask(request, ticket)
            case .send(let bytes): return .send(bytes)
            case .queued(let id): return client.map { .queued(id: id, client: $0) }
            case .warn(.cannotStrip): return .warn(.cannotStrip)
            case .warn(.cannotAddHeaders): return .warn(.cannotAddHeader)
            case .warn(.unreadableAddress): return .warn(.noAddress)
            case .warn(.expired): return .warn(.expired)
            case .close(.quit), .close(.inputClosed): return .close(.peer)
            case .close(.idle): return .close(.idle)
            case .close(.broken): return .close(.broken)
            }
        }
    }
}
