import DNSModel
import NetNames
import SPF

/// Which questions the matrix of a pool needs, given what is known: like ``LookupPlan``, for many
/// hosts, and never more than ``PoolLimits/window`` at once.
///
/// It works through its hosts: what is answered is not looked at again, so that the plan of a
/// thousand hosts costs no more per answer than that of ten. Evidence only grows between two calls.
///
/// 1. What the target is, and for an SPF domain which hosts its record allows.
/// 2. A, AAAA and MX of the HELO names, and the hosts behind them.
/// 3. SPF of the first host: it brings the records, only macros make others need more.
/// 4. PTR of each host, and the addresses of its names.
/// 5. When nothing else is open, SPF of the other hosts.
package struct PoolPlan: Sendable {
    private var target: PoolTarget
    private var isBegun = false
    /// What the SPF domain's allowance waits for.
    private var allowance: [Question] = []
    private var names: [NameWork] = []
    private var members = Work<HostWork>()
    private var hosts = Work<HostWork>()
    private var firstPolicy = Work<PolicyWork>()
    private var policies = Work<PolicyWork>()
    /// Addresses behind HELO names, each once.
    private var seenMembers: Set<IPAddress> = []

    package init(for target: PoolTarget) {
        self.target = target
    }

    /// Questions wanted now; those answered already are left out.
    package mutating func questions(knowing evidence: Evidence) -> [PlannedQuestion] {
        var list = OpenQuestions(evidence)
        target = target.resolved(knowing: evidence)
        if case .name(let name, _) = target {
            for type in [RecordType.txt, .a, .aaaa] { list.add(.init(name, type)) }
            return list.open
        }
        begin(&list)
        var open: [NameWork] = []
        for var name in names {
            let news = name.look(&list)
            if news.hasAddresses { addMembers(of: name.name, in: evidence) }
            if !news.isDone { open.append(name) }
        }
        names = open
        members.go(on: &list)
        firstPolicy.go(on: &list)
        hosts.go(on: &list)
        if list.open.isEmpty { policies.go(on: &list) }
        return list.open
    }

    /// Finds the hosts, anew when there may be others.
    private mutating func begin(_ list: inout OpenQuestions) {
        var isNew = !isBegun
        if !isBegun {
            isBegun = true
            names = target.heloNames.map(NameWork.init)
        }
        if case .spfDomain = target, isNew || list.isAnyAnswered(allowance) {
            allowance = target.allowance(knowing: list.evidence)?.wanted ?? []
            isNew = true
        }
        for question in allowance { list.add(question) }
        // The hosts are a list, or what SPF allows; those of a HELO name come with its addresses.
        if isNew { setHosts(knowing: list.evidence) }
    }

    private mutating func addMembers(of name: DomainName, in evidence: Evidence) {
        let addresses = AddressLookups(of: name, in: evidence).addresses
        for address in addresses.prefix(EvidenceLimits.members)
        where seenMembers.insert(address).inserted {
            members.append(HostWork(address))
        }
        if case .heloName = target { setHosts(knowing: evidence) }
    }

    private mutating func setHosts(knowing evidence: Evidence) {
        let clients = target.clients(knowing: evidence)
        hosts = Work(clients.map { HostWork($0.address) })
        firstPolicy = Work(clients.prefix(1).map { PolicyWork($0) })
        policies = Work(clients.dropFirst().map { PolicyWork($0) })
    }
}

/// Something that needs answers, until it has them.
private protocol PlannedWork: Sendable {
    /// Names what it needs now.
    /// - Returns: Whether it needs nothing any more.
    mutating func go(on list: inout OpenQuestions) -> Bool
}

/// Work in its order: what is begun and not done, and what comes after it.
private struct Work<Piece: PlannedWork>: Sendable {
    private var pieces: [Piece]
    private var begun: [Piece] = []
    private var next = 0

    init(_ pieces: [Piece] = []) {
        self.pieces = pieces
    }

