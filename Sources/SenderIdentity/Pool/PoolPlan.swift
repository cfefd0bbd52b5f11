import DNSModel
import NetNames

/// Which questions the matrix of a pool needs, given what is known: like ``LookupPlan``, for many
/// hosts, and never more than ``PoolLimits/window`` at once.
package struct PoolPlan: Sendable {
    private let target: PoolTarget
    private let heloNames: [DomainName]

    package init(for target: PoolTarget) {
        self.target = target
        heloNames = target.heloNames
    }

    /// Questions wanted now; those answered already are left out.
    package func questions(knowing evidence: Evidence) -> [PlannedQuestion] {
        var list = OpenQuestions(evidence)
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
        for client in target.clients(knowing: evidence) {
            if list.isFull { break }
            list.addHost(client.address)
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
