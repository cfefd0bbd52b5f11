import ArgumentParser
import DNSModel
import Glibc
import LookupEngine
import NetNames
import Reports
import Resolution
import SenderIdentity

/// Where the answers come from: the options that `check` and `letter` share.
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
        help: ArgumentHelp("Lay planned records over the real answers.", valueName: "file"))
    var overlay: String?

    @Option(
        help: ArgumentHelp("Replay saved evidence, without network.", valueName: "file"))
    var evidence: String?

    @Option(
        help: ArgumentHelp("Save what was looked up.", valueName: "file"))
    var saveEvidence: String?

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
    ///   - blockLists: Which lists to ask; nil for those that saved evidence holds.
    ///   - keeper: Whether to walk to the keeper of the reverse zone; nil where nobody may ask.
    ///   - registration: Whether to ask the registry; nil where nobody may ask.
    ///   - isMonitoring: Whether the time is short.
    /// - Returns: The subject, with its block lists, and what was looked up.
    /// - Throws: ``UserError``; usage errors before anything is asked of DNS.
    func collect(
        _ arguments: SubjectArguments, blockLists: BlockListArguments? = nil,
        keeper: KeeperArguments? = nil, registration: RegistrationArguments? = nil,
        isMonitoring: Bool = false
    ) async throws -> Collected {
        let given = try arguments.subject()
        let roots = try keeper?.hints()
        try registration?.validate(isOffline: !zone.isEmpty, isReplayed: evidence != nil)
        if let evidence {
            guard roots == nil else {
                throw UserError.usage(
                    "--evidence replays without network and goes with no root servers",
                    hint: "leave --root-hints out: the file holds the walk, if one was made")
            }
            var (subject, saved) = try replay(evidence)
            if let given { try Self.check(given, against: subject) }
            if keeper?.keeper == true, saved.walk == nil {
                throw UserError.usage(
                    "the evidence holds no walk to the reverse zone's keeper",
                    hint: "save it anew with --keeper, or leave --keeper out")
            }
            if keeper?.keeper == false { saved.walk = nil }
            return Collected(
                subject: try blockLists?.adding(to: subject) ?? subject, evidence: saved)
        }
        guard let client = given else {
            throw UserError.usage(
                "no IP address given", hint: "heloscope check ADDRESS --helo NAME")
        }
        let subject = try blockLists?.adding(to: client) ?? client
        try validateSources()
        guard zone.isEmpty || roots != nil || keeper?.keeper != true else {
            throw UserError.usage(
                "--keeper asks the Internet's name servers, and --zone asks nobody",
                hint: "leave --zone out, or name root servers with --root-hints")
        }
        let source = rootSource(keeper)
        let (plan, answers) = try await ask(about: subject, and: source)
        var asked = answers
        var evidence = plan.laid(over: asked)
        if let keeper, LookupPlan.isAskable(subject.address, in: evidence),
            keeper.isWanted(for: subject, knowing: evidence, isMonitoring: isMonitoring)
        {
            // Planned records change nothing of the way there.
            asked.walk = try await keeper.walk(
                to: subject.address, from: roots, deadline: chosenDeadline)
            evidence.walk = asked.walk
        }
        if let registration, registration.rdap,
            LookupPlan.isAskable(subject.address, in: evidence)
        {
            asked.registration = await registration.registration(of: subject.address)
            evidence.registration = asked.registration
        }
        if let saveEvidence {
            let bytes = try EvidenceCodec.encode(evidence, of: subject)
            try Files.write(bytes, to: saveEvidence)
        }
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

    /// What was given beside saved evidence has to be what it is about; nothing need be given.
    private static func check(_ given: Subject, against saved: Subject) throws {
        guard given.address == saved.address else {
            throw UserError.usage(
                "the evidence is about \(saved.address), not what was given",
                hint: "leave the address and --helo out: the file holds them")
        }
        guard given.helo == nil || given.helo == saved.helo,
            given.mailFrom == nil || given.mailFrom == saved.mailFrom
        else {
            throw UserError.usage(
                "the evidence is about another HELO name or MAIL FROM than was given",
                hint: "leave --helo and --mail-from out: the file holds them")
        }
    }

    private func replay(_ path: String) throws -> (Subject, Evidence) {
        guard resolver.isEmpty, zone.isEmpty, faults == nil, overlay == nil, saveEvidence == nil
        else {
            throw UserError.usage(
                "--evidence replays without DNS and goes with no other source",
                hint: "leave --resolver, --zone, --faults, --overlay and --save-evidence out")
        }
        let bytes = try Files.read(path, limit: EvidenceCodec.longestFile, what: "evidence")
        do {
            let (subject, saved) = try EvidenceCodec.decode(bytes)
            return (subject, saved.notingUnrecorded(about: subject))
        } catch {
            throw UserError.usage(
                "evidence \(Files.shown(path)): \(Self.reason(error))",
                hint: "give a file that --save-evidence wrote")
        }
    }

    private static func reason(_ error: EvidenceCodec.ReadError) -> String {
        switch error {
        case .tooLong: "larger than \(EvidenceCodec.longestFile) bytes"
        case .notJSON: "not JSON"
        case .notEvidence: "not saved evidence"
        case .unknownVersion(let version): "evidence of version \(version), which is newer"
        case .tooManyObservations: "more than \(EvidenceCodec.mostObservations) observations"
        case .badField(let field, nil): "the field \(field) makes no sense"
        case .badField(let field, let index?):
            "observation \(index): the field \(field) makes no sense"
        }
    }

    // MARK: Asking

    private func rootSource(_ keeper: KeeperArguments?) -> [Evidence.Source] {
        (keeper?.rootHints).map { [.init(kind: .rootHints, name: baseName($0))] } ?? []
    }

    /// Asks what both sides of a plan need.
    private func ask(
        about subject: Subject, and roots: [Evidence.Source]
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
