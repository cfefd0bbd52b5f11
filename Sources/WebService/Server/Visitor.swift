import NetNames

/// Who asks: the address that limits are counted for.
struct Visitor: Hashable, Sendable {
    let address: IPAddress

    /// An IPv4 address by itself, an IPv6 address by its /64: a home has that many.
    var limitKey: IPAddress {
        address.family == .v4 ? address : address.masked(to: 64)
    }

    /// - Parameters:
    ///   - peer: The other end of the connection.
    ///   - forwardedFor: X-Forwarded-For lines, which count only behind trusted proxies.
    ///   - trusted: Those proxies.
    init(peer: IPAddress, forwardedFor: [String], trusted: [AddressBlock]) {
        var address = peer
        // From the right: each proxy appends the address it saw. The first untrusted one is it.
        var hops = forwardedFor.flatMap { $0.utf8.split(separator: 0x2c) }
        while trusted.contains(where: { $0.contains(address) }), let last = hops.popLast() {
            let text = last.drop { $0 == 0x20 }
            let end = text.lastIndex { $0 != 0x20 }.map { text.index(after: $0) }
            guard let next = try? IPAddress(parsing: text[..<(end ?? text.startIndex)]) else {
                break
            }
            address = next
        }
        self.address = address
    }
}
