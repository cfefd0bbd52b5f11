import FilterProtocols
import NetNames

/// Whatever a mail server's end of a filter protocol sends, in whatever pieces: the session does
/// the same, holds little, and writes only what the protocol allows.
enum PolicyLaw {
    static func breach(by bytes: [UInt8]) -> String? {
        let play = SessionPlay(policy: bytes, in: .whole)
        guard play.actions == SessionPlay(policy: bytes, in: .bytes).actions,
            play.actions == SessionPlay(policy: bytes, in: border(of: bytes)).actions
        else { return "pieces make a difference" }
        guard play.mostBuffered <= PolicyLimits.ahead else { return "too much in memory" }
        guard case .close? = play.actions.last else { return "not closed" }
        for case .send(let answer) in play.actions {
            let line = answer.dropFirst("action=".utf8.count).dropLast(2)
            guard answer == Array("action=".utf8) + line + [0x0a, 0x0a] else { return "no answer" }
            guard line.allSatisfy(Ascii.isPrintable), line.count <= HeaderField.longest + 8 else {
                return "the answer is not one line"
            }
        }
        return nil
    }
}

enum EximLineLaw {
    static func breach(by bytes: [UInt8]) -> String? {
        let play = SessionPlay(eximLine: bytes, in: .whole)
        guard play.actions == SessionPlay(eximLine: bytes, in: .bytes).actions,
            play.actions == SessionPlay(eximLine: bytes, in: border(of: bytes)).actions
        else { return "pieces make a difference" }
        guard play.mostBuffered <= EximRequest.longestLine else { return "too much in memory" }
        guard case .close? = play.actions.last else { return "not closed" }
        let answers = play.actions.compactMap { action -> [UInt8]? in
            if case .send(let answer) = action { answer } else { nil }
        }
        guard answers.count == 1, let answer = answers.first, answer.last == Ascii.lineFeed,
            answer.dropLast().allSatisfy(Ascii.isPrintable)
        else { return "not one line is answered" }
        // No more than the address has to be read for a client to be judged.
        if bytes.starts(with: "check ip=192.0.2.1 ".utf8) {
            guard case .ask? = play.actions.first else { return "a client let in unseen" }
        }
        return nil
    }
}

enum OpenSMTPDLaw {
    static func breach(by bytes: [UInt8]) -> String? {
        let play = SessionPlay(openSMTPD: bytes, in: .whole)
        guard play.actions == SessionPlay(openSMTPD: bytes, in: .bytes).actions,
            play.actions == SessionPlay(openSMTPD: bytes, in: border(of: bytes)).actions
        else { return "pieces make a difference" }
        guard play.mostBuffered <= OpenSMTPDLimits.line else { return "too much in memory" }
        guard play.actions.last == .finish else { return "not finished" }
        for case .send(let line) in play.actions where !isUnderstood(line) {
            return "smtpd would end itself: \(String(decoding: line, as: UTF8.self))"
        }
        return nil
    }

    private static func isUnderstood(_ line: [UInt8]) -> Bool {
        guard line.last == Ascii.lineFeed, line.dropLast().allSatisfy(Ascii.isPrintable) else {
            return false
        }
        let text = String(decoding: line.dropLast(), as: UTF8.self)
        if text.hasPrefix("register|") { return registrations.contains(text) }
        let fields = text.split(separator: "|", maxSplits: 4, omittingEmptySubsequences: false)
        guard fields.count >= 4, fields[0] == "filter-result" else { return false }
        guard fields[1...2].allSatisfy({ UInt64($0, radix: 16) != nil }) else { return false }
        switch fields[3] {
        case "proceed", "junk": return fields.count == 4
        case "reject":
            guard fields.count == 5, let first = fields[4].first else { return false }
            return "45".contains(first) && fields[4].utf8.count <= 510
        default: return false
        }
    }

    private static let registrations: Set = [
        "register|report|smtp-in|link-connect", "register|report|smtp-in|link-identify",
        "register|report|smtp-in|link-auth", "register|report|smtp-in|link-disconnect",
        "register|report|smtp-in|tx-begin", "register|filter|smtp-in|rcpt-to", "register|ready",
    ]
}

enum MilterLaw {
    /// The first byte chooses the settings.
    static func breach(by bytes: [UInt8]) -> String? {
        guard let first = bytes.first else { return nil }
        let stream = Array(bytes.dropFirst())
        let settings = MilterSettings(
            stage: first & 1 == 0 ? .mail : .recipient, server: Array("mx.example.org".utf8),
            stripsForgedResults: first & 2 != 0)
        let play = SessionPlay(milter: stream, settings, in: .whole)
        guard play.actions == SessionPlay(milter: stream, settings, in: .bytes).actions,
            play.actions == SessionPlay(milter: stream, settings, in: border(of: bytes)).actions
        else { return "pieces make a difference" }
        guard play.mostBuffered <= MilterLimits.frame + 4 else { return "too much in memory" }
        guard case .close? = play.actions.last else { return "not closed" }
        var isNegotiated = false
        for case .send(let bytes) in play.actions {
            guard let frames = frames(in: bytes), !frames.isEmpty else { return "no frames" }
            for frame in frames {
                if isNegotiated {
                    guard isUnderstood(frame) else { return "a frame not allowed: \(frame)" }
                } else {
                    guard isWithin(frame, offer: stream) else { return "more than was offered" }
                    isNegotiated = true
                }
            }
        }
        return nil
    }

