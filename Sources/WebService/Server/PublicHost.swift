import NetNames

/// What the site is called, and whether a request is for it.
///
/// A name that somebody else made lead here, to this machine or into a network behind a firewall, is
/// not answered: his page would be of one origin with ours (DNS rebinding).
struct PublicHost: Hashable, Sendable {
    private enum Host: Hashable {
        case address(IPAddress)
        case name([UInt8])

        /// What a proxy on this machine says unless it is told otherwise; no other site's page can.
        var isThisMachine: Bool {
            switch self {
            case .address(let address):
                SpecialAddresses.purpose(of: address)?.kind == .loopback
            case .name(let name): name == Array("localhost".utf8)
            }
        }
    }

    private let host: Host
    let url: String

    /// - Parameter url: `https://HOST`, with a port or without; nil if it names no host.
    init?(_ url: String) {
        let bytes = Array(url.utf8)
        guard let slash = bytes.lastIndex(of: Ascii.slash),
            let host = Self.host(in: bytes[(slash + 1)...])
        else { return nil }
        self.host = host
        self.url = url
    }

    /// Whether a Host field (RFC 9110 §7.2) names the site, or this machine.
    ///
    /// Ports are not compared: a proxy may send its own, none, or ours.
    func isMeant(by authority: String) -> Bool {
        guard let named = Self.host(in: Array(authority.utf8)[...]) else { return false }
        return named == host || named.isThisMachine
    }

    /// The host of `name`, `name:80`, `192.0.2.1:80`, `[2001:db8::1]:80`.
    private static func host(in authority: ArraySlice<UInt8>) -> Host? {
        var text = authority
        if let colon = text.lastIndex(of: Ascii.colon), text.last != Ascii.closeBracket {
            guard text[(colon + 1)...].allSatisfy(Ascii.isDigit) else { return nil }
            text = text[..<colon]
        }
        if text.first == Ascii.openBracket, text.last == Ascii.closeBracket {
            guard let address = try? IPAddress(parsing: text.dropFirst().dropLast()),
                address.family == .v6
            else { return nil }
            return .address(address)
        }
        // The root's dot is no difference.
        if text.last == Ascii.dot { text.removeLast() }
        guard !text.isEmpty, !text.contains(Ascii.colon) else { return nil }
        if let address = try? IPAddress(parsing: text) { return .address(address) }
        return .name(text.map(Ascii.lowercased))
    }
}
