package import DNSModel
import NetNames

/// Planned records laid over any source of answers, to see what a change would bring.
///
/// 1. A planned set, the records of one name and type, replaces the source's set entirely. A planned
///    CNAME replaces everything the source has at the name.
/// 2. A planned name exists: where the source denies it, other types of it are NODATA, and so are
///    the names between it and what the source knows.
/// 3. Every other question falls through, also where a chain begun here leaves the plan.
/// 4. A deletion cannot be planned. To drop one record of a set, plan the set without it; to drop a
///    whole set, load the zone with `--zone` and edit the file. No remedy deletes a last record.
package struct Overlay: Sendable {
    private var sets: [Question: [ResourceRecord]] = [:]
    /// Every planned owner and all names above it.
    private var names: Set<DomainName> = []

    /// More than any client follows, as in ``ZoneWorld``.
    private static let aliases = 16

    package init(records: [ResourceRecord]) {
        for record in records {
            sets[Question(record.name, record.type), default: []].append(record)
            var name: DomainName? = record.name
            while let next = name, names.insert(next).inserted { name = next.parent }
        }
    }

    package var isEmpty: Bool { sets.isEmpty }

    /// The planned answer, or nil where the source has to be asked.
    ///
    /// A chain that leads out of the plan ends unfinished, so a client goes on at its end.
    package func reply(to question: Question) -> WorldReply? {
        planned(question.type, at: question.name).map {
            WorldReply(code: .noError, isAuthoritative: true, answers: $0)
        }
    }

    /// The source's answer as the plan changes it, for a question that ``reply(to:)`` leaves open.
    ///
    /// The source's chain is left at the first name with a planned answer; a denial of a name that
    /// the plan creates becomes NODATA.
    package func laid(over source: WorldReply, for question: Question) -> WorldReply {
        var chain: [ResourceRecord] = []
        var owner = question.name
        var visited: Set<DomainName> = []
        while visited.insert(owner).inserted {
            if let planned = planned(question.type, at: owner) {
                return WorldReply(code: .noError, isAuthoritative: true, answers: chain + planned)
            }
            guard let (alias, target) = alias(at: owner, in: source.answers) else { break }
            chain.append(alias)
            owner = target
        }
        guard source.code == .noSuchName, names.contains(owner) else { return source }
        var changed = source
        changed.code = .noError
        return changed
    }

    /// The planned set, or the planned aliases and what the plan has at their end.
    private func planned(_ type: RecordType, at name: DomainName) -> [ResourceRecord]? {
        var answers: [ResourceRecord] = []
        var owner = name
        var visited: Set<DomainName> = []
        while visited.insert(owner).inserted, answers.count < Self.aliases {
            if let set = sets[Question(owner, type)] { return answers + set }
            guard let aliases = sets[Question(owner, .cname)],
                let (alias, target) = alias(at: owner, in: aliases)
            else { break }
            answers.append(alias)
            owner = target
        }
        return answers.isEmpty ? nil : answers
    }

    private func alias(
        at owner: DomainName, in records: [ResourceRecord]
    ) -> (record: ResourceRecord, target: DomainName)? {
        for record in records where record.name == owner {
            if case .cname(let target) = record.data { return (record, target) }
        }
        return nil
    }
}
