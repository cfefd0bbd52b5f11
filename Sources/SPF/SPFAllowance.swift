package import DNSModel
package import NetNames

/// The addresses that a domain's record lets send, as far as they can be listed.
///
/// The other way round than `check_host`: no client is asked about, every term with a pass adds what
/// it allows. Terms with another qualifier take nothing away: they seldom stand before a pass, and
/// ``SPFEvaluation`` tells for each address.
package struct SPFAllowance: Hashable, Sendable {
    /// None inside another, in the order of addresses.
    package let blocks: [AddressBlock]
    /// Terms whose addresses cannot be listed: `exists`, `ptr`, `all`, macros, and terms beyond
    /// ``SPFLimits/lookupTerms``.
    package let unlisted: Int
    /// The first of them.
    package let firstUnlisted: SPFReport.Term?
    /// Records that cannot be used, in the order in which they were met.
    package let faults: [Fault]
    /// Look-ups that failed: what they would have allowed is not known.
    package let failed: [Question]
    /// Questions without an answer, in the order of their terms, each once.
    package let wanted: [Question]

    /// What is wrong with a record: its evaluation ends in permerror.
    package struct Fault: Hashable, Sendable {
        /// Whose record it is.
        package let domain: DomainName
        package let kind: Kind

        package enum Kind: Hashable, Sendable {
            case syntax(SPFSyntaxError)
            /// More than one record that begins with the version (RFC 7208 §4.5).
            case several(Int)
            /// An include or redirect leads to a domain without a record (RFC 7208 §5.2, §6.1).
            case leadsNowhere(term: [UInt8])
            /// An include or redirect leads back to a record that led to it; the limit of look-ups
            /// ends that (RFC 7208 §4.6.4).
            case leadsBack(term: [UInt8], to: DomainName)
        }
    }

    /// Lists as far as the answers known so far carry.
    /// - Parameters:
    ///   - domain: Whose record it is.
    ///   - known: The answer to a question, nil when it was not asked.
    package init(of domain: DomainName, known: @escaping (Question) -> SPFAnswer?) {
        var collector = Collector(known: known)
        collector.read(domain, by: nil)
        blocks = Self.merged(collector.blocks)
        unlisted = collector.unlisted
        firstUnlisted = collector.firstUnlisted
        faults = collector.faults
        failed = collector.failed
        wanted = collector.wanted
    }

    /// Drops blocks that lie inside another: a wider one sorts before all that it holds.
    private static func merged(_ blocks: [AddressBlock]) -> [AddressBlock] {
        let sorted = blocks.sorted { ($0.base, $0.prefixLength) < ($1.base, $1.prefixLength) }
        return sorted.reduce(into: []) { kept, block in
            if kept.last?.contains(block.base) != true { kept.append(block) }
        }
    }
}

extension SPFSelection {
    /// Whether the record speaks for a domain's whole mail, not for one host: it names networks,
    /// mail hosts or other records, where a host's own has `a` alone.
    package var namesSeveralHosts: Bool {
        guard case .record(let record) = self else { return false }
        return record.redirect != nil
            || record.directives.contains { directive in
                switch directive.mechanism {
                case .network, .include, .mx: directive.result == .pass
                case .all, .a, .ptr, .exists: false
                }
            }
    }

    /// Whether the domain means to allow somebody: not so without a record, or if no term passes.
    package var mayAllow: Bool {
        switch self {
        case .none: false
        case .several, .broken: true
        case .record(let record):
            record.redirect != nil || record.directives.contains { $0.result == .pass }
        }
    }
}

/// Goes through the records in the order of their terms.
private struct Collector {
    let known: (Question) -> SPFAnswer?
    var blocks: [AddressBlock] = []
    var unlisted = 0
    var firstUnlisted: SPFReport.Term?
    var faults: [SPFAllowance.Fault] = []
    var failed: [Question] = []
    var wanted: [Question] = []
    private var lookupTerms = 0
    /// A record that was read already adds nothing, and ends a loop.
    private var read: Set<DomainName> = []
    /// The records that lead to the one being read, and itself.
    private var path: [DomainName] = []

