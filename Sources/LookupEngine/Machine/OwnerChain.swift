import DNSModel
import DNSWire
import NetNames
import SenderIdentity

extension Response {
    /// Keeps what belongs to the question; everything else in a message is hearsay.
    ///
    /// 1. The owner chain: the question's name, then wherever its CNAME records lead.
    /// 2. Answers: records of the asked type and aliases, owned by a name of the chain.
    /// 3. Authority: SOA and NS records of zones that the chain's end lies in.
    /// 4. Additional: nothing; or on a walk the addresses of the servers that the authority names.
    init(_ message: Message, to question: Question, keepsGlue: Bool = false) {
        var owners = [question.name]
        // One more owner than aliases are allowed, so that a chain that is too long shows.
        while owners.count <= EvidenceLimits.aliases, let last = owners.last,
            let target = message.answers.aliasTarget(of: last), !owners.contains(target)
        {
            owners.append(target)
        }
        let end = owners.last ?? question.name
        let servers = keepsGlue ? message.nameServers : []
        self.init(
            code: message.code,
            isAuthoritative: message.flags.contains(.authoritative),
            isAuthenticated: message.flags.contains(.authenticated),
            isRecursionAvailable: message.flags.contains(.recursionAvailable),
            answers: message.answers.filter { record in
                (record.type == question.type || record.type == .cname)
                    && owners.contains(record.name)
            },
            authority: message.authority.filter { record in
                (record.type == .soa || record.type == .ns) && end.isSubdomain(of: record.name)
            },
            extendedError: message.edns?.extendedError,
            glue: servers.isEmpty
                ? []
                : message.additional.filter { record in
                    (record.type == .a || record.type == .aaaa) && servers.contains(record.name)
                })
    }

    /// This response's unfinished chain, continued by the answer to the name it ended at.
    func joined(with next: Response) -> Response {
        Response(
            code: next.code, isAuthoritative: next.isAuthoritative,
            isAuthenticated: isAuthenticated && next.isAuthenticated,
            isRecursionAvailable: next.isRecursionAvailable, answers: answers + next.answers,
            authority: next.authority, extendedError: next.extendedError)
    }

    /// The response as it is after some seconds in a cache (RFC 1035 §3.2.1, RFC 2308 §5).
    func aged(by seconds: UInt32) -> Response {
        withLifetimes { $0 > seconds ? $0 - seconds : 0 }
    }

    /// The response as somebody may tell it on who keeps nothing for longer.
    func capped(at most: UInt32) -> Response {
        if authority.isEmpty, glue.isEmpty, answers.allSatisfy({ $0.ttl <= most }) { return self }
        return withLifetimes { min($0, most) }
    }

    private func withLifetimes(_ changed: (UInt32) -> UInt32) -> Response {
        Response(
            code: code, isAuthoritative: isAuthoritative, isAuthenticated: isAuthenticated,
            isRecursionAvailable: isRecursionAvailable,
            answers: answers.map {
                ResourceRecord(name: $0.name, ttl: changed($0.ttl), data: $0.data)
            },
            authority: authority.map { record in
                // An absence ages from the smaller of the SOA's two numbers.
                var ttl = record.ttl
                if case .soa(let soa) = record.data { ttl = min(ttl, soa.minimum) }
                return ResourceRecord(name: record.name, ttl: changed(ttl), data: record.data)
            },
            extendedError: extendedError)
    }
}

extension Message {
    /// The targets of NS records, in answer and authority.
    fileprivate var nameServers: Set<DomainName> {
        Set(
            (answers + authority).compactMap { record in
                if case .ns(let name) = record.data { name } else { nil }
            })
    }
}

extension [ResourceRecord] {
    fileprivate func aliasTarget(of owner: DomainName) -> DomainName? {
        for record in self where record.name == owner {
            if case .cname(let target) = record.data { return target }
        }
        return nil
    }
}
