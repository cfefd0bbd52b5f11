package import FilterProtocols

/// What a listener's session asks and tells; one for each connection.
package struct SessionJudge: Sendable {
    /// Told whenever the client says more of itself: its look-ups may begin.
    package let prepare: @Sendable (SMTPClient) -> Void
    /// Gives the reply to a recipient.
    package let decide: @Sendable (SMTPClient, _ recipient: [UInt8]) async -> SMTPDecision
    /// Told once, when the connection is gone; nil where the client went away by itself.
    package let ended: @Sendable (SMTPSession.End?) -> Void

    package init(
        prepare: @escaping @Sendable (SMTPClient) -> Void,
        decide: @escaping @Sendable (SMTPClient, _ recipient: [UInt8]) async -> SMTPDecision,
        ended: @escaping @Sendable (SMTPSession.End?) -> Void
    ) {
        self.prepare = prepare
        self.decide = decide
        self.ended = ended
    }
}
