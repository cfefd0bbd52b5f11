import DNSModel
import NetNames
import Remedies
import SPF
import SenderIdentity

/// The words for SPF: identities, reasons, and texts of strangers in printable ASCII.
enum SPFWording {
    static func identity(_ identity: SPFRequest.Identity) -> String {
        switch identity {
        case .helo: "HELO name"
        case .mailFrom: "MAIL FROM domain"
        }
    }

    /// `HELO name mail.example.org`.
    static func whose(_ spf: SPFFacts) -> String {
        let domain = spf.report.request.domain?.description
        return identity(spf.identity) + " " + (domain ?? shown(spf.report.request.domainText))
    }

    static func message(
        _ identity: SPFRequest.Identity, _ result: SPFResult, in facts: IdentityFacts
    ) -> String {
        guard let spf = facts.spf.first(where: { $0.identity == identity }) else {
            return "SPF for \(self.identity(identity)) is \(result.rawValue)"
        }
        return message(spf, client: facts.subject.address)
    }

    private static func message(_ spf: SPFFacts, client: IPAddress) -> String {
        let lead = "SPF for \(whose(spf)) is \(spf.result.rawValue): "
        switch spf.result {
        case .pass: return lead + "\(term(spf)) matches \(client)"
        case .neutral: return lead + "it says nothing about \(client) (\(term(spf)))"
        case .softfail:
            return lead + "\(client) should not send for it (\(term(spf)))"
        case .fail:
            return lead + "\(client) must not send for it (\(term(spf))\(said(spf)))"
        case .none, .permerror, .temperror: return lead + reason(spf)
        }
    }

    /// The term that decided, with the domain where it is not the identity's own.
    static func term(_ spf: SPFFacts) -> String {
        guard let term = spf.report.decisive else { return "no mechanism matches" }
        let isOwn = term.domain == spf.report.request.domain
        return shown(term.text) + (isOwn ? "" : " of \(term.domain)")
    }

    /// What the domain says to a refused sender, in its own words.
    ///
    /// The first of them, for a stranger's text must not push who acts off the screen; the trace has
    /// all.
    private static func said(_ spf: SPFFacts) -> String {
        guard let explanation = spf.report.explanation else { return "" }
        let text = shown(explanation)
        let isLong = text.utf8.count > BlockListWording.longestHeadline
        return "; it says: «\(text.prefix(BlockListWording.longestHeadline))\(isLong ? "…" : "")»"
    }

    static func reason(_ spf: SPFFacts) -> String {
        switch spf.report.reason {
        case .malformedDomain?: "it is no domain that could have a record"
        case .noRecord?: "it has no record"
        case .severalRecords(let count)?: "it has \(count) records"
        case .syntax(let error)?: "\(phrase(error.kind)) in \(shown(error.term))"
        case .lookupFailed(let question)?:
            "\(question), " + (spf.failure.map { Causes.phrase($0) } ?? "failed")
        case .tooManyLookups?: "more than \(SPFLimits.lookupTerms) terms ask DNS"
        case .tooManyVoidLookups?:
            "more than \(SPFLimits.voidLookups) terms look up what does not exist"
        case .tooManyExchanges(let count)?:
            "\(count) mail exchangers behind \(term(spf)), more than \(SPFLimits.exchanges)"
        case .includeWithoutRecord?: "\(term(spf)) leads to no record"
        case .redirectWithoutRecord?: "\(term(spf)) leads to no record"
        case nil: "no mechanism matches"
        }
    }

    // MARK: Steps

    /// What to do about a domain's record; where no record follows, why none is given.
    static func sentence(_ step: RemedyStep) -> String {
        switch step.action {
        case .allowInSPF(let domain, let client, let refusal, _):
            guard step.records.isEmpty else {
                return "if it sends for \(domain): let its SPF record be"
            }
            return "if it sends for \(domain): " + allowing(client, for: domain, refusal)
        case .mendSPF(let domain, _, let reason, nil, _):
            return mending(domain, reason, step.records)
        case .mendSPF(let domain, let client, _, let refusal?, _):
            return mending(domain, for: client, refusal)
        case .publishSPF(let domain, .helo): return "publish an SPF record for \(domain):"
        case .publishSPF(let domain, .mailFrom):
            return "publish an SPF record for \(domain), with all others that send for it:"
        default: return ""
        }
    }

