package import DNSModel
package import NetNames

/// A closed DNS made of zones: the servers of all of them, and a resolver in front.
///
/// 1. The deepest zone that holds the name answers, delegated to or not.
/// 2. Aliases are followed through all zones, so one answer holds the whole chain.
/// 3. A name outside every zone is REFUSED, and so is a chain that leaves them all: the world does
///    not know, and must not be taken for «there is none». The chain so far stays in the answer.
/// 4. A delegation to a zone that is not loaded gives a referral: nobody answers there.
package struct ZoneWorld: Sendable {
    private let zonesByApex: [DomainName: Zone]

    /// More than any client follows, so that a chain too long is the client's finding.
    private static let aliases = 16

    /// Builds the zones of the files; ``ZoneAssignment`` says which record goes where.
    /// - Parameter files: The files, in the order given.
    /// - Throws: ``WorldError`` where they contradict themselves.
    package init(files: [ZoneFile]) throws(WorldError) {
        zonesByApex = try ZoneAssignment.zones(of: files)
    }

    /// The zones in canonical order of their apexes.
    package var zones: [Zone] {
        zonesByApex.values.sorted { $0.apex < $1.apex }
    }

    /// The deepest zone that holds the name.
    package func zone(of name: DomainName) -> Zone? {
        var ancestor: DomainName? = name
        while let apex = ancestor {
            if let zone = zonesByApex[apex] { return zone }
            ancestor = apex.parent
        }
        return nil
    }

    package func reply(to question: Question) -> WorldReply {
        var reply = WorldReply(code: .noError, isAuthoritative: true)
        var owner = question.name
        var visited: Set<DomainName> = []
        while visited.insert(owner).inserted, reply.answers.count < Self.aliases {
            guard let zone = zone(of: owner) else {
                reply.code = .refused
                reply.isAuthoritative = false
                return reply
            }
            switch zone.find(question.type, at: owner) {
            case .records(let records):
                reply.answers += records
                return reply
            case .alias(let record, let target):
                reply.answers.append(record)
                owner = target
            case .noData:
                reply.authority = [zone.negativeAuthority]
                return reply
            case .noSuchName:
                reply.code = .noSuchName
                reply.authority = [zone.negativeAuthority]
                return reply
            case .referral(let servers, let glue):
                reply.isAuthoritative = false
                reply.authority = servers
                reply.additional = glue
                return reply
            }
        }
        return reply
    }
}
