package import FilterProtocols
import NetNames

/// Plays a stream to a session of a filter protocol, and keeps what it did.
///
/// Questions are answered with decisions of every kind in turn, so the same stream gives the same
/// play in whatever pieces it comes.
package struct SessionPlay<Action: Hashable & Sendable>: Hashable, Sendable {
    package private(set) var actions: [Action] = []
    /// The most bytes that the session held after a piece.
    package private(set) var mostBuffered = 0

    fileprivate mutating func take(_ more: [Action], buffered: Int) {
        actions += more
        mostBuffered = max(mostBuffered, buffered)
    }
}

/// The ways to cut a stream into pieces.
package enum Pieces: Hashable, Sendable {
    case whole
    case bytes
    case border(Int)

    fileprivate func cut(_ stream: [UInt8]) -> [[UInt8]] {
        switch self {
        case .whole: [stream]
        case .bytes: stream.map { [$0] }
        case .border(let index):
            [Array(stream.prefix(index)), Array(stream.dropFirst(index))]
        }
    }
}

extension SessionPlay<PolicySession.Action> {
    package init(policy stream: [UInt8], in pieces: Pieces) {
        var session = PolicySession()
        var count = 0
        func answered(_ actions: [Action]) -> [Action] {
            actions.flatMap { action -> [Action] in
                guard case .ask(let request, let ticket) = action else { return [action] }
                _ = (request.address, request.hint?.text)
                count += 1
                let decision = SampleDecisions.policy[count % SampleDecisions.policy.count]
                return [action] + answered(session.handle(.decided(ticket, decision)))
            }
        }
        for piece in pieces.cut(stream) {
            take(answered(session.handle(.received(piece))), buffered: session.bufferedCount)
        }
        take(answered(session.handle(.inputClosed)), buffered: session.bufferedCount)
    }
}

extension SessionPlay<MilterSession.Action> {
    package init(milter stream: [UInt8], _ settings: MilterSettings, in pieces: Pieces) {
        var session = MilterSession(settings)
        var count = 0
        func answered(_ actions: [Action]) -> [Action] {
            actions.flatMap { action -> [Action] in
                guard case .ask(let question, let ticket) = action else { return [action] }
                _ = question.macros.hint?.text
                count += 1
                let decision = SampleDecisions.milter[count % SampleDecisions.milter.count]
                return [action] + answered(session.handle(.decided(ticket, decision)))
            }
        }
        for piece in pieces.cut(stream) {
            take(answered(session.handle(.received(piece))), buffered: session.bufferedCount)
        }
        take(answered(session.handle(.inputClosed)), buffered: session.bufferedCount)
    }
}

extension SessionPlay<EximLineSession.Action> {
    package init(eximLine stream: [UInt8], in pieces: Pieces) {
        var session = EximLineSession()
        func answered(_ actions: [Action]) -> [Action] {
            actions.flatMap { action -> [Action] in
                guard case .ask(let request, let ticket) = action else { return [action] }
                let replies = SampleDecisions.exim
                let reply = replies[(request.helo?.count ?? 0) % replies.count]
                return [action] + session.handle(.decided(ticket, reply))
            }
        }
        for piece in pieces.cut(stream) {
            take(answered(session.handle(.received(piece))), buffered: session.bufferedCount)
        }
        take(answered(session.handle(.inputClosed)), buffered: session.bufferedCount)
    }
}

extension SessionPlay<OpenSMTPDSession.Action> {
    /// Here decisions come when all has been read, in turn from the first question.
    package init(openSMTPD stream: [UInt8], in pieces: Pieces) {
        var session = OpenSMTPDSession()
        for piece in pieces.cut(stream) {
            take(session.handle(.received(piece)), buffered: session.bufferedCount)
        }
        for (count, action) in actions.enumerated() {
            guard case .ask(_, let ticket) = action else { continue }
            let decision = SampleDecisions.openSMTPD[count % SampleDecisions.openSMTPD.count]
            take(session.handle(.decided(ticket, decision)), buffered: session.bufferedCount)
        }
        take(session.handle(.inputClosed), buffered: session.bufferedCount)
    }
}

extension SessionPlay<SMTPSession.Action> {
    package init(smtp stream: [UInt8], _ settings: SMTPSettings, in pieces: Pieces) {
        var session = SMTPSession(settings, client: .v4(0xc000_0209))
        var count = 0
        func answered(_ actions: [Action]) -> [Action] {
            actions.flatMap { action -> [Action] in
                switch action {
                case .ask(_, _, let ticket):
                    count += 1
                    guard count % 4 != 0 else {
                        return [action] + answered(session.handle(.expired(ticket)))
                    }
                    let decision = SampleDecisions.smtp[count % SampleDecisions.smtp.count]
                    return [action] + answered(session.handle(.decided(ticket, decision)))
                case .prepare, .send, .wait, .startTLS, .close: return [action]
                }
            }
        }
        take(answered(session.handle(.connected)), buffered: session.bufferedCount)
        for piece in pieces.cut(stream) {
            take(answered(session.handle(.received(piece))), buffered: session.bufferedCount)
        }
        take(answered(session.handle(.inputClosed)), buffered: session.bufferedCount)
        // In the middle of a handshake the end of the input is TLS's affair.
        take(answered(session.handle(.idle)), buffered: session.bufferedCount)
    }
}

/// Decisions of every kind, with texts that a peer might have chosen.
enum SampleDecisions {
    private static let hostile: [UInt8] = Array("100%s \u{1b}[2J\r\n\0|\"\\)(;=,".utf8)
    private static let text = ReplyText([.own("Client"), .untrusted(hostile), .own("refused")])

    private static func refusals(_ code: UInt16) -> [SMTPRefusal] {
        [
            SMTPRefusal(code: code, subject: 7, detail: 25, [text]),
            SMTPRefusal(
                code: code, subject: 7, detail: 1, [text, ReplyText([.untrusted(hostile)])]),
        ].compactMap(\.self)
    }

    private static let results = AuthenticationResults(
        server: Array("mx.example.org".utf8),
        [
            .init(
                .iprev, .fail, comment: hostile,
                [.client(.v4(0xc000_0201)), .helo(hostile)])
        ]
    )?.field

    static let policy: [PolicyAction] =
        refusals(550).map { .refuse($0) } + [
            .dunno, .deferIfPermit(subject: 7, detail: 25, text),
        ] + [results].compactMap { $0.map { .prepend($0) } }

    static let milter: [MilterDecision] =
        refusals(451).map { MilterDecision(.refuse($0)) } + [
            MilterDecision(.proceed, header: results), MilterDecision(.proceed),
            MilterDecision(.proceed, header: results),
        ]

    static let exim: [EximReply] =
        refusals(550).map { EximReply(.fail, reason: "no-ptr", refusal: $0) } + [
            EximReply(.pass, header: results), EximReply(.temperror, reason: "a b\"c"),
        ]

    static let smtp: [SMTPDecision] = {
        let words = String(decoding: hostile, as: UTF8.self)
        let answers = [
            SMTPAnswer(550, .init(7, 25), ["FAIL: \(words)", words, words]),
            SMTPAnswer(451, .init(4, 3), [words]),
        ].compactMap(\.self)
        return answers.map { .tell($0) } + answers.map { .refuse($0) }
    }()

    static let openSMTPD: [OpenSMTPDDecision] =
        [.proceed, .junk] + refusals(550).map { .reject($0) }
}
