package import DNSModel
package import NetNames

/// The result of a finished evaluation, and every step that led to it.
package struct SPFReport: Hashable, Sendable {
    package let request: SPFRequest
    package let result: SPFResult
    /// Why, where no mechanism decided; also nil when nothing matched.
    package let reason: SPFReason?
    /// The mechanism that decided, as published, and whose record it stands in.
    package let decisive: Term?
    /// What the domain says to a refused sender: printable ASCII, without a closing line break.
    package let explanation: [UInt8]?
    /// In the order of evaluation, at most ``SPFLimits/traceSteps``.
    package let steps: [SPFStep]
    /// How many steps were taken beyond those kept.
    package let omittedSteps: Int
    /// Terms that asked DNS, of ``SPFLimits/lookupTerms``.
    package let lookupTerms: Int
    /// Terms whose look-ups found nothing, of ``SPFLimits/voidLookups``.
    package let voidLookups: Int

    package struct Term: Hashable, Sendable {
        /// Cut at ``SPFLimits/traceText``.
        package let text: [UInt8]
        package let domain: DomainName

        init(_ place: Range<Int>, of record: SPFRecord, _ domain: DomainName) {
            text = Array(record.text[place].prefix(SPFLimits.traceText))
            self.domain = domain
        }
    }
}

/// One step of an evaluation: a record that was looked up, or a term of it.
package struct SPFStep: Hashable, Sendable {
    package let kind: Kind
    /// How many includes and redirects lead to the record; 0 for the identity's own.
    package let depth: Int
    /// The domain whose record it is.
    package let domain: DomainName
    /// The term or the record as published, cut at ``SPFLimits/traceText``.
    package let text: [UInt8]
    /// The name that the term's domain-spec stands for.
    package var target: DomainName?
    package var questions: [Question] = []
    /// Those of them that could not be answered: a term may match all the same.
    package var failed: [Question] = []
    /// What they found, at most ``SPFLimits/traceRecords``.
    package var found: [RecordData] = []
    package var outcome: Outcome = .noMatch

    package enum Kind: String, Hashable, Sendable {
        case record
        case mechanism
        case redirect
        case explanation
    }

    package enum Outcome: Hashable, Sendable {
        case match(SPFResult)
        case noMatch
        /// What `check_host` gave for a record, or for the domain of a redirect.
        case result(SPFResult)
        /// The evaluation ends here, with temperror or permerror.
        case error(SPFResult)
    }
}
