import NetNames

/// The cache that the guards of a fleet share: a server that speaks Redis' protocol.
package struct SharedCacheOptions: Hashable, Sendable {
    package var place: Place
    /// For AUTH; empty for none.
    package var password = ""
    package var database = 0
    /// Common to the guards that share; values that were not written with it are not believed.
    package var secret = ""
    /// For one question: longer, and asking the DNS itself is as good.
    package var deadline = Duration.milliseconds(5)

    package init(place: Place) {
        self.place = place
    }

    package enum Place: Hashable, Sendable {
        /// A name or an address; names are looked up as the system does it.
        case host(String, port: Int)
        case unix(path: String)
    }
}

enum SharedCacheLimits {
    /// Commands without a reply: a server that is so far behind is no help.
    static let ahead = 4_096
    /// Questions in a row that ran out of time before the server is left alone for a while.
    static let patience = 8
    /// How long it is left alone, doubled each time it does not help.
    static let firstPause = Duration.milliseconds(500)
    static let longestPause = Duration.seconds(30)
    /// For a connection to come up.
    static let connecting = Duration.milliseconds(500)
}

extension SharedCacheOptions {
    /// Where Redis listens when nothing else is said.
    private static let usualPort = 6379

    /// Reads `redis://[:PASSWORD@]HOST[:PORT][/NUMBER]` or `redis:///PATH`; nil for anything else.
    package init?(url: String) {
        let scheme = Array("redis://".utf8)
        let bytes = Array(url.utf8)
        guard bytes.starts(with: scheme) else { return nil }
        var rest = bytes[scheme.count...]
        if rest.first == UInt8(ascii: "/") {
            self.init(place: .unix(path: String(decoding: rest, as: UTF8.self)))
            return
        }
        var password = ""
        if let at = rest.lastIndex(of: UInt8(ascii: "@")) {
            // Before the colon stands a user, as Redis 6 has them; the default one needs none.
            guard rest.first == Ascii.colon else { return nil }
            password = String(decoding: rest[(rest.startIndex + 1)..<at], as: UTF8.self)
            rest = rest[(at + 1)...]
        }
        var database = 0
        if let slash = rest.lastIndex(of: UInt8(ascii: "/")) {
            guard let number = Ascii.decimal(rest[(slash + 1)...], as: UInt16.self) else {
                return nil
            }
            database = Int(number)
            rest = rest[..<slash]
        }
        var port = Self.usualPort
        let hasBrackets = rest.first == Ascii.openBracket
        if let colon = rest.lastIndex(of: Ascii.colon),
            !hasBrackets || rest.last != Ascii.closeBracket
        {
            guard let number = Ascii.decimal(rest[(colon + 1)...], as: UInt16.self) else {
                return nil
            }
            port = Int(number)
            rest = rest[..<colon]
        }
        if hasBrackets, rest.last == Ascii.closeBracket { rest = rest.dropFirst().dropLast() }
        guard !rest.isEmpty else { return nil }
        self.init(place: .host(String(decoding: rest, as: UTF8.self), port: port))
        self.password = password
        self.database = database
    }
}