    private static func frames(in bytes: [UInt8]) -> [[UInt8]]? {
        var rest = bytes[...]
        var frames: [[UInt8]] = []
        while !rest.isEmpty {
            let length = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
            rest = rest.dropFirst(4)
            guard length > 0, length <= rest.count else { return nil }
            frames.append(Array(rest.prefix(length)))
            rest = rest.dropFirst(length)
        }
        return frames
    }

    private static func isUnderstood(_ frame: [UInt8]) -> Bool {
        let data = frame.dropFirst()
        switch frame[0] {
        case UInt8(ascii: "c"): return data.isEmpty
        case UInt8(ascii: "y"):
            // Printable, but for the NUL at the end and the ends of lines.
            let text = data.dropLast()
            let isRefusal = text.first == UInt8(ascii: "4") || text.first == UInt8(ascii: "5")
            return data.last == 0 && isRefusal
                && text.allSatisfy { Ascii.isPrintable($0) || $0 == 0x0d || $0 == 0x0a }
        case UInt8(ascii: "i"), UInt8(ascii: "m"):
            return data.count > 6 && data.last == 0
                && data.dropFirst(4).count(where: { $0 == 0 }) == 2
        default: return false
        }
    }

    private static func isWithin(_ frame: [UInt8], offer stream: [UInt8]) -> Bool {
        let offer = stream.dropFirst(5).prefix(12)
        let answer = frame.dropFirst().prefix(12)
        guard frame[0] == UInt8(ascii: "O"), answer.count == 12, offer.count == 12 else {
            return false
        }
        // Actions and protocol bits; the version comes first.
        return zip(answer.dropFirst(4), offer.dropFirst(4)).allSatisfy { $0 & ~$1 == 0 }
    }
}

enum SMTPLaw {
    /// The first byte chooses the settings.
    static func breach(by bytes: [UInt8]) -> String? {
        guard let first = bytes.first else { return nil }
        let stream = Array(bytes.dropFirst())
        let settings = SMTPSettings(
            hostname: "mx.example.org", mode: first & 1 == 0 ? .refuse : .accept,
            offersTLS: first & 2 != 0)
        let play = SessionPlay(smtp: stream, settings, in: .whole)
        guard play.actions == SessionPlay(smtp: stream, settings, in: .bytes).actions,
            play.actions == SessionPlay(smtp: stream, settings, in: border(of: bytes)).actions
        else { return "pieces make a difference" }
        guard play.mostBuffered <= SMTPLimits.extendedLine else { return "too much in memory" }
        guard case .close? = play.actions.last else { return "not closed" }
        var questions = 0
        for action in play.actions {
            switch action {
            case .send(let reply):
                if let fault = fault(in: reply) { return fault }
            case .ask(let client, let recipient, _):
                questions += 1
                guard client.sender != nil, !client.helo.isEmpty, !recipient.isEmpty else {
                    return "a question without its client"
                }
            case .prepare, .wait, .startTLS, .close: break
            }
        }
        return questions <= SMTPLimits.recipients ? nil : "too many questions"
    }

    /// What a client could misread (RFC 5321 §4.2.1, §4.5.3.1.5).
    private static func fault(in reply: [UInt8]) -> String? {
        guard reply.count <= SMTPLimits.reply else { return "a reply too long" }
        // Nobody may send a message.
        guard !reply.starts(with: "354".utf8) else { return "a message is taken" }
        var lines = reply.split(separator: Ascii.lineFeed, omittingEmptySubsequences: false)
        guard lines.popLast()?.isEmpty == true else { return "an open line" }
        for (index, line) in lines.enumerated() {
            guard line.count <= 511, line.last == Ascii.carriageReturn,
                line.dropLast().allSatisfy(Ascii.isPrintable)
            else { return "a line no client can read" }
            let sign = index + 1 < lines.count ? Ascii.hyphen : Ascii.space
            guard line.prefix(3) == reply.prefix(3), line.dropFirst(3).first == sign else {
                return "the codes differ"
            }
        }
        return nil
    }
}

/// Where to cut a stream in two: chosen by its last byte.
private func border(of bytes: [UInt8]) -> Pieces {
    .border(bytes.last.map { min(Int($0), bytes.count) } ?? 0)
}
