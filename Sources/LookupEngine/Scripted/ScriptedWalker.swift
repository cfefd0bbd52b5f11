package import NetNames
package import SenderIdentity

/// Walks through a scripted network, whose servers are labelled by their addresses.
package enum ScriptedWalker {
    /// Walks to the client's PTR name, in virtual time and without waiting.
    /// - Parameters:
    ///   - client: Whose reverse zone is sought.
    ///   - hints: The root servers to begin with.
    ///   - network: The servers; nobody answers at other addresses.
    ///   - deadline: The time it may take.
    /// - Returns: What was met.
    package static func walk(
        to client: IPAddress, from hints: RootHints, through network: inout ScriptedNetwork,
        deadline: Duration = WalkLimits.deadline
    ) -> DelegationTrace {
        var walk = DelegationWalk(to: client, from: hints, at: network.now, deadline: deadline)
        var cache = AnswerCache(capacity: 0)
        var generator = network.clientGenerator()
        let servers = Dictionary(
            network.servers.enumerated().map { ($1.label, $0) },
            uniquingKeysWith: { first, _ in
                first
            })
        var actions = walk.begin(at: network.now, cache: &cache, using: &generator)
        while true {
            for action in actions {
                let place = { (server: Int) in servers["\(walk.addresses[server])"] }
                switch action {
                case .sendDatagram(let token, let server, let bytes):
                    guard let index = place(server) else { continue }
                    network.perform(.sendDatagram(token, server: index, bytes))
                case .connect(let token, let server):
                    guard let index = place(server) else { continue }
                    network.perform(.connect(token, server: index))
                case .sendBytes, .close, .wake, .finished, .probed:
                    network.perform(action)
                }
            }
            guard !walk.isComplete, let event = network.nextEvent() else { break }
            actions = walk.handle(event, at: network.now, cache: &cache, using: &generator)
        }
        network.forget()
        return walk.trace
    }
}
