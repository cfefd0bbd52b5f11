package import SenderIdentity

extension LookupFailure {
    /// The failures, most telling first: what is reported when several attempts failed differently.
    ///
    /// First what was learnt about the name itself, then what servers said of themselves, then what
    /// the path did. A timeout says least: it is reported when nothing else happened.
    package static let mostTellingFirst: [LookupFailure] = [
        .specialPurpose, .bogus, .withheld, .aliasLoop, .aliasChainTooLong, .serverFailure,
        .refused, .lame, .truncated,
        .malformed, .notImplemented, .formatError, .unexpectedCode, .budgetExhausted,
        .unreachable, .notRecorded, .timeout,
    ]

    func tellsMore(than other: LookupFailure) -> Bool {
        for failure in Self.mostTellingFirst {
            if failure == other { return false }
            if failure == self { return true }
        }
        return false
    }
}
