import DNSModel
import LookupEngine
import NetNames
import SenderIdentity

/// The clients of the guard's trial: their records, what is true of them, and what goes wrong.
struct GuardWorld: Sendable {
    /// What a client is, for good, until the day it is mended or spoiled.
    enum Kind: CaseIterable, Sendable {
        case good, goodBySecondName, literal, heloElsewhere, heloAbsent
        case noSuchPointer, noPointerData, pointsElsewhere, nameAbsent

        /// Whether fcrdns-required keeps it out.
        var isAddressBad: Bool {
            switch self {
            case .noSuchPointer, .noPointerData, .pointsElsewhere, .nameAbsent: true
            case .good, .goodBySecondName, .literal, .heloElsewhere, .heloAbsent: false
            }
        }

        /// Whether strict-helo keeps it out besides.
        var isHELOBad: Bool { self == .heloElsewhere || self == .heloAbsent }
    }

    struct Client: Sendable {
        let address: IPAddress
        let helo: String
        let ttl: UInt32
        /// Before and after the day.
        let kinds: [Kind]
        let name: String

        /// The questions that show what is wrong with the address, or with HELO.
        func questions(about helo: Bool, _ kind: Kind) -> [Question] {
            let own: RecordType = address.family == .v4 ? .a : .aaaa
            if helo { return [Question(GuardWorld.named(self.helo), own)] }
            let pointer = Question(ReverseName.name(of: address), .ptr)
            switch kind {
            case .noSuchPointer, .noPointerData: return [pointer]
            case .pointsElsewhere, .nameAbsent:
                return [pointer, Question(GuardWorld.named(name), own)]
            case .good, .goodBySecondName, .literal, .heloElsewhere, .heloAbsent: return []
            }
        }

        /// All that may be asked about the client.
        func allQuestions(_ kind: Kind) -> [Question] {
            let own: RecordType = address.family == .v4 ? .a : .aaaa
            var all = [
                Question(ReverseName.name(of: address), .ptr),
                Question(GuardWorld.named(name), own),
            ]
            if kind == .goodBySecondName {
                all.append(Question(GuardWorld.named("a." + name), own))
            }
            // The HELO name stands below it, so the absent name is NODATA and its other family is
            // asked, too. Where that fails the client is put off: half a family proves nothing.
            if kind == .nameAbsent {
                let other: RecordType = address.family == .v4 ? .aaaa : .a
                all.append(Question(GuardWorld.named(name), other))
            }
            if kind != .literal { all.append(Question(GuardWorld.named(helo), own)) }
            return all
        }
    }

    let clients: [Client]
    /// Before and after the day.
    private let zones: [ZoneWorld]

    /// The SOA's minimum: how long an absence may be believed.
    static let negativeTTL: UInt32 = 30
    private static let ttls: [UInt32] = [0, 1, 5, 30, 300, 3600]

    init?(clients count: Int, dice: inout Dice) {
        var clients: [Client] = []
        var records: [[ResourceRecord]] = [[], []]
        for index in 0..<count {
            let kind = dice.pick(Kind.allCases)
            // One in five is mended, or spoiled, on the day. Not one that two names speak for: of it
            // half would be believed of the day before, and neither day proves the whole.
            let isOther = dice.chance(20) && kind != .goodBySecondName
            let later = isOther ? (kind.isAddressBad ? Kind.good : .noSuchPointer) : kind
            let name = "h\(index).\(dice.word()).example"
            let address = IPAddress.v4(0x2d00_0001 + UInt32(index) &* 97)
            let isLiteral = kind == .literal
            let client = Client(
                address: address, helo: isLiteral ? "[\(address)]" : "helo." + name,
                ttl: dice.pick(Self.ttls), kinds: [kind, isLiteral ? kind : later], name: name)
            clients.append(client)
            for (day, kind) in client.kinds.enumerated() {
                records[day] += Self.records(of: client, kind)
            }
        }
        self.clients = clients
        zones = records.compactMap(Self.zone)
        guard zones.count == 2 else { return nil }
    }

    func reply(to question: Question, day: Int) -> WorldReply { zones[day].reply(to: question) }

    func isSame(_ question: Question, on day: Int, and other: Int) -> Bool {
        let (one, two) = (reply(to: question, day: day), reply(to: question, day: other))
        return one.code == two.code && one.answers == two.answers
    }

    /// Whether an outcome says what the records say.
    func isTrue(_ outcome: LookupOutcome, of question: Question, day: Int) -> Bool {
        let data = reply(to: question, day: day).answers.filter { $0.type == question.type }
            .map(\.data)
        switch outcome {
        case .answers(let answers): return Set(answers.data) == Set(data)
        case .noData, .noSuchName: return data.isEmpty
        case .failed: return false
        }
    }

    /// The smallest TTL of what proves a client bad.
    static func lifetime(of question: Question, _ client: Client, _ kind: Kind) -> Duration {
        let isAbsent: Bool =
            switch kind {
            case .noSuchPointer, .noPointerData: true
            case .nameAbsent, .heloAbsent: question.type != .ptr
            default: false
            }
        return .seconds(isAbsent ? negativeTTL : client.ttl)
    }

