import FilterProtocols
import GuardDecisions
import NetNames

/// What a protocol's session wants done, in words that all of them share.
enum FilterStep {
    case ask(GuardRequest, Ticket)
    case send([UInt8])
    /// The mail server's number of a message that has come whole.
    case queued(id: [UInt8], client: IPAddress)
    case warn(FilterWarning)
    /// The last step of a session.
    case close(FilterEnd)
}

/// Something that an administrator may want to know; counted by its kind.
enum FilterWarning: String, CaseIterable {
    case unreadable
    case noAddress = "no-address"
    case cannotAddHeader = "cannot-add-header"
    case cannotStrip = "cannot-strip"
    case notAttached = "not-attached"
    case tooManySessions = "too-many-sessions"
    case expired
}

/// How a session ended.
enum FilterEnd: String, CaseIterable {
    case peer
    case answered
    case idle
    case broken
}

/// One connection's protocol around its pure session.
///
/// A class: a connection holds its session as one of any protocol, and copies none of it to ask it.
protocol FilterSession: AnyObject {
    /// Whether more bytes are of use now.
    var wantsInput: Bool { get }
    /// Whether a request has begun and not ended: it has to end soon.
    var isMidRequest: Bool { get }
    /// Whether the peer would not notice it, if the connection were closed now.
    var mayClose: Bool { get }

    func received(_ bytes: [UInt8]) -> [FilterStep]
    func inputClosed() -> [FilterStep]
    func idle() -> [FilterStep]
    func decided(
        _ ticket: Ticket, _ decision: GuardDecision, in words: GuardWords
    ) -> [FilterStep]
}

extension GuardDecision {
    /// Whether it was made because time was up.
    var isLate: Bool { basis == .trouble(.deadline) }
}
