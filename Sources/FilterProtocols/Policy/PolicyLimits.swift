/// What a policy request may cost.
///
/// Postfix stays far below: a request without client certificates has about a thousand bytes.
package enum PolicyLimits {
    /// Bytes of a request.
    ///
    /// Room for some thirty attributes of half a line each.
    package static let request = 65_536
    /// Attributes of a request.
    ///
    /// Postfix 3.12 knows some thirty, and a release adds one or two.
    package static let attributes = 256
    /// Bytes of a line.
    ///
    /// The longest are the names in client certificates.
    package static let line = 4_096
    /// Bytes that may wait while a decision is made.
    ///
    /// Postfix sends none before it has the answer. No less than one read of a shell, 64 KiB: one is
    /// taken ahead.
    package static let ahead = 65_536
}

/// Why a policy connection is closed without an answer; Postfix then takes its default action.
package enum PolicyError: Error, Hashable, Sendable {
    case lineTooLong
    case requestTooLong
    case tooManyAttributes
    case lineWithoutEquals
    case containsNUL
    case emptyRequest
    /// More was sent than waits in memory while one request is decided.
    case tooFarAhead
    case unfinishedRequest
}
