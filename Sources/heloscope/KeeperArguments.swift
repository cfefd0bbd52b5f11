import ArgumentParser
import DNSModel
import LookupEngine
import NetNames
import Resolution
import SenderIdentity

/// Whether to walk from the root servers to the keeper of the reverse zone, and from which ones.
struct KeeperArguments: ParsableArguments {
    @Flag(
        inversion: .prefixedNo,
        help: "Walk from the root to the reverse zone's keeper.")
    var keeper: Bool?

    @Option(
        help: ArgumentHelp(
            "Walk from these root servers, at any address.", valueName: "file",
            visibility: .hidden))
    var rootHints: String?

    @Option(
        help: ArgumentHelp(
            "The port of the name servers walked to, for tests.", valueName: "port",
            visibility: .hidden))
    var serverPort: UInt16 = ResolverAddress.usualPort

    /// The root's own file is a few kilobytes.
    private static let longestHints = 1 << 16

    /// Whether the reader asked for nothing but the keeper.
    func isAlone(_ subject: Subject) -> Bool {
        keeper == true && subject.helo == nil && subject.mailFrom == nil
            && subject.blockLists.isEmpty
    }

    /// The root servers that the user named; nil for the Internet's.
    /// - Throws: ``UserError``, before anything is asked.
    func hints() throws -> RootHints? {
        guard let rootHints else { return nil }
        guard keeper != false else {
            throw UserError.usage(
                "--root-hints and --no-keeper exclude each other", hint: "choose one")
        }
        let bytes = try Files.read(rootHints, limit: Self.longestHints, what: "root hints")
        let records: [ResourceRecord]
        do {
            records = try MasterFileReader.read(bytes).entries.map(\.record)
        } catch {
            throw UserError.usage(
                error.located(in: rootHints),
                hint: "root hints are a master file: NS records of the root, and addresses")
        }
        guard let hints = RootHints(records: records) else {
            throw UserError.usage(
                "root hints \(Files.shown(rootHints)): no root server with an address",
                hint: "give NS records of the root, and A or AAAA records of their names")
        }
        return hints
    }

    /// Whether a walk is wanted: asked for, or needed to explain what the system's resolvers said.
    func isWanted(for subject: Subject, knowing evidence: Evidence, isMonitoring: Bool) -> Bool {
        if let keeper { return keeper }
        if rootHints != nil { return true }
        return !isMonitoring && Self.explains(subject, evidence)
    }

    /// Whether a walk would explain what the site's own resolvers said.
    static func explains(_ subject: Subject, _ evidence: Evidence) -> Bool {
        guard evidence.sources.allSatisfy({ $0.kind == .systemResolver }) else { return false }
        let facts = IdentityFacts(subject: subject, evidence: evidence)
        switch facts.pointer.lookup?.outcome {
        // Without a network there is nothing to walk on; no walk leads to a private network.
        case nil, .answers, .failed(.unreachable), .failed(.specialPurpose): return false
        case .noData, .noSuchName, .failed: return true
        }
    }

    /// Walks, with a word about it where it can be seen to take time.
    /// - Parameters:
    ///   - address: The client's.
    ///   - hints: The root servers that the user named; nil for the Internet's.
    ///   - deadline: What the user gave for all look-ups; it shortens the walk, too.
    /// - Returns: What was met.
    /// - Throws: `CancellationError`.
    func walk(
        to address: IPAddress, from hints: RootHints?, deadline: Duration?
    ) async throws -> DelegationTrace {
        StandardError.write("heloscope: walking from the root to the reverse zone of \(address)\n")
        // The walk asks no resolver; the client lends it its thread and clock.
        return try await DNSClient.withOwnThread(servers: [SystemResolvers.fallback]) { client in
            try await Walker.walk(
                to: address, from: hints ?? .internet, port: serverPort, client: client,
                deadline: min(WalkLimits.deadline, deadline ?? WalkLimits.deadline))
        }
    }
}
