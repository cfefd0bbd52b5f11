import Foundation
import SenderIdentity
import TestSupport
import heloscope_lab

/// Every client that properties of the receivers are tried on: the scenarios', and those of the
/// situations that were recorded of the real servers; and one that none of them has.
enum Clients {
    struct Client: Sendable {
        let name: String
        let facts: IdentityFacts
    }

    /// Looked up once for all tests.
    static let all = Result { try scenarios() + recorded() + [zoned()] }

    private static func scenarios() throws -> [Client] {
        try Scenario.names.map { Client(name: $0, facts: try Cell.facts($0)) }
            .filter(\.facts.isAsked)
    }

    /// A few seconds of a debug build, and more than enough to see every reply.
    private static let mostRecorded = 3000

    private static func recorded() throws -> [Client] {
        let file = Fixtures.package.appending(path: "Lab/recorded/situations.ndjson")
        return try Situation.read(file).prefix(mostRecorded).map {
            Client(name: "recorded \($0.id)", facts: try LabWorld.facts(of: $0))
        }
    }

    /// A literal with a zone, at which an Exim process ends.
    private static func zoned() throws -> Client {
        let world = try ClientWorld.confirmed("2001:db8::6", as: "mail.example.com")
        return Client(name: "zoned", facts: world.facts(helo: "[IPv6:2001:db8::6%eth0]"))
    }
}
