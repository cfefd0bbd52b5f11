import FilterProtocols
import GuardDecisions

/// The standard streams of a filter of OpenSMTPD's, which carry all its sessions.
final class OpenSMTPDFilter: FilterSession {
    private var session = OpenSMTPDSession()

    var wantsInput: Bool { true }
    /// smtpd ends itself when its filter does: it is given all the time it takes.
    var isMidRequest: Bool { false }
    var mayClose: Bool { false }

    func received(_ bytes: [UInt8]) -> [FilterStep] {
        steps(session.handle(.received(bytes)))
    }

    func inputClosed() -> [FilterStep] { steps(session.handle(.inputClosed)) }

    func idle() -> [FilterStep] { [] }

    func decided(
        _ ticket: Ticket, _ decision: GuardDecision, in words: GuardWords
    ) -> [FilterStep] {
        let answer = words.openSMTPDDecision(for: decision)
        return steps(
            session.handle(
                decision.isLate ? .expired(ticket, fallback: answer) : .decided(ticket, answer)))
    }

    private func steps(_ actions: [OpenSMTPDSession.Action]) -> [FilterStep] {
        actions.map { action in
            switch action {
            case .ask(let question, let ticket): .ask(GuardRequest(question), ticket)
            case .send(let bytes): .send(bytes)
            case .warn(.noAddress): .warn(.noAddress)
            case .warn(.noIncomingMail): .warn(.notAttached)
            case .warn(.tooManySessions): .warn(.tooManySessions)
            case .warn(.expired): .warn(.expired)
            case .warn(.unreadable), .warn(.lineTooLong), .warn(.unexpectedRequest):
                .warn(.unreadable)
            case .finish: .close(.peer)
            }
        }
    }
}
