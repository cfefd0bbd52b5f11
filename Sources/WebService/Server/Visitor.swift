import NIOCore
import NetNames

/// Who asks: the address that limits are counted for.
struct Visitor: Hashable, Sendable {
    let address: IPAddress
    /// Whether a trusted proxy named the visitor in a way that cannot be read, so that the proxy
    /// counts for him.
    private(set) var isUnreadable = false

    /// The other end of a connection; a socket for both families sees IPv4 clients mapped, and they
    /// are held as IPv4.
    init(peer: SocketAddress?) {
        let text = peer?.ipAddress ?? ""
        address = (try? IPAddress(parsing: text.utf8)) ?? .v4(0)
    }

    /// - Parameters:
    ///   - peer: The other end of the connection.
    ///   - forwardedFor: X-Forwarded-For lines, which count only behind trusted proxies.
    ///   - trusted: Those proxies.
    init(peer: IPAddress, forwardedFor: [String], trusted: [AddressBlock]) {
        var address = peer
        // From the right: each proxy appends the address it saw. The first untrusted one is it.
        var hops = forwardedFor.flatMap { $0.utf8.split(separator: UInt8(ascii: ",")) }
        while trusted.contains(where: { $0.contains(address) }), let last = hops.popLast() {
            guard let next = Self.address(in: Substring(last)) else {
                isUnreadable = true
                break
            }
            address = next
        }
        self.address = address
    }

    /// An element of the list: an address, or `192.0.2.1:80`, `[2001:db8::1]`, `[2001:db8::1]:80` as
    /// proxies write it that know RFC 7239 §6 better than X-Forwarded-For.
    private static func address(in element: Substring) -> IPAddress? {
        let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
        var text = Array(element.utf8.drop(while: isSpace))
        while let last = text.last, isSpace(last) { text.removeLast() }
        if text.first == Ascii.openBracket {
            guard let close = text.firstIndex(of: Ascii.closeBracket),
                isPort(text[(close + 1)...]), text[1..<close].contains(Ascii.colon)
            else { return nil }
            return try? IPAddress(parsing: text[1..<close])
        }
        if let colon = text.firstIndex(of: Ascii.colon), colon == text.lastIndex(of: Ascii.colon),
            isPort(text[colon...])
        {
            text.removeSubrange(colon...)
        }
        return try? IPAddress(parsing: text)
    }

    /// Nothing, or a colon and a port.
    private static func isPort(_ text: ArraySlice<UInt8>) -> Bool {
        guard text.first == Ascii.colon else { return text.isEmpty }
        let port: UInt16? = Ascii.decimal(text.dropFirst())
        return port != nil
    }
}
