/// The limits of one evaluation, each with its reason.
package enum SPFLimits {
    /// Terms that ask DNS: include, a, mx, ptr, exists and redirect together (RFC 7208 §4.6.4).
    package static let lookupTerms = 10
    /// Terms whose look-ups found nothing; the RFC recommends two (RFC 7208 §4.6.4).
    package static let voidLookups = 2
    /// Names of one MX answer; more are a permanent error (RFC 7208 §4.6.4).
    package static let exchanges = 10
    /// PTR names that are validated; the others are ignored (RFC 7208 §4.6.4).
    package static let pointerNames = 10
    /// Bytes of a name made from macros; labels on the left are dropped (RFC 7208 §7.3).
    package static let domainText = 253
    /// Bytes kept of an explanation: it is for an SMTP reply line (RFC 5321 §4.5.3.1.5).
    package static let explanation = 512
    /// Steps kept for the trace: ten times what a set-up of ten look-ups with ranges has.
    package static let traceSteps = 200
    /// Bytes kept of a term or record in the trace: what fits one DNS string twice over.
    package static let traceText = 512
    /// Records kept of one look-up in the trace, as many as a term may look at.
    package static let traceRecords = 10
}