    mutating func append(_ piece: Piece) { pieces.append(piece) }

    /// Goes on until the window is full.
    mutating func go(on list: inout OpenQuestions) {
        var open: [Piece] = []
        for var piece in begun {
            let isDone = !list.isFull && piece.go(on: &list)
            if !isDone { open.append(piece) }
        }
        begun = open
        while !list.isFull, next < pieces.count {
            var piece = pieces[next]
            next += 1
            if !piece.go(on: &list) { begun.append(piece) }
        }
    }
}

/// The addresses of a HELO name.
private struct NameWork: Sendable {
    let name: DomainName
    private var isFirstKnown = false
    private var areBothKnown = false

    init(_ name: DomainName) {
        self.name = name
    }

    mutating func look(_ list: inout OpenQuestions) -> (hasAddresses: Bool, isDone: Bool) {
        let open = [RecordType.a, .aaaa, .mx].map { list.add(.init(name, $0)) }
        // A comes first in the order of hosts: AAAA alone would look at others than both do.
        let news = (isFirst: !open[0] && !isFirstKnown, both: !open[0] && !open[1] && !areBothKnown)
        isFirstKnown = isFirstKnown || news.isFirst
        areBothKnown = areBothKnown || news.both
        return (news.isFirst || news.both, !open.contains(true))
    }
}

/// The PTR of a host, and the addresses of its names in the host's family.
private struct HostWork: PlannedWork {
    let address: IPAddress
    /// Nil while the PTR names are not known.
    private var waiting: [Question]?

    init(_ address: IPAddress) {
        self.address = address
    }

    mutating func go(on list: inout OpenQuestions) -> Bool {
        if waiting == nil {
            guard SpecialAddresses.purpose(of: address)?.kind != .loopback,
                LookupPlan.isAskable(address, in: list.evidence)
            else { return true }
            let pointer = Question(ReverseName.name(of: address), .ptr)
            guard !list.add(pointer), let id = list.evidence.id(of: pointer) else { return false }
            waiting = pointerNames(in: list.evidence.outcome(at: id))
                .prefix(PoolLimits.namesPerHost).filter(HostnameDefect.allowsLookup)
                .map { Question($0, address.family == .v4 ? .a : .aaaa) }
        }
        waiting?.removeAll { !list.add($0) }
        return waiting?.isEmpty ?? true
    }
}

/// What a host's SPF needs, for the identity that the matrix shows.
private struct PolicyWork: PlannedWork {
    let client: Subject
    private var waiting: [Question] = []

    init(_ client: Subject) {
        self.client = client
    }

    mutating func go(on list: inout OpenQuestions) -> Bool {
        // Evaluating costs more than all else here, and says the same until an answer has come.
        if waiting.isEmpty || list.isAnyAnswered(waiting) {
            let evidence = list.evidence
            guard let request = client.spfRequests(at: evidence.startedAt).last,
                case .wants(let questions) = SPFEvaluation(
                    request, isTraced: false, known: { evidence.spfAnswer(to: $0) })
            else { return true }
            waiting = questions
        }
        for question in waiting { list.add(question) }
        return false
    }
}

/// Questions that have no answer yet, each once, up to the window.
private struct OpenQuestions {
    let evidence: Evidence
    private(set) var open: [PlannedQuestion] = []
    private var seen: Set<Question> = []

    init(_ evidence: Evidence) {
        self.evidence = evidence
    }

    var isFull: Bool { open.count >= PoolLimits.window }

    /// - Returns: Whether it has no answer yet.
    @discardableResult mutating func add(_ question: Question) -> Bool {
        guard evidence.id(of: question) == nil else { return false }
        if !isFull, seen.insert(question).inserted { open.append(.init(question, stage: .pool)) }
        return true
    }

    func isAnyAnswered(_ questions: [Question]) -> Bool {
        questions.contains { evidence.id(of: $0) != nil }
    }
}
