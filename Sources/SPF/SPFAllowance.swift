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
    /// Terms whose addresses cannot be listed: `exists`, `ptr`, `all`, macros, records that cannot
    /// be used, and terms beyond ``SPFLimits/lookupTerms``.
    package let unlisted: Int
    /// Look-ups that failed: what they would have allowed is not known.
    package let failed: [Question]
    /// Questions without an answer, in the order of their terms, each once.
    package let wanted: [Question]

    /// Lists as far as the answers known so far carry.
    /// - Parameters:
    ///   - domain: Whose record it is.
    ///   - known: The answer to a question, nil when it was not asked.
    package init(of domain: DomainName, known: @escaping (Question) -> SPFAnswer?) {
        var collector = Collector(known: known)
        collector.read(domain)
        blocks = Self.merged(collector.blocks)
        unlisted = collector.unlisted
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
}

/// Goes through the records in the order of their terms.
private struct Collector {
    let known: (Question) -> SPFAnswer?
    var blocks: [AddressBlock] = []
    var unlisted = 0
    var failed: [Question] = []
    var wanted: [Question] = []
    private var lookupTerms = 0
    /// A record that was read already adds nothing, and ends a loop.
    private var read: Set<DomainName> = []

    init(known: @escaping (Question) -> SPFAnswer?) { self.known = known }

    mutating func read(_ domain: DomainName) {
        guard read.insert(domain).inserted else { return }
        let selection: SPFSelection
        switch answer(.init(domain, .txt)) {
        case .texts(_, let found): selection = found
        case .records(let data): selection = SPFSelection(data: data)
        case .void, .failed, nil: return
        }
        guard case .record(let record) = selection else {
            unlisted += 1
            return
        }
        for directive in record.directives where directive.result == .pass {
            add(directive.mechanism, of: domain)
        }
        if let redirect = record.redirect { follow(redirect.domain) }
    }

    private mutating func add(_ mechanism: SPFRecord.Mechanism, of domain: DomainName) {
        switch mechanism {
        case .network(let base, let length): add(base, length)
        case .include(let text): follow(text)
        case .a(let text, let lengths):
            if let name = target(text, of: domain) { addAddresses(of: name, lengths) }
        case .mx(let text, let lengths):
            guard let name = target(text, of: domain), let answer = answer(.init(name, .mx)) else {
                return
            }
            for data in answer.data.prefix(SPFLimits.exchanges) {
                guard case .mx(_, let exchange) = data, !exchange.isRoot else { continue }
                addAddresses(of: exchange, lengths)
            }
        case .all, .ptr, .exists: unlisted += 1
        }
    }

    private mutating func follow(_ text: MacroString) {
        if let name = target(text, of: nil) { read(name) }
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
    private mutating func target(_ text: MacroString?, of domain: DomainName?) -> DomainName? {
        lookupTerms += 1
        guard lookupTerms <= SPFLimits.lookupTerms else {
            unlisted += 1
            return nil
        }
        guard let text else { return domain }
        let literals = text.parts.map { part -> [UInt8]? in
            if case .literal(let bytes) = part { bytes } else { nil }
        }
        guard !literals.contains(nil),
            let name = domainName(of: Array(literals.compactMap { $0 }.joined()))
        else {
            unlisted += 1
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
