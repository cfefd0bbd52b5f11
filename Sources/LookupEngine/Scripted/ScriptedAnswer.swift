import DNSModel
import DNSWire
import NetNames
import SenderIdentity

/// One answer in the making: the truth first, then each fault changes what will be sent.
struct ScriptedAnswer {
    private let query: Message
    /// The how-many-eth query for this question it is, from 1.
    private let attempt: Int
    private var message: Message
    /// Set where a fault is about bytes, not about meaning.
    private var mangle: Mangle?
    private var isTruncated = false

    private(set) var isSilent = false
    private(set) var delay: Duration = .zero
    private(set) var stream = Stream.whole
    private(set) var comesFromElsewhere = false
    private(set) var isTwice = false
    private(set) var isForged = false

    enum Stream {
        case whole
        case silent
        case refused
        case trickling
    }

    private enum Mangle {
        case replace([UInt8])
        case cut
        case loop
        case overcount
    }

    init(to query: Message, _ question: Question, world: WorldReply, attempt: Int) {
        self.query = query
        self.attempt = attempt
        var flags: Message.Flags = [.response, .recursionAvailable]
        if world.isAuthoritative { flags.insert(.authoritative) }
        if query.flags.contains(.recursionDesired) { flags.insert(.recursionDesired) }
        message = Message(
            id: query.id, flags: flags, code: world.code, questions: [question],
            answers: world.answers, authority: world.authority, additional: world.additional,
            edns: query.edns == nil && world.code.rawValue < 16 ? nil : .init())
    }

    mutating func apply(_ fault: Fault, over transport: Observation.Transport) {
        switch fault {
        case .code(let code): become(code)
        case .codeFirst(let count, let code): if attempt <= count { become(code) }
        case .extendedError(let code): if message.edns != nil { message.edns?.extendedError = code }
        case .drop: isSilent = true
        case .dropFirst(let count): if attempt <= count { isSilent = true }
        case .delay(let milliseconds): delay += .milliseconds(milliseconds)
        case .truncate: isTruncated = true
        case .truncateOnly: truncate(.silent)
        case .truncateRefused: truncate(.refused)
        case .trickle: truncate(.trickling)
        case .wrongID: message.id = query.id ^ 0x5a5a
        case .wrongQuestion: message.questions = [Question(Self.elsewhere, .a)]
        case .wrongSource: comesFromElsewhere = true
        case .forgedFirst: isForged = true
        case .twice: isTwice = true
        case .noSOA: message.authority.removeAll { $0.type == .soa }
        case .lame: refer()
        case .raw(let bytes): mangle = .replace(bytes)
        case .cutShort: mangle = .cut
        case .pointerLoop: mangle = .loop
        case .countsTooLarge: mangle = .overcount
        case .refuseEDNS:
            if query.edns != nil {
                become(.formatError)
                message.edns = nil
            }
        case .dropEDNS: if query.edns != nil { isSilent = true }
        case .wrongOwner:
            message.answers = message.answers.map {
                ResourceRecord(name: Self.elsewhere, ttl: $0.ttl, data: $0.data)
            }
            message.authority = []
        case .contradict: if !message.answers.isEmpty { message.code = .noSuchName }
        }
    }

    /// The datagram: cut down to its header and TC when it does not fit (RFC 2181 §9).
    var datagram: [UInt8] {
        let allowed = query.edns.map {
            min(max(Int($0.datagramSize), WireLimits.plainDatagram), WireLimits.extendedDatagram)
        }
        let whole = bytes
        guard isTruncated || whole.count > allowed ?? WireLimits.plainDatagram else { return whole }
        return written(Self.emptied(message, .truncated))
    }

    /// The message as TCP carries it, whatever its size.
    var bytes: [UInt8] {
        let whole = written(message)
        switch mangle {
        case nil:
            return whole
        case .replace(let bytes):
            return Array(whole.prefix(2)) + bytes
        case .cut:
            return Array(whole.dropLast(5))
        case .loop:
            // One answer whose owner is a pointer to itself.
            var bare = written(Self.emptied(message, []))
            bare[7] = 1
            let here = 0xc000 | UInt16(bare.count)
            return bare + [
                UInt8(here >> 8), UInt8(truncatingIfNeeded: here), 0, 1, 0, 1, 0, 0, 0, 60, 0, 4,
                192, 0, 2, 1,
            ]
        case .overcount:
            var claimed = whole
            claimed[6] = 0xff
            return claimed
        }
    }

    /// A denial of the name under an id that was not asked, as a blind forger would send it.
    var forgery: [UInt8]? {
        guard isForged else { return nil }
        var forged = Self.emptied(message, [])
        forged.id = query.id &+ 1
        forged.code = .noSuchName
        return written(forged)
    }

    /// A code and nothing else.
    private mutating func become(_ code: ResponseCode) {
        message = Self.emptied(message, [])
        message.code = code
        message.flags.remove(.authoritative)
        if code.rawValue > 15, message.edns == nil { message.edns = .init() }
    }

    private mutating func truncate(_ stream: Stream) {
        isTruncated = true
        self.stream = stream
    }

    /// A referral upwards, to the root.
    private mutating func refer() {
        message = Self.emptied(message, [])
        message.code = .noError
        message.flags.remove(.authoritative)
        message.authority = [.init(name: .root, ttl: 3600, data: .ns(Self.elsewhere))]
    }

    private static let elsewhere = DomainName("elsewhere.invalid") ?? .root

    private static func emptied(_ message: Message, _ flags: Message.Flags) -> Message {
        var empty = message
        empty.flags.formUnion(flags)
        empty.answers = []
        empty.authority = []
        empty.additional = []
        if empty.edns == nil { empty.code = ResponseCode(rawValue: empty.code.rawValue & 15) }
        return empty
    }

    /// A world may hold more than a message can; then the server fails, as real ones do.
    private func written(_ message: Message) -> [UInt8] {
        if let bytes = try? MessageWriter.bytes(of: message) { return bytes }
        var failed = Self.emptied(message, [])
        failed.code = .serverFailure
        return (try? MessageWriter.bytes(of: failed)) ?? []
    }
}
