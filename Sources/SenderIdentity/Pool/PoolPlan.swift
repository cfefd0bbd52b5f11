import DNSModel
import NetNames
import SPF

/// Which questions the matrix of a pool needs, given what is known: like ``LookupPlan``, for many
/// hosts, and never more than ``PoolLimits/window`` at once.
package struct PoolPlan: Sendable {
    private let target: PoolTarget

    package init(for target: PoolTarget) {
        self.target = target
    }

    /// Questions wanted now; those answered already are left out.
    package func questions(knowing evidence: Evidence) -> [PlannedQuestion] {
        var list = OpenQuestions(evidence)
        let target = target.resolved(knowing: evidence)
        if case .name(let name, _) = target {
            for type in [RecordType.txt, .a, .aaaa] { list.add(.init(name, type)) }
            return list.open
        }
        for question in target.allowance(knowing: evidence)?.wanted ?? [] { list.add(question) }
        let heloNames = target.heloNames
        for name in heloNames {
            for type in [RecordType.a, .aaaa, .mx] { list.add(.init(name, type)) }
        }
        for name in heloNames {
            for address in AddressLookups(of: name, in: evidence).addresses
                .prefix(EvidenceLimits.members)
            {
                list.addHost(address)
            }
        }
        let clients = target.clients(knowing: evidence)
        // One host's SPF brings the records; only macros make others need more.
        if let first = clients.first { list.addSPF(of: first) }
        for client in clients {
            if list.isFull { break }
            list.addHost(client.address)
        }
        guard list.open.isEmpty else { return list.open }
        for client in clients.dropFirst() {
            if list.isFull { break }
            list.addSPF(of: client)
        }
        return list.open
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

    mutating func add(_ question: Question) {
        guard !isFull, evidence.id(of: question) == nil, seen.insert(question).inserted else {
            return
        }
        open.append(.init(question, stage: .pool))
    }

    /// What the host's SPF needs, for the identity that the matrix shows.
    mutating func addSPF(of client: Subject) {
        guard let request = client.spfRequests(at: evidence.startedAt).last else { return }
        let evidence = evidence
        let evaluation = SPFEvaluation(request, isTraced: false) { evidence.spfAnswer(to: $0) }
        guard case .wants(let questions) = evaluation else { return }
        for question in questions { add(question) }
    }

    /// The PTR of a host, and the addresses of its names in the host's family.
    mutating func addHost(_ address: IPAddress) {
        guard SpecialAddresses.purpose(of: address)?.kind != .loopback,
            LookupPlan.isAskable(address, in: evidence)
        else { return }
        let pointer = Question(ReverseName.name(of: address), .ptr)
        add(pointer)
        guard let id = evidence.id(of: pointer) else { return }
        for name in pointerNames(in: evidence.outcome(at: id)).prefix(PoolLimits.namesPerHost)
        where HostnameDefect.allowsLookup(of: name) {
            add(.init(name, address.family == .v4 ? .a : .aaaa))
        }
    }
}