    /// Where the record has to allow the client so that the term which refuses it comes too late, and
    /// why the whole is not printed.
    private static func allowing(
        _ client: IPAddress, for domain: DomainName, _ refusal: SPFRefusal
    ) -> String {
        let term = refusal.term.map { shown($0.text) } ?? "all"
        let isOwn = refusal.term.map { $0.domain == domain } ?? true
        let place = isOwn ? term : "its redirect, which leads to \(term)"
        let cause =
            switch refusal.withheld {
            case .notCatchAll?, nil:
                "\(term) is no catch-all, and only the owner knows what it is for"
            case .alias?: "the record stands behind an alias, where another name's owner has it"
            case .tooLong?: "the whole would be too long for one answer"
            }
        return "let its SPF record allow \(client.family == .v4 ? "ip4" : "ip6"):\(client) in front"
            + " of \(place). No record is given: \(cause)"
    }

    /// A record that could not be evaluated refused nobody, and the mended one refuses the client.
    private static func mending(
        _ domain: DomainName, for client: IPAddress, _ refusal: SPFRefusal
    ) -> String {
        let term = refusal.term.map { shown($0.text) } ?? "all"
        guard refusal.withheld == nil else {
            return "let the SPF record of \(domain) be as here; it refuses \(client) then"
                + " (\(term)), which only the owner can judge:"
        }
        let own = "\(client.family == .v4 ? "ip4" : "ip6"):\(client)"
        return "if it sends for \(domain): let its SPF record be, with \(own) in front, which"
            + " \(term) refuses else:"
    }

    private static func mending(
        _ domain: DomainName, _ reason: SPFReason?, _ records: [ResourceRecord]
    ) -> String {
        guard records.isEmpty else {
            if case .severalRecords(let count)? = reason {
                return "let one SPF record of \(domain) take the place of its \(count):"
            }
            return "let the SPF record of \(domain) be"
        }
        let ownersWord = "; no record is given: only the owner knows what may go"
        switch reason {
        case .severalRecords(let count)?:
            return "make one SPF record of the \(count) of \(domain)" + ownersWord
        case .syntax(let error)?:
            return "mend \(shown(error.term)) in the SPF record of \(domain); no record is given:"
                + " only the owner knows what was meant"
        case .tooManyLookups?:
            return "let the SPF record of \(domain) ask DNS \(SPFLimits.lookupTerms) times at most:"
                + " drop who no longer sends, write a and mx as ip4 and ip6" + ownersWord
        case .tooManyVoidLookups?:
            return "drop what leads to nothing from the SPF record of \(domain)" + ownersWord
        case .tooManyExchanges?:
            return "write ip4 and ip6 in place of that mx in the SPF record of \(domain)"
                + "; no record is given: only the owner knows which of them send"
        case .includeWithoutRecord?, .redirectWithoutRecord?:
            return "drop the term of \(domain)'s SPF record that leads to no record, or have one"
                + " published there" + ownersWord
        case .malformedDomain?, .noRecord?, .lookupFailed?, nil:
            return "mend the SPF record of \(domain): what is wrong stands above"
        }
    }

    static func phrase(_ kind: SPFSyntaxError.Kind) -> String {
        switch kind {
        case .unknownMechanism: "no such mechanism"
        case .missingDomain: "a domain is missing"
        case .badDomain: "not a domain name"
        case .badNetwork: "not an address"
        case .badPrefixLength: "not a prefix length"
        case .badMacro: "not a macro"
        case .badCharacter: "a character that must not stand there"
        case .unexpectedArgument: "an argument that must not stand there"
        case .repeatedModifier: "a second modifier of this name"
        }
    }

    /// Bytes of a stranger: printable ASCII as it is, everything else and the backslash as `\DDD`.
    static func shown(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        for byte in bytes.prefix(SPFLimits.traceText) {
            if Ascii.isPrintable(byte), byte != Ascii.backslash {
                text.append(byte)
            } else {
                text += [
                    Ascii.backslash, Ascii.zero + byte / 100, Ascii.zero + byte / 10 % 10,
                    Ascii.zero + byte % 10,
                ]
            }
        }
        return text.isEmpty ? "\"\"" : String(decoding: text, as: UTF8.self)
    }
}
