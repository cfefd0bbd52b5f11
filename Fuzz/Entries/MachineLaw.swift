import DNSModel
import DNSWire
import LookupEngine
import NetNames
import SenderIdentity

/// Whatever servers send, a run ends by its deadline, within its packets, with every observation;
/// and so does a walk from the root, whose trace facts can be drawn from.
///
/// The bytes are a script of what happens: an operation, a length, and that many bytes to deliver.
/// Half of the operations set the transaction id and the question right, else nothing would get
/// past the first check.
enum MachineLaw {
    static func breach(by bytes: [UInt8]) -> String? {
        collectionBreach(by: bytes) ?? walkBreach(by: bytes)
    }

    private static let subject = Subject(
        address: .v4(0x9d38_6e41), helo: HELOArgument("mail.example.org"),
        blockLists: [try? BlockListZone(parsing: "list.example.org".utf8)].compactMap { $0 })
    private static let source = Evidence.Source(kind: .resolver, name: "one")

    private static func walkBreach(by bytes: [UInt8]) -> String? {
        var play = Play(DelegationWalk(to: subject.address, from: .internet, at: .zero))
        play.perform(bytes)
        guard play.run.isComplete else { return "the walk goes on after the deadline" }
        guard play.run.packetsSent <= EvidenceLimits.delegationPackets else {
            return "more packets than a walk is allowed"
        }
        var evidence = Evidence(startedAt: 0, sources: [source])
        evidence.walk = play.run.trace
        let facts = IdentityFacts(subject: subject, evidence: evidence)
        _ = Verdict(Check.findings(in: facts), facts: facts)
        return nil
    }

    private static func collectionBreach(by bytes: [UInt8]) -> String? {
        let machine = DNSMachine(servers: ["one", "two"], deadline: LookupTimes.deadline)
        var play = Play(
            CollectionRun(
                machine: machine, evidence: Evidence(startedAt: 0, sources: [source])
            ) { LookupPlan.questions(for: subject, knowing: $0) })
        play.perform(bytes)
        guard play.run.isComplete else { return "questions stay open after the deadline" }
        for stage in LookupStage.allCases
        where play.run.machine.packetsSent(for: stage) > stage.packetBudget {
            return "more packets than allowed"
        }
        let asked = LookupPlan.questions(for: subject, knowing: play.run.evidence)
        for planned in asked where play.run.evidence.observation(of: planned.question) == nil {
            return "no observation of \(planned.question)"
        }
        let facts = IdentityFacts(subject: subject, evidence: play.run.evidence)
        _ = Verdict(Check.findings(in: facts), facts: facts)
        return nil
    }
}

/// A run whose network is a script.
private struct Play<Run: NetworkRun> {
    private(set) var run: Run
    private var now = Duration.zero
    private var cache = AnswerCache()
    private var random = SeededGenerator(seed: 1)
    /// The sockets that are open, and what was last sent there.
    private var sockets: [(token: SocketToken, query: [UInt8])] = []

    init(_ run: Run) {
        self.run = run
        perform(self.run.begin(at: now, cache: &cache, using: &random))
    }

    /// Plays the whole script, and then lets the longest deadline pass.
    mutating func perform(_ bytes: [UInt8]) {
        var script = bytes[...]
        while !run.isComplete, let operation = script.popFirst() {
            let length = Int(script.popFirst() ?? 0)
            step(operation, Array(script.prefix(length)))
            script = script.dropFirst(length)
        }
        now = max(now, LookupTimes.deadline, WalkLimits.deadline)
        handle(.timer)
    }

    private mutating func step(_ operation: UInt8, _ bytes: [UInt8]) {
        now += .milliseconds(10)
        guard !sockets.isEmpty else { return handle(.timer) }
        let (token, query) = sockets[Int(operation >> 3) % sockets.count]
        switch operation & 7 {
        case 0: handle(.datagram(token, bytes, isFromServer: true))
        case 1: handle(.datagram(token, bytes, isFromServer: false))
        case 2: handle(.connected(token))
        case 3: handle(.bytes(token, bytes))
        case 4: handle(operation < 128 ? .closed(token) : .sendFailed(token))
        case 5:
            now += .milliseconds(400)
            handle(.timer)
        case 6: handle(.datagram(token, answer(to: query, bytes), isFromServer: true))
        default: handle(.bytes(token, StreamFrame.bytes(around: answer(to: query, bytes))))
        }
    }

    /// The query turned into a response: code and counts from the first bytes, records from the rest.
    private func answer(to query: [UInt8], _ bytes: [UInt8]) -> [UInt8] {
        guard query.count > WireLimits.header, bytes.count >= 5 else { return bytes }
        var answer = query
        answer[2] |= 0x80 | bytes[0] & 0x06
        answer[3] = bytes[1]
        answer[7] = bytes[2]
        answer[9] = bytes[3]
        answer[11] = bytes[4]
        // The query's OPT record goes, so that the records follow the question.
        if query[11] == 1 { answer.removeLast(11) }
        return answer + bytes[5...]
    }

    private mutating func handle(_ event: MachineEvent) {
        perform(run.handle(event, at: now, cache: &cache, using: &random))
    }

    private mutating func perform(_ actions: [MachineAction]) {
        for action in actions {
            switch action {
            case .sendDatagram(let token, _, let bytes): sockets.append((token, bytes))
            case .connect(let token, _): sockets.append((token, []))
            case .sendBytes(let token, let bytes):
                if let index = sockets.firstIndex(where: { $0.token == token }) {
                    sockets[index].query = Array(bytes.dropFirst(2))
                }
            case .close(let token): sockets.removeAll { $0.token == token }
            case .wake, .finished, .probed: break
            }
        }
    }
}
