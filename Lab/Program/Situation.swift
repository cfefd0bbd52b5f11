package import Foundation

/// One client before one server: who it is, what it says, and what DNS knows of it.
package struct Situation: Codable, Hashable {
    package let id: Int
    package let server: Server
    /// One of the server's ``Server/settings``.
    package let setting: String
    package let client: String
    /// The argument of EHLO; odd bytes and the backslash are written `\DDD`.
    package let helo: String
    /// What the generator had in mind, for grouping: `reverse:…`, `ptr1:…`, `helo:…`.
    package let features: [String]
    /// Lines of `tools/fakedns.py`: `owner TYPE value` and `owner !TYPE FAULT`.
    package let zone: [String]

    package init(
        id: Int, server: Server, setting: String, client: String, helo: String,
        features: [String], zone: [String]
    ) {
        self.id = id
        self.server = server
        self.setting = setting
        self.client = client
        self.helo = helo
        self.features = features
        self.zone = zone
    }

    /// What DNS knows in every situation: the server, and the domain of the sender.
    static let sharedZone = [
        "mx.dest.test A 192.0.2.250", "mx.dest.test AAAA 2001:db8::250", "dest.test A 192.0.2.250",
        "dest.test MX mx.dest.test", "250.2.0.192.in-addr.arpa PTR mx.dest.test",
        "sender.test A 192.0.2.7", "sender.test MX mx.dest.test",
    ]

    package func line() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self)
    }

    package static func read(_ file: URL) throws -> [Situation] {
        let decoder = JSONDecoder()
        return try Data(contentsOf: file).split(separator: UInt8(ascii: "\n")).map {
            try decoder.decode(Situation.self, from: $0)
        }
    }
}

/// The servers of the lab, by the names of their files in `Lab/mta`.
package enum Server: String, Codable, CaseIterable {
    case postfix, exim, sendmail, opensmtpd

    /// What decides in a setting: the side that gets the rare cases.
    package enum Focus {
        case reverse
        case helo
        /// The HELO argument is compared with the PTR names.
        case both
    }

    /// Each setting has its port in `Lab/mta`; the weight says how often it is drawn.
    package var settings: [(key: String, focus: Focus, weight: Int)] {
        switch self {
        case .postfix:
            [
                ("client-450", .reverse, 5), ("client-550", .reverse, 5),
                ("client-550-at-once", .reverse, 1), ("reverse-450", .reverse, 3),
                ("reverse-550", .reverse, 3), ("unknown-helo-450", .helo, 4),
                ("unknown-helo-550", .helo, 4), ("unknown-helo-550-at-once", .helo, 1),
                ("invalid-helo", .helo, 4), ("non-fqdn-helo", .helo, 4),
            ]
        case .exim:
            [
                ("reverse", .reverse, 6), ("reverse-bydns", .reverse, 4), ("none", .helo, 3),
                ("acl-helo", .both, 6), ("acl-helo-bydns", .both, 2),
                ("verify-hosts", .both, 6), ("verify-hosts-bydns", .both, 2),
            ]
        case .sendmail:
            [
                ("rdns", .reverse, 6), ("rdns-delayed", .reverse, 2), ("bad-helo", .helo, 6),
                ("none", .helo, 3),
            ]
        case .opensmtpd:
            [("rdns", .reverse, 4), ("fcrdns", .reverse, 6), ("none", .helo, 4)]
        }
    }

    /// Whether a silent DNS costs this server minutes, so that it gets fewer such cases.
    package var waitsLong: Bool { self == .opensmtpd }
}
