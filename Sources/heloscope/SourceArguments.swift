import ArgumentParser
import DNSModel
import Glibc
import LookupEngine
import NetNames
import Reports
import Resolution
import SenderIdentity

/// Who is asked: the options of every command that looks something up.
struct SourceArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Ask the resolver at ADDR[#PORT]; repeatable.", valueName: "addr"))
    var resolver: [String] = []

    @Option(
        help: ArgumentHelp(
            "Answer from this zone file, offline; repeatable.", valueName: "file"))
    var zone: [String] = []

    @Option(
        help: ArgumentHelp(
            "With --zone: faults to add, for tests.", valueName: "file", visibility: .hidden))
    var faults: String?

    @Option(
        help: ArgumentHelp(
            // Left out of the help, where it would not fit 24 lines; README has it.
            "Time for all look-ups.", valueName: "seconds", visibility: .hidden))
    var deadline: Double?

    private static let usualDeadline = 5.0

    /// More would outlast every mail server's patience.
    private static let longestDeadline = 60.0

    /// Files of planned records or faults are written by hand.
    private static let longestSmallFile = 1 << 20

    /// Whom to judge and by what.
    struct Collected {
        let subject: Subject
        let evidence: Evidence
        /// The evidence without the planned records, where there are some.
        var unplanned: Evidence?
    }

    /// Finds the subject and collects the evidence about it.
    /// - Parameters:
    ///   - arguments: Whom to judge.
    ///   - saved: Evidence to replay instead, or where to save it.
    ///   - overlay: A file of planned records to lay over the answers.
    ///   - blockLists: Which lists to ask; nil for those that saved evidence holds.
    ///   - keeper: Whether to walk to the keeper of the reverse zone.
    ///   - registration: Whether to ask the registry.
    ///   - isMonitoring: Whether the time is short.
    /// - Returns: The subject, with its block lists, and what was looked up.
    /// - Throws: ``UserError``; usage errors before anything is asked of DNS.
    func collect(
        _ arguments: SubjectArguments, saved: EvidenceArguments, overlay: String? = nil,
        blockLists: BlockListArguments? = nil, keeper: KeeperArguments,
        registration: RegistrationArguments, isMonitoring: Bool = false
    ) async throws -> Collected {
        let given = try arguments.subject()
        let roots = try keeper.hints()
        try registration.validate(
            isOffline: !zone.isEmpty, isReplayed: saved.evidence != nil)
        if saved.evidence != nil {
            guard isEmpty, overlay == nil else {
                throw UserError.usage(
                    "--evidence replays without DNS and goes with no other source",
                    hint: "leave --resolver, --zone, --faults and --overlay out")
            }
            let (subject, evidence) = try saved.replayed(about: given, keeper)
            return Collected(
                subject: try blockLists?.adding(to: subject) ?? subject, evidence: evidence)
        }
        guard let client = given else {
            throw UserError.usage(
                "no IP address given", hint: "heloscope check ADDRESS --helo NAME")
        }
        let subject = try blockLists?.adding(to: client) ?? client
        try validateSources()
        guard zone.isEmpty || roots != nil || keeper.keeper != true else {
            throw UserError.usage(
                "--keeper asks the Internet's name servers, and --zone asks nobody",
                hint: "leave --zone out, or name root servers with --root-hints")
        }
        let source = rootSource(keeper)
        let (plan, answers) = try await ask(about: subject, and: source, overlay: overlay)
        var asked = answers
        var evidence = plan.laid(over: asked)
        if LookupPlan.isAskable(subject.address, in: evidence),
            keeper.isWanted(for: subject, knowing: evidence, isMonitoring: isMonitoring)
        {
            // Planned records change nothing of the way there.
            asked.walk = try await keeper.walk(
                to: subject.address, from: roots, deadline: chosenDeadline)
            evidence.walk = asked.walk
        }
        if registration.rdap, LookupPlan.isAskable(subject.address, in: evidence) {
            asked.registration = await registration.registration(of: subject.address)
            evidence.registration = asked.registration
        }
        try saved.save(evidence, of: subject)
        return Collected(
            subject: subject, evidence: evidence, unplanned: plan.overlay.map { _ in asked })
    }

    /// The time that the user named.
    var chosenDeadline: Duration? { deadline.map { .seconds($0) } }

    /// What contradicts itself, before anything is asked.
    /// - Throws: ``UserError`` with exit code 64.
    func validateSources() throws {
        guard (0.1...Self.longestDeadline).contains(deadline ?? Self.usualDeadline) else {
            throw UserError.usage(
                "--deadline must be between 0.1 and \(Int(Self.longestDeadline)) seconds",
                hint: "the default is \(Int(Self.usualDeadline))")
        }
        guard zone.isEmpty || resolver.isEmpty else {
            throw UserError.usage(
                "--zone and --resolver exclude each other", hint: "choose one source")
        }
        guard faults == nil || !zone.isEmpty else {
            throw UserError.usage(
                "--faults needs --zone", hint: "faults are for tests on zone files")
        }
    }

    /// Whether nobody was named.
    private var isEmpty: Bool { resolver.isEmpty && zone.isEmpty && faults == nil }

    // MARK: Asking

    private func rootSource(_ keeper: KeeperArguments) -> [Evidence.Source] {
        keeper.rootHints.map { [.init(kind: .rootHints, name: baseName($0))] } ?? []
    }

    /// Asks what both sides of a plan need.
    private func ask(
        about subject: Subject, and roots: [Evidence.Source], overlay: String?
    ) async throws -> (OverlaidPlan, Evidence) {
        let startedAt = Int64(Glibc.time(nil))
        let planned = try overlay.map { try readOverlay($0) }
        let overlaySource = overlay.map { Evidence.Source(kind: .overlay, name: baseName($0)) }
        let time = chosenDeadline ?? .seconds(Self.usualDeadline)
        if !zone.isEmpty {
            var network = ScriptedNetwork([try zoneServer()])
            let sources = zoneSources() + (overlaySource.map { [$0] } ?? []) + roots
            let plan = OverlaidPlan(subject: subject, overlay: planned)
            let asked = ScriptedCollector.collect(
                startedAt: startedAt, sources: sources, network: &network,
                deadline: time, next: plan.questionsForBoth)
            return (plan, asked)
        }
        let servers = try resolverAddresses()
        let kind: Evidence.Source.Kind = resolver.isEmpty ? .systemResolver : .resolver
        let sources =
            servers.map { Evidence.Source(kind: kind, name: $0.description) }
            + (overlaySource.map { [$0] } ?? []) + roots
        let plan = OverlaidPlan(subject: subject, overlay: planned)
        let empty = Evidence(startedAt: startedAt, sources: sources)
        guard !plan.questionsForBoth(knowing: empty).isEmpty else { return (plan, empty) }
        let asked = try await DNSClient.withOwnThread(servers: servers) { client in
            try await Collector.collect(
                startedAt: startedAt, sources: sources, client: client, deadline: time,
                next: plan.questionsForBoth)
        }
        return (plan, asked)
    }

    /// What evidence from zone files names as its sources.
    func zoneSources() -> [Evidence.Source] {
        zone.map { Evidence.Source(kind: .zone, name: baseName($0)) }
            + (faults.map { [.init(kind: .faults, name: baseName($0))] } ?? [])
    }

    func resolverAddresses() throws -> [ResolverAddress] {
        resolver.isEmpty ? SystemResolvers.current() : try Self.resolverAddresses(resolver)
    }

    static func resolverAddresses(_ texts: [String]) throws -> [ResolverAddress] {
        try texts.map { text in
            do {
                return try ResolverAddress(parsing: Array(text.utf8))
            } catch {
                throw UserError.usage(
                    "not a resolver's address: \(shownArgument(text))",
                    hint: "give an IP address, with #PORT behind it if need be: 192.0.2.53#5353")
            }
        }
    }

    func zoneServer() throws -> ScriptedServer {
        var files: [ZoneFile] = []
        for path in zone {
            let bytes = try Files.read(path, limit: MasterFileLimits.fileBytes, what: "zone file")
            files.append(
                try Self.located { () throws(WorldError) in
                    try ZoneFile(name: path, bytes: bytes)
                })
        }
        let all = files
        let world = try Self.located { () throws(WorldError) in try ZoneWorld(files: all) }
        let rules = try faults.map { try readFaults($0) }
        return ScriptedServer(
            label: "zone", latency: .zero, reply: { world.reply(to: $0) },
            faults: { rules?.faults(for: $0) ?? [] })
    }

    private static func located<Value>(
        _ read: () throws(WorldError) -> Value
    ) throws -> Value {
        do {
            return try read()
        } catch {
            throw UserError.usage(
                error.located, hint: "a zone file is a master file (RFC 1035 §5.1), one SOA a zone")
        }
    }

    private func readFaults(_ path: String) throws -> FaultRules {
        let bytes = try Files.read(path, limit: Self.longestSmallFile, what: "faults file")
        do {
            return try FaultRules(parsing: bytes)
        } catch {
            throw UserError.usage(
                error.located(in: path), hint: "a rule is: OWNER !TYPE FAULT")
        }
    }

    private func readOverlay(_ path: String) throws -> Overlay {
        let bytes = try Files.read(path, limit: Self.longestSmallFile, what: "overlay")
        do {
            return try Overlay(name: path, bytes: bytes)
        } catch {
            throw UserError.usage(
                error.located,
                hint: "an overlay is a master file (RFC 1035 §5.1) or a script for nsupdate, and"
                    + " contradicts itself nowhere")
        }
    }
}

/// The file's name without its folders, so that a report does not depend on where it ran.
private func baseName(_ path: String) -> String {
    String(path.split(separator: "/").last ?? Substring(path))
}
