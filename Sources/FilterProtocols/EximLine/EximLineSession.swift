/// One connection of Exim's `${readsocket}`: a line in, a line out, and the end.
///
/// Exim closes its sending half after the request by default and reads to the end, so the session
/// answers after the half-close too, and closes after its answer.
package struct EximLineSession: Hashable, Sendable {
    package enum Event: Hashable, Sendable {
        case received([UInt8])
        /// The peer sends nothing more; it still reads.
        case inputClosed
        case decided(Ticket, EximReply)
        /// The decision's deadline passed: the fallback is answered.
        case expired(Ticket, fallback: EximReply)
        /// The peer was silent for longer than the shell allows.
        case idle
    }

    package enum Action: Hashable, Sendable {
        case ask(EximRequest, Ticket)
        case send([UInt8])
        /// The last action of a session.
        case close(End)
    }

    package enum End: Hashable, Sendable {
        case answered
        case expired
        case idle
        case broken(EximLineError)
    }

    private enum Phase: Hashable {
        case reading
        case deciding
        case closed
    }

    private var lines = LineBuffer(longest: EximRequest.longestLine)
    private var phase = Phase.reading
    private static let ticket = Ticket(1)

    package init() {}

    /// Whether more bytes are of use: what follows the request is not read.
    package var wantsInput: Bool { phase == .reading }

    /// Bytes in memory that were not read yet.
    package var bufferedCount: Int { lines.count }

    package mutating func handle(_ event: Event) -> [Action] {
        switch (phase, event) {
        case (.closed, _):
            return []
        case (.reading, .received(let bytes)):
            lines.append(bytes)
            switch lines.next() {
            // What could be read of a line that is too long decides: it is no way past the guard.
            case .line(let line), .tooLong(let line): return begin(line)
            case .needMore: return []
            }
        case (.reading, .inputClosed):
            return begin(lines.rest() ?? [])
        case (.deciding, .decided(Self.ticket, let reply)):
            return finish(reply, .answered)
        case (.deciding, .expired(Self.ticket, let fallback)):
            return finish(fallback, .expired)
        case (.reading, .idle):
            phase = .closed
            return [.close(.idle)]
        case (.deciding, _), (.reading, _):
            return []
        }
    }

    private mutating func begin(_ line: [UInt8]) -> [Action] {
        lines = LineBuffer(longest: EximRequest.longestLine)
        do {
            let request = try EximRequest(parsing: line)
            phase = .deciding
            return [.ask(request, Self.ticket)]
        } catch {
            return finish(EximReply(.error, reason: error.rawValue), .broken(error))
        }
    }

    private mutating func finish(_ reply: EximReply, _ end: End) -> [Action] {
        phase = .closed
        lines = LineBuffer(longest: EximRequest.longestLine)
        return [.send(reply.encoded), .close(end)]
    }
}
