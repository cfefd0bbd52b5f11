package import DNSModel
import NetNames

/// Planned records laid over any source of answers, to see what a change would bring.
///
/// 1. A planned set, the records of one name and type, replaces the source's set entirely. A planned
///    CNAME replaces everything the source has at the name.
/// 2. A planned name exists: where the source denies it, other types of it are NODATA, and so are
///    the names between it and what the source knows.
/// 3. An update, as nsupdate takes it, changes the source's set instead: records are added to it and
///    taken out of it. What is left without records is NODATA, by a SOA record that is made up.
/// 4. Every other question falls through, also where a chain begun here leaves the plan. So does
///    whatever the source could not find out: an update of an unknown set stays unknown.
package struct Overlay: Sendable {
    private var sets: [Question: [ResourceRecord]] = [:]
    private var updates: [Question: SetUpdate] = [:]
    /// Names whose records all go, unless the plan has others.
    private var emptied: Set<DomainName> = []
    /// Every planned owner and all names above it.
    private var names: Set<DomainName> = []

    /// More than any client follows, as in ``ZoneWorld``.
    private static let aliases = 16

    package init(records: [ResourceRecord]) {
        for record in records {
            sets[Question(record.name, record.type), default: []].append(record)
            exist(record.name)
        }
    }

    /// The changes of an update, in their order (RFC 2136 §3.4.2).
    package init(changes: [PlannedUpdate.Change]) {
        for change in changes {
            switch change {
            case .add(let record):
                let set = Question(record.name, record.type)
                // An emptied name begins anew.
                var update = updates[set] ?? SetUpdate(isReplaced: emptied.contains(record.name))
                update.add(record)
                updates[set] = update
            case .deleteRecord(let owner, let data):
                updates[Question(owner, data.type), default: SetUpdate()].remove(data)
            case .deleteSet(let owner, let type):
                updates[Question(owner, type)] = SetUpdate(isReplaced: true)
            case .deleteName(let owner):
                emptied.insert(owner)
                for set in updates.keys where set.name == owner {
                    updates[set] = SetUpdate(isReplaced: true)
                }
            }
        }
        for (set, update) in updates where !update.added.isEmpty {
            exist(set.name)
            guard update.isReplaced else { continue }
            sets[set] = update.added
            updates[set] = nil
        }
    }

    private mutating func exist(_ owner: DomainName) {
        var name: DomainName? = owner
        while let next = name, names.insert(next).inserted { name = next.parent }
    }

    package var isEmpty: Bool { sets.isEmpty && updates.isEmpty && emptied.isEmpty }

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
    /// The source's chain is left at the first name with a planned answer, and at an alias that the
    /// plan deletes; a denial of a name that the plan creates becomes NODATA.
    package func laid(over source: WorldReply, for question: Question) -> WorldReply {
        var chain: [ResourceRecord] = []
        var owner = question.name
        var visited: Set<DomainName> = []
        while visited.insert(owner).inserted {
            if let planned = planned(question.type, at: owner) {
                return WorldReply(code: .noError, isAuthoritative: true, answers: chain + planned)
            }
            guard question.type != .cname,
                let (alias, target) = alias(at: owner, in: source.answers), keeps(alias)
            else { break }
            chain.append(alias)
            owner = target
        }
        if let changed = updated(source, for: Question(owner, question.type), behind: chain) {
            return changed
        }
        guard source.code == .noSuchName, names.contains(owner) else { return source }
        var changed = source
        changed.code = .noError
        return changed
    }

    /// The source's set at the end of a chain, after the update; nil where that changes nothing.
    private func updated(
        _ source: WorldReply, for set: Question, behind chain: [ResourceRecord]
    ) -> WorldReply? {
        let here = source.answers.filter { $0.name == set.name }
        let update = updates[set]
        let isCut = here.contains { $0.type == .cname && !keeps($0) }
        guard update != nil || emptied.contains(set.name) || isCut else { return nil }
        // Of a set that the source does not know nobody can say what is left of it.
        let isDenied = source.authority.contains { $0.type == .soa }
        guard !here.isEmpty || isDenied else { return nil }
        let kept = here.filter { $0.type == set.type && keeps($0) }
        let added = update?.added ?? []
        let left = kept + added.filter { new in !kept.contains { $0.data == new.data } }
        var changed = WorldReply(code: .noError, isAuthoritative: true, answers: chain + left)
        guard left.isEmpty else { return changed }
        if isDenied, here.isEmpty { return nil }
        changed.authority =
            isDenied ? source.authority : [Zone.assumedAuthority(of: set.name.parent ?? .root)]
        return changed
    }

    /// Whether a record of the source is still there after the update.
    private func keeps(_ record: ResourceRecord) -> Bool {
        if emptied.contains(record.name) { return false }
        guard let update = updates[Question(record.name, record.type)] else { return true }
        return !update.isReplaced && !update.removed.contains(record.data)
    }

    /// The planned set, or the planned aliases and what the plan has at their end.
    private func planned(_ type: RecordType, at name: DomainName) -> [ResourceRecord]? {
        var answers: [ResourceRecord] = []
        var owner = name
        var visited: Set<DomainName> = []
        while visited.insert(owner).inserted, answers.count < Self.aliases {
            if let set = sets[Question(owner, type)] { return answers + set }
            guard let aliases = sets[Question(owner, .cname)] ?? addedAliases(at: owner),
                let (alias, target) = alias(at: owner, in: aliases)
            else { break }
            answers.append(alias)
            owner = target
        }
        return answers.isEmpty ? nil : answers
    }

    /// A name has one alias at most, so an added one does not wait for what the source has.
    private func addedAliases(at owner: DomainName) -> [ResourceRecord]? {
        let added = updates[Question(owner, .cname)]?.added ?? []
        return added.isEmpty ? nil : added
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

/// What an update does to one set of records.
private struct SetUpdate {
    /// Whether nothing of the source's set is left.
    var isReplaced = false
    var removed: [RecordData] = []
    var added: [ResourceRecord] = []

    init(isReplaced: Bool = false) {
        self.isReplaced = isReplaced
    }

    mutating func add(_ record: ResourceRecord) {
        removed.removeAll { $0 == record.data }
        added.removeAll { $0.data == record.data }
        added.append(record)
    }

    mutating func remove(_ data: RecordData) {
        added.removeAll { $0.data == data }
        removed.append(data)
    }
}
