/// The log's line about one decision: logfmt, in bytes, safe whatever the client said.
package enum DecisionLogLine {
    /// - Parameters:
    ///   - listener: `policy`, `milter`, `exim`, `http` or `opensmtpd`.
    ///   - source: `cache`, `dns`, `joined`, `shared` or `none`: where the facts are from.
    ///   - elapsed: From the request to the decision.
    /// - Returns: The line with its line feed.
    package static func bytes(
        of decision: GuardDecision, _ request: GuardRequest, listener: String, source: String,
        elapsed: Duration
    ) -> [UInt8] { preconditionFailure("not written yet") }
}
