package import FilterProtocols

/// Decisions in the words of each protocol.
package struct GuardWords: Hashable, Sendable {
    /// The name in our Authentication-Results fields (RFC 8601 §2.5).
    package let server: [UInt8]
    /// From this score on, in thousandths, OpenSMTPD marks a message as spam; nil for never.
    package let junkFrom: Int?

    package init(server: [UInt8], junkFrom: Int? = nil) {
        self.server = server
        self.junkFrom = junkFrom
    }

    /// The Authentication-Results field; nil where nothing was tried.
    package func header(for decision: GuardDecision, _ request: GuardRequest) -> HeaderField? {
        preconditionFailure("not written yet")
    }

    /// - Parameter canAddHeader: False at the end of the message, where Postfix takes none.
    package func policyAction(
        for decision: GuardDecision, _ request: GuardRequest, canAddHeader: Bool = true
    ) -> PolicyAction { preconditionFailure("not written yet") }

    package func milterDecision(
        for decision: GuardDecision, _ request: GuardRequest
    ) -> MilterDecision { preconditionFailure("not written yet") }

    package func eximReply(
        for decision: GuardDecision, _ request: GuardRequest
    ) -> EximReply { preconditionFailure("not written yet") }

    package func openSMTPDDecision(for decision: GuardDecision) -> OpenSMTPDDecision {
        preconditionFailure("not written yet")
    }

    /// The answer to `POST /api/v1/decide`: one JSON object, with a line feed.
    package func json(for decision: GuardDecision, _ request: GuardRequest) -> [UInt8] {
        preconditionFailure("not written yet")
    }

    /// The body of `GET /api/v1/decide/map`, or nil for 404: no match.
    package func mapText(for decision: GuardDecision) -> [UInt8]? {
        preconditionFailure("not written yet")
    }
}
