import DNSModel
import NetNames
import SenderIdentity

/// One way down from a known zone to a name.
struct Descent: Sendable {
    enum Purpose: Sendable {
        /// The client's PTR name, or what its aliases lead to.
        case pointer
        /// A zone that was found by guessing its name.
        case classless
        /// The address of a server's name; its nesting.
        case address(depth: Int)
    }

    let goal: Question
    let purpose: Purpose
    /// The zone it is at: an index into the visits.
    var visit: Int
    var cuts = 0
    /// Whether a server of this zone has answered for the name itself: then all are asked.
    var isFinal = false
    var isDone = false

    var isForAddress: Bool {
        if case .address = purpose { true } else { false }
    }
}

/// One zone on the way of one descent, and its servers as far as they were asked.
struct VisitState: Sendable {
    let descent: Int
    let asked: Question
    let cut: Cut
    /// The next of the zone's server names to be used.
    var nextName = 0
    var servers: [ServerState] = []
    /// Whether a zone below this one, on the same servers, was found or looked for.
    var hasLookedBelow = false

    var isSettled: Bool { servers.allSatisfy(\.isSettled) }
    var openCount: Int { servers.count { !$0.isSettled } }
}

/// One address of one server of a zone.
struct ServerState: Sendable {
    let name: DomainName
    var address: IPAddress?
    var reply: DelegationTrace.Reply?
    var authority: DelegationTrace.Authority?
    /// Set when the reply has come and its SOA is still awaited.
    var isAwaitingAuthority = false
    var elapsed: Duration = .zero

    init(name: DomainName) {
        self.name = name
    }

    var isSettled: Bool { reply != nil && !isAwaitingAuthority }
}

/// What is known of a server's name.
enum Host: Sendable {
    case known([IPAddress])
    /// A descent is after it.
    case sought(descent: Int)
    /// DNS denies that it has an address.
    case absent
    /// It could not be found out.
    case unknown
}

/// One question to one address, however many ask it.
struct ProbeKey: Hashable, Sendable {
    let address: IPAddress
    let question: Question
}

/// Who waits for a probe's result.
enum ProbeTarget: Sendable {
    case reply(visit: Int, server: Int)
    case authority(visit: Int, server: Int)
    /// The NS records of a zone below, on the same server.
    case below(visit: Int, DomainName)
    /// The NS records of a zone whose name was guessed.
    case guess(DomainName)
}
