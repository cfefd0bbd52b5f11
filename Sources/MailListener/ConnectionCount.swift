package import NetNames
import Synchronization

/// How many connections there are, in sum and from one client.
package final class ConnectionCount: Sendable {
    private struct State {
        var all = 0
        var clients: [IPAddress: Int] = [:]
    }

    private let most: Int
    private let mostPerClient: Int
    private let state = Mutex(State())

    package init(most: Int, mostPerClient: Int) {
        self.most = most
        self.mostPerClient = mostPerClient
    }

    /// Counts a connection in.
    /// - Returns: False if it is one too many; then it does not count.
    package func enter(_ client: IPAddress) -> Bool {
        let key = Self.key(client)
        return state.withLock { state in
            let own = state.clients[key] ?? 0
            guard state.all < most, own < mostPerClient else { return false }
            state.all += 1
            state.clients[key] = own + 1
            return true
        }
    }

    package func leave(_ client: IPAddress) {
        let key = Self.key(client)
        state.withLock { state in
            guard let own = state.clients[key] else { return }
            state.all -= 1
            state.clients[key] = own > 1 ? own - 1 : nil
        }
    }

    /// An IPv4 address by itself, an IPv6 address by its /64: a home has that many.
    private static func key(_ client: IPAddress) -> IPAddress {
        client.family == .v4 ? client : client.masked(to: 64)
    }
}
