/// How many of something each client has, such as connections: so that one alone cannot hold all.
package struct ClientCounts: Hashable, Sendable {
    /// Of all clients.
    package private(set) var sum = 0
    private let most: Int
    private let mostEach: Int
    private var counts: [IPAddress: Int] = [:]

    /// - Parameters:
    ///   - most: Of all clients together.
    ///   - mostEach: Of an IPv4 address, or of an IPv6 /64.
    package init(most: Int = .max, mostEach: Int) {
        self.most = most
        self.mostEach = mostEach
    }

    /// Counts one more.
    /// - Parameters:
    ///   - client: Whose it is.
    ///   - isExempt: Whether only the sum bounds this client's.
    /// - Returns: False if it is one too many; then it does not count.
    package mutating func enter(_ client: IPAddress, isExempt: Bool = false) -> Bool {
        let own = counts[client.limitKey, default: 0]
        guard sum < most, own < mostEach || isExempt else { return false }
        sum += 1
        counts[client.limitKey] = own + 1
        return true
    }

    /// Counts one less of a client that entered.
    package mutating func leave(_ client: IPAddress) {
        guard let own = counts[client.limitKey] else { return }
        sum -= 1
        counts[client.limitKey] = own > 1 ? own - 1 : nil
    }
}

extension IPAddress {
    /// Whom a limit counts for: an IPv4 address by itself, an IPv6 address by its /64, for a home has
    /// that many.
    package var limitKey: IPAddress { family == .v4 ? self : masked(to: 64) }
}