    private static func records(of client: Client, _ kind: Kind) -> [ResourceRecord] {
        let pointer = ReverseName.name(of: client.address)
        let record = { (name: DomainName, data: RecordData) in
            ResourceRecord(name: name, ttl: client.ttl, data: data)
        }
        let name = named(client.name)
        let own = RecordData.address(client.address)
        let other = RecordData.address(.v4(0x2dff_fffe))
        var records: [ResourceRecord] = []
        switch kind {
        case .good, .literal, .heloElsewhere, .heloAbsent:
            records = [record(pointer, .ptr(name)), record(name, own)]
        case .goodBySecondName:
            let second = named("a." + client.name)
            records = [
                record(pointer, .ptr(name)), record(pointer, .ptr(second)), record(name, other),
                record(second, own),
            ]
        case .noSuchPointer: records = [record(name, own)]
        case .noPointerData: records = [record(pointer, .txt([[0x78]])), record(name, own)]
        case .pointsElsewhere: records = [record(pointer, .ptr(name)), record(name, other)]
        case .nameAbsent: records = [record(pointer, .ptr(name))]
        }
        if client.helo.utf8.first == Ascii.openBracket || kind == .heloAbsent { return records }
        return records + [record(named(client.helo), kind == .heloElsewhere ? other : own)]
    }

    private static func zone(_ records: [ResourceRecord]) -> ZoneWorld? {
        let soa = StartOfAuthority(
            primary: .root, mailbox: .root, serial: 1, refresh: 3600, retry: 600, expire: 86_400,
            minimum: negativeTTL)
        let roots = ["in-addr.arpa", "example"].compactMap { DomainName($0) }.map {
            ResourceRecord(name: $0, ttl: 300, data: .soa(soa))
        }
        return try? ZoneWorld(
            files: [ZoneFile(name: "guard", contents: MasterFile(records: roots + records))])
    }

    static func named(_ text: String) -> DomainName { DomainName(text) ?? .root }
}

/// What goes wrong when: decided by question and time alone, so that it can be said afterwards.
struct GuardFaults: Sendable {
    enum Weather: Sendable {
        case fair
        /// One server errs; asking again or elsewhere helps in time.
        case rough([Fault])
        /// Both err, in a way that the truth may show through all the same.
        case murky([Fault])
        /// Both err, all the time.
        case hopeless([Fault])
    }

    let seed: UInt64

    static let slot: Duration = .seconds(20)
    /// Every so many slots nobody answers anything.
    private static let blackoutEvery = 40

    // No server refuses EDNS here: others lie with an extended error, which needs it.
    static let rough: [[Fault]] = [
        [.dropFirst(1)], [.codeFirst(1, .serverFailure)], [.truncate],
        [.delay(milliseconds: 500)], [.forgedFirst], [.twice], [.code(.serverFailure)],
        [.code(.refused)], [.lame], [.cutShort], [.drop], [.wrongSource], [.contradict], [.noSOA],
    ]
    static let hopeless: [[Fault]] = [
        [.code(.serverFailure)], [.code(.serverFailure), .extendedError(6)], [.code(.refused)],
        [.code(.formatError)], [.code(.notImplemented)], [.drop], [.truncateOnly],
        [.truncateRefused], [.lame], [.cutShort], [.pointerLoop], [.countsTooLarge], [.trickle],
        [.delay(milliseconds: 9000)], [.code(.noSuchName), .extendedError(15)],
        [.code(.noSuchName), .extendedError(3)], [.raw([0x81, 0x80, 0, 1])],
    ]
    static let murky: [[Fault]] = [
        [.wrongID], [.wrongQuestion], [.wrongSource], [.contradict], [.wrongOwner], [.noSOA],
    ]

    func isBlackout(at time: Duration) -> Bool {
        slotNumber(time) % UInt64(Self.blackoutEvery) == UInt64(Self.blackoutEvery) - 1
    }

    func weather(of question: Question, at time: Duration) -> Weather {
        if isBlackout(at: time) { return .hopeless([.drop]) }
        var number = seed ^ slotNumber(time) &* 0x9e37_79b9_7f4a_7c15
        for byte in question.name.wire { number = (number ^ UInt64(byte)) &* 0x100_0000_01b3 }
        number ^= UInt64(question.type.rawValue)
        var generator = SeededGenerator(seed: number)
        switch Int.random(in: 0..<100, using: &generator) {
        case ..<12: return .hopeless(Self.pick(Self.hopeless, &generator))
        case ..<15: return .murky(Self.pick(Self.murky, &generator))
        case ..<30: return .rough(Self.pick(Self.rough, &generator))
        default: return .fair
        }
    }

    func faults(of question: Question, server: Int, at time: Duration) -> [Fault] {
        switch weather(of: question, at: time) {
        case .fair: []
        case .rough(let faults): server == 0 ? faults : []
        case .murky(let faults), .hopeless(let faults): faults
        }
    }

    /// Whether no answer counts: none can be true.
    func isHopeless(_ question: Question, at time: Duration) -> Bool {
        if case .hopeless = weather(of: question, at: time) { true } else { false }
    }

    /// Whether the truth is to be had in time.
    func isClear(_ question: Question, at time: Duration) -> Bool {
        switch weather(of: question, at: time) {
        case .fair, .rough: true
        case .murky, .hopeless: false
        }
    }

    private func slotNumber(_ time: Duration) -> UInt64 {
        UInt64(time.components.seconds / Self.slot.components.seconds)
    }

    private static func pick(
        _ list: [[Fault]], _ generator: inout SeededGenerator
    ) -> [Fault] {
        list[Int.random(in: list.indices, using: &generator)]
    }
}