    /// A term of a record: its text is cut at ``SPFLimits/traceText``.
    private typealias Term = SPFReport.Term

    init(known: @escaping (Question) -> SPFAnswer?) { self.known = known }

    /// Reads a domain's record.
    /// - Parameters:
    ///   - domain: The domain.
    ///   - term: The include or redirect that leads to it; nil for the first record.
    mutating func read(_ domain: DomainName, by term: SPFReport.Term?) {
        if let term, path.contains(domain) {
            fault(.leadsBack(term: term.text, to: domain), in: term.domain)
            return
        }
        guard read.insert(domain).inserted else { return }
        let selection: SPFSelection
        switch answer(.init(domain, .txt)) {
        case .texts(_, let found): selection = found
        case .records(let data): selection = SPFSelection(data: data)
        case .void: selection = .none
        case .failed, nil: return
        }
        switch selection {
        case .none:
            if let term { fault(.leadsNowhere(term: term.text), in: term.domain) }
        case .several(let count): fault(.several(count), in: domain)
        case .broken(let error, _): fault(.syntax(error), in: domain)
        case .record(let record):
            path.append(domain)
            for directive in record.directives where directive.result == .pass {
                add(directive.mechanism, Term(directive.place, of: record, domain))
            }
            if let redirect = record.redirect {
                follow(redirect.domain, Term(redirect.place, of: record, domain))
            }
            path.removeLast()
        }
    }

    private mutating func fault(_ kind: SPFAllowance.Fault.Kind, in domain: DomainName) {
        faults.append(.init(domain: domain, kind: kind))
    }

    private mutating func add(_ mechanism: SPFRecord.Mechanism, _ term: Term) {
        switch mechanism {
        case .network(let base, let length): add(base, length)
        case .include(let text): follow(text, term)
        case .a(let text, let lengths):
            if let name = target(text, term) { addAddresses(of: name, lengths) }
        case .mx(let text, let lengths):
            guard let name = target(text, term), let answer = answer(.init(name, .mx)) else {
                return
            }
            for data in answer.data.prefix(SPFLimits.exchanges) {
                guard case .mx(_, let exchange) = data, !exchange.isRoot else { continue }
                addAddresses(of: exchange, lengths)
            }
        case .all, .ptr, .exists: cannotList(term)
        }
    }

    private mutating func cannotList(_ term: Term) {
        unlisted += 1
        firstUnlisted = firstUnlisted ?? term
    }

    private mutating func follow(_ text: MacroString, _ term: Term) {
        if let name = target(text, term) { read(name, by: term) }
    }

    private mutating func addAddresses(of name: DomainName, _ lengths: SPFRecord.PrefixLengths) {
        for type in [RecordType.a, .aaaa] {
            for data in answer(.init(name, type))?.data ?? [] {
                guard case .address(let address) = data else { continue }
                add(address, address.family == .v4 ? lengths.version4 : lengths.version6)
            }
        }
    }

    private mutating func add(_ address: IPAddress, _ length: Int) {
        if let block = AddressBlock(base: address.masked(to: length), prefixLength: length) {
            blocks.append(block)
        }
    }

    /// The name that a term means, inside the limit of look-ups; a macro needs a client.
    private mutating func target(_ text: MacroString?, _ term: Term) -> DomainName? {
        lookupTerms += 1
        guard lookupTerms <= SPFLimits.lookupTerms else {
            cannotList(term)
            return nil
        }
        guard let text else { return term.domain }
        let literals = text.parts.map { part -> [UInt8]? in
            if case .literal(let bytes) = part { bytes } else { nil }
        }
        guard !literals.contains(nil),
            let name = domainName(of: Array(literals.compactMap { $0 }.joined()))
        else {
            cannotList(term)
            return nil
        }
        return name
    }

    private mutating func answer(_ question: Question) -> SPFAnswer? {
        guard let answer = known(question) else {
            if !wanted.contains(question) { wanted.append(question) }
            return nil
        }
        if answer == .failed, !failed.contains(question) { failed.append(question) }
        return answer
    }
}
