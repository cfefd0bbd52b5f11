/// Names one question that a session asked, so that an answer that comes late is not taken for
/// another's.
package struct Ticket: Hashable, Sendable {
    package let number: UInt64

    package init(_ number: UInt64) {
        self.number = number
    }

    /// Gives out the next one.
    mutating func next() -> Ticket {
        self = Ticket(number &+ 1)
        return self
    }
}
