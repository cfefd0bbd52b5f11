package import DNSModel
package import NetNames

/// The parts of a DNS response that evidence keeps.
///
/// Records outside the question's chain are gone. The lists are behind one reference, as an
/// observation's fields are.
package struct Response: Hashable, Sendable {
    package let code: ResponseCode
    package let isAuthoritative: Bool
    /// The AD bit.
    ///
    /// It means something only from a resolver that the user trusts.
    package let isAuthenticated: Bool
    package let isRecursionAvailable: Bool
    /// The code of an extended DNS error (RFC 8914), if one came.
    package let extendedError: UInt16?
    private let records: Records

    private final class Records: Hashable, Sendable {
        let answers: [ResourceRecord]
        let authority: [ResourceRecord]
        let glue: [ResourceRecord]

        init(
            _ answers: [ResourceRecord], _ authority: [ResourceRecord], _ glue: [ResourceRecord]
        ) {
            self.answers = answers
            self.authority = authority
            self.glue = glue
        }

        static func == (left: Records, right: Records) -> Bool {
            left === right
                || left.answers == right.answers && left.authority == right.authority
                    && left.glue == right.glue
        }

        func hash(into hasher: inout Hasher) {
            hasher.combine(answers)
            hasher.combine(authority)
        }
    }

    /// The alias chain and the records at its end, in the order received.
    package var answers: [ResourceRecord] { records.answers }
    /// SOA and NS records of the authority section.
    package var authority: [ResourceRecord] { records.authority }
    /// On a walk: addresses of the servers that an NS record names, as the additional section has
    /// them; hearsay, and saved with no evidence.
    package var glue: [ResourceRecord] { records.glue }

    package init(
        code: ResponseCode, isAuthoritative: Bool = false, isAuthenticated: Bool = false,
        isRecursionAvailable: Bool = false, answers: [ResourceRecord] = [],
        authority: [ResourceRecord] = [], extendedError: UInt16? = nil,
        glue: [ResourceRecord] = []
    ) {
        self.code = code
        self.isAuthoritative = isAuthoritative
        self.isAuthenticated = isAuthenticated
        self.isRecursionAvailable = isRecursionAvailable
        self.extendedError = extendedError
        records = Records(answers, authority, glue)
    }

    /// What the response says about the question (RFC 1034 §3.6.2, RFC 2308 §2).
    ///
    /// 1. Follow the aliases from the question's name, at most ``EvidenceLimits/aliases``.
    /// 2. Records of the type at the end: answers.
    /// 3. None: NXDOMAIN is absence; NOERROR is absence only with a SOA, else the server is lame.
    /// 4. Any other code is a failure. NXDOMAIN beside an answer contradicts itself.
    package func outcome(of question: Question) -> LookupOutcome {
        if let failure { return .failed(failure) }
        var owner = question.name
        var aliases: [DomainName] = []
        var ttl = UInt32.max
        while true {
            let found = records(at: owner, of: question.type)
            if !found.isEmpty {
                guard code == .noError else { return .failed(.malformed) }
                let lowest = found.reduce(ttl) { min($0, $1.ttl) }
                return .answers(
                    .init(data: found.map(\.data), ttl: lowest, aliases: aliases))
            }
            guard let (target, aliasTTL) = alias(of: owner) else { break }
            if target == question.name || aliases.contains(target) { return .failed(.aliasLoop) }
            guard aliases.count < EvidenceLimits.aliases else { return .failed(.aliasChainTooLong) }
            aliases.append(target)
            ttl = min(ttl, aliasTTL)
            owner = target
        }
        let absence = absence(aliases: aliases)
        if code == .noSuchName { return .noSuchName(absence) }
        return absence.authority == nil ? .failed(.lame) : .noData(absence)
    }

    /// The name an unfinished chain ends at: aliases lead there and nothing is said about it.
    package func danglingEnd(of question: Question) -> DomainName? {
        guard code == .noError, case .failed(.lame) = outcome(of: question) else { return nil }
        var owner = question.name
        var steps = 0
        while let (target, _) = alias(of: owner), steps <= EvidenceLimits.aliases {
            owner = target
            steps += 1
        }
        return steps == 0 ? nil : owner
    }

    /// What the code alone decides.
    private var failure: LookupFailure? {
        switch code {
        case .noError: nil
        case .noSuchName: denialFailure
        case .serverFailure:
            // RFC 8914 §4.6 to §4.13: 5 to 12 say that validation went wrong or could not be done.
            extendedError.map { (5...12).contains($0) } == true ? .bogus : .serverFailure
        case .refused: .refused
        case .formatError: .formatError
        case .notImplemented: .notImplemented
        default: .unexpectedCode
        }
    }

    /// A denial that the resolver itself calls stale, withheld or unproven is no denial.
    ///
    /// RFC 8914 §4: 3 and 19 are stale, 15 to 17 blocked, censored, filtered, 5 to 12 DNSSEC.
    private var denialFailure: LookupFailure? {
        switch extendedError {
        case 3, 19, 15, 16, 17: .withheld
        case 5, 6, 7, 8, 9, 10, 11, 12: .bogus
        default: nil
        }
    }

    private func records(at owner: DomainName, of type: RecordType) -> [ResourceRecord] {
        answers.filter { $0.type == type && $0.name == owner }
    }

    private func alias(of owner: DomainName) -> (target: DomainName, ttl: UInt32)? {
        for record in answers where record.name == owner {
            if case .cname(let target) = record.data { return (target, record.ttl) }
        }
        return nil
    }

    private func absence(aliases: [DomainName]) -> LookupOutcome.Absence {
        for record in authority {
            if case .soa(let soa) = record.data {
                return .init(
                    zone: record.name, authority: soa, ttl: min(record.ttl, soa.minimum),
                    aliases: aliases)
            }
        }
        return .init(zone: nil, authority: nil, ttl: nil, aliases: aliases)
    }
}
