import NetNames
import Synchronization

/// How many connections there are, in sum and from one client.
final class ConnectionCount: Sendable {
    private let counts: Mutex<ClientCounts>

    init(most: Int, mostPerClient: Int) {
        counts = Mutex(ClientCounts(most: most, mostEach: mostPerClient))
    }

    /// - Returns: Whether one more may stay open; then ``leave(_:)`` has to follow.
    func enter(_ client: IPAddress) -> Bool { counts.withLock { $0.enter(client) } }

    func leave(_ client: IPAddress) { counts.withLock { $0.leave(client) } }
}
