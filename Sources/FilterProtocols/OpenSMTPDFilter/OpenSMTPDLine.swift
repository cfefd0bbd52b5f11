internal import NetNames

/// One line of OpenSMTPD to its filter, as smtpd-filters(7) of 6.6 to 7.8 describes it.
///
/// `|` separates fields and may stand in the last one. Names of hosts come from the DNS, so a line
/// with more bars than it should have is read from the end that the server wrote itself.
enum OpenSMTPDLine: Hashable, Sendable {
    case subsystem([UInt8])
    /// The configuration is complete.
    case ready
    case connected(session: [UInt8], Client)
    case identified(session: [UInt8], helo: [UInt8])
    /// AUTH succeeded.
    case authenticated(session: [UInt8])
    case disconnected(session: [UInt8])
    /// MAIL was accepted: a message begins.
    case began(session: [UInt8])
    case request(Request)
    /// Nothing that we asked for, or that concerns us.
    case other

    struct Client: Hashable, Sendable {
        /// Nil for a Unix socket.
        let address: IPAddress?
        let hint: ServerHint?
    }

    /// A filter request: smtpd waits until it is answered.
    struct Request: Hashable, Sendable {
        let version: Version
        let phase: [UInt8]
        let session: [UInt8]
        let token: [UInt8]
        let parameter: [UInt8]
    }

    /// The protocol's version, which each line has: 0.5 for 6.6, 0.6 for 6.7 and 6.8, 0.7 for 7.4.
    struct Version: Hashable, Sendable, Comparable {
        let major: Int
        let minor: Int

        static func < (left: Version, right: Version) -> Bool {
            (left.major, left.minor) < (right.major, right.minor)
        }

        /// From here on the session stands before the token in our answers.
        static let sessionFirst = Version(major: 0, minor: 5)
        /// From here on what a client chose stands last in a report: the name of its user.
        static let textLast = Version(major: 0, minor: 7)
    }

    /// Is nil when the line is not one of the server's.
    init?(_ line: [UInt8]) {
        var fields = Fields(line)
        switch fields.next().map({ String(decoding: $0, as: UTF8.self) }) {
        case "config":
            let key = fields.next()
            if key == Array("ready".utf8), fields.isAtEnd {
                self = .ready
            } else if key == Array("subsystem".utf8) {
                self = .subsystem(fields.rest())
            } else {
                self = .other
            }
        case "report":
            guard let line = Self.report(&fields) else { return nil }
            self = line
        case "filter":
            guard let version = Self.version(fields.next()), fields.next() != nil else {
                return nil
            }
            guard fields.next() == Self.incoming, let phase = fields.next() else { return nil }
            guard let session = fields.next(), Self.isIdentifier(session) else { return nil }
            guard let token = fields.next(), Self.isIdentifier(token) else { return nil }
            self = .request(
                Request(
                    version: version, phase: phase, session: session, token: token,
                    parameter: fields.rest()))
        default: return nil
        }
    }

    private static func report(_ fields: inout Fields) -> OpenSMTPDLine? {
        guard let version = Self.version(fields.next()), fields.next() != nil else { return nil }
        guard let subsystem = fields.next() else { return nil }
        guard subsystem == incoming else { return .other }
        guard let event = fields.next(), let session = fields.next(), isIdentifier(session) else {
            return nil
        }
        switch String(decoding: event, as: UTF8.self) {
        case "link-connect":
            let parts = fields.rest().split(separator: bar, omittingEmptySubsequences: false)
            guard parts.count >= 4 else { return nil }
            let name = Array(parts[..<(parts.count - 3)].joined(separator: [bar]))
            // 6.8 says `fail` for a failed look-up, too.
            let opinion: ServerHint.Opinion? =
                switch String(decoding: parts[parts.count - 3], as: UTF8.self) {
                case "pass": .confirmed
                case "fail": .unknown
                case "error": .failed
                default: nil
                }
            let client = Client(
                address: address(Array(parts[parts.count - 2])),
                hint: opinion.map {
                    ServerHint($0, name: Array(name.prefix(OpenSMTPDLimits.text)))
                })
            return .connected(session: session, client)
        case "link-identify":
            // Before 0.5 there was no method in front of the name.
            let text = fields.rest()
            let method = text.prefix { $0 != bar }
            let lowered = method.map(Ascii.lowercased)
            let isMethod = ["helo", "ehlo"].contains { Array($0.utf8) == lowered }
            let hasMethod = isMethod && method.count < text.count
            return .identified(
                session: session, helo: hasMethod ? Array(text[(method.count + 1)...]) : text)
        case "link-auth":
            // A user's name may hold bars: the result is read at the end that the server wrote.
            let parts = fields.rest().split(separator: bar, omittingEmptySubsequences: false)
            let result = version >= .textLast ? parts.first : parts.last
            let isSuccess = parts.count >= 2 && result.map(Array.init) == Array("pass".utf8)
            return isSuccess ? .authenticated(session: session) : .other
        case "link-disconnect":
            return .disconnected(session: session)
        case "tx-begin":
            return .began(session: session)
        default:
            return .other
        }
    }

    /// `192.0.2.1:25`, `[2001:db8::1]:25`, or without a port; nil for `local` and `unix:/path`.
    static func address(_ text: [UInt8]) -> IPAddress? {
        if text.first == Ascii.openBracket, let end = text.firstIndex(of: Ascii.closeBracket) {
            return PeerText.address(text[...end])
        }
        if let address = PeerText.address(text) { return address }
        guard let colon = text.lastIndex(of: Ascii.colon) else { return nil }
        return PeerText.address(text[..<colon])
    }

    private static func version(_ text: [UInt8]?) -> Version? {
        guard let parts = text?.split(separator: Ascii.dot, omittingEmptySubsequences: false),
            parts.count == 2, let major = Ascii.decimal(parts[0], as: Int.self),
            let minor = Ascii.decimal(parts[1], as: Int.self)
        else { return nil }
        return Version(major: major, minor: minor)
    }

    /// Sessions and tokens are 64-bit numbers in hex; smtpd ends itself over an answer with another.
    private static func isIdentifier(_ text: [UInt8]) -> Bool {
        (1...16).contains(text.count) && text.allSatisfy { Ascii.hexValue($0) != nil }
    }

    static let bar = UInt8(ascii: "|")
    private static let incoming = Array("smtp-in".utf8)

    /// The fields of a line, from the left.
    private struct Fields {
        private var text: ArraySlice<UInt8>?

        init(_ line: [UInt8]) {
            text = line[...]
        }

        var isAtEnd: Bool { text == nil }

        mutating func next() -> [UInt8]? {
            guard let text else { return nil }
            let end = text.firstIndex(of: OpenSMTPDLine.bar)
            self.text = end.map { text[($0 + 1)...] }
            return Array(text[..<(end ?? text.endIndex)])
        }

        /// All that is left, bars among it.
        mutating func rest() -> [UInt8] {
            defer { text = nil }
            return text.map { Array($0) } ?? []
        }
    }
}
