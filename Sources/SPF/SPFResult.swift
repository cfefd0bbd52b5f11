package import DNSModel

/// The result of `check_host` (RFC 7208 §2.6).
package enum SPFResult: String, Hashable, Sendable, CaseIterable {
    /// No record, or no domain that could have one.
    case none
    /// The domain says that it says nothing about this client.
    case neutral
    case pass
    case fail
    /// The domain believes that the client is not allowed, without wanting it refused.
    case softfail
    /// A look-up failed; another time may give another result.
    case temperror
    /// The domain's records cannot be read, or cost too much to evaluate.
    case permerror
}

/// Why a result is what it is, where no mechanism decided it.
package enum SPFReason: Hashable, Sendable {
    /// The domain has one label only, an empty one or one that is too long (RFC 7208 §4.3).
    case malformedDomain
    case noRecord
    /// More than one record that begins with the version (RFC 7208 §4.5).
    case severalRecords(Int)
    case syntax(SPFSyntaxError)
    case lookupFailed(Question)
    case tooManyLookups
    case tooManyVoidLookups
    case tooManyExchanges(Int)
    /// The domain of an include has no record of its own (RFC 7208 §5.2).
    case includeWithoutRecord
    /// The domain of a redirect has no record of its own (RFC 7208 §6.1).
    case redirectWithoutRecord
}

/// What is wrong with a record: one fault makes all of it unusable (RFC 7208 §4.6).
package struct SPFSyntaxError: Error, Hashable, Sendable {
    package let kind: Kind
    /// The term concerned, as published, cut at ``SPFLimits/traceText``.
    package let term: [UInt8]

    package enum Kind: String, Error, Hashable, Sendable, CaseIterable {
        case unknownMechanism = "unknown-mechanism"
        case missingDomain = "missing-domain"
        /// Not a name that ends in a label with a letter, or in a macro.
        case badDomain = "bad-domain"
        case badNetwork = "bad-network"
        case badPrefixLength = "bad-prefix-length"
        case badMacro = "bad-macro"
        case badCharacter = "bad-character"
        case unexpectedArgument = "unexpected-argument"
        case repeatedModifier = "repeated-modifier"
    }

    init(_ kind: Kind, in term: some Collection<UInt8>) {
        self.kind = kind
        self.term = Array(term.prefix(SPFLimits.traceText))
    }
}
