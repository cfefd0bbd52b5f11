import Glibc
import GuardDecisions
import GuardService
import LookupEngine
import Resolution
import SenderIdentity

/// What the guard is started with: its arguments over the settings file, read anew for a reload.
struct GuardSetup {
    private let arguments: Guard

    init(_ arguments: Guard) {
        self.arguments = arguments
    }

    /// What a reload may change.
    /// - Throws: ``UserError`` about the key or the argument.
    func configuration() throws -> GuardConfiguration {
        var source = GuardRules.Source()
        if let profile = arguments.profile { source.profile = profile }
        if arguments.dryRun { source.isDryRun = true }
        source.looksUpSpecialRanges = arguments.specialRanges || !arguments.zone.isEmpty
        let rules: GuardRules
        do {
            rules = try GuardRules(source)
        } catch {
            throw UserError.usage(
                "guard.\(shownArgument(error.key)): \(error.problem)", hint: error.hint)
        }
        return GuardConfiguration(rules: rules, words: GuardWords(server: Self.hostName))
    }

    /// What holds until the guard ends.
    /// - Throws: ``UserError``.
    func options() throws -> GuardOptions {
        var options = GuardOptions(source: try source())
        if let threads = arguments.threads {
            guard (1...64).contains(threads) else {
                throw UserError.usage(
                    "--threads must be between 1 and 64", hint: "the default is one per core")
            }
            options.threads = threads
        } else {
            options.threads = min(max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))), Self.mostThreads)
        }
        options.listeners = try listeners()
        return options
    }

    /// More than four gain nothing: the DNS answers no faster.
    private static let mostThreads = 4

    private func listeners() throws -> [GuardListener] {
        let passed = ServiceManager.passedSockets.compactMap { name, descriptor in
            GuardProtocol(rawValue: name).map {
                GuardListener($0, at: .descriptor(descriptor))
            }
        }
        var listeners: [GuardListener] = []
        let given: [(GuardProtocol, [String], String)] = [
            (.policy, arguments.policy, "--policy"), (.milter, arguments.milter, "--milter"),
            (.exim, arguments.exim, "--exim"), (.http, arguments.http, "--http"),
        ]
        for (speaks, texts, key) in given {
            // The service manager has opened it already: the address is where it listens.
            if passed.contains(where: { $0.speaks == speaks }) { continue }
            for text in texts {
                guard let place = ListenerPlace(text) else {
                    throw UserError.usage(
                        "\(key): not a place to listen: \(shownArgument(text))",
                        hint: "such as 127.0.0.1:10040, [::1]:10040 or unix:/run/heloscope/policy")
                }
                listeners.append(GuardListener(speaks, at: place))
            }
        }
        listeners += passed
        let hasStreams = arguments.spawn || arguments.opensmtpdFilter
        guard !listeners.isEmpty || hasStreams else {
            throw UserError.usage(
                "nothing to listen on", hint: "heloscope guard --policy 127.0.0.1:10040")
        }
        guard listeners.isEmpty || !hasStreams, !arguments.spawn || !arguments.opensmtpdFilter
        else {
            throw UserError.usage(
                "--spawn and --opensmtpd-filter serve standard input alone",
                hint: "leave the listeners out")
        }
        return listeners
    }

    private func source() throws -> LookupSource {
        var names = SourceArguments()
        names.zone = arguments.zone
        names.resolver = arguments.resolver
        names.faults = arguments.faults
        guard arguments.zone.isEmpty || arguments.resolver.isEmpty else {
            throw UserError.usage(
                "--zone and --resolver exclude each other", hint: "choose one source")
        }
        guard arguments.zone.isEmpty else {
            let server = try names.zoneServer()
            return .scripted(named: names.zoneSources()) { empty, deadline, next in
                var network = ScriptedNetwork([server])
                return ScriptedCollector.collect(
                    startedAt: empty.startedAt, sources: empty.sources, network: &network,
                    deadline: deadline, next: next)
            }
        }
        let servers = try names.resolverAddresses()
        let kind: Evidence.Source.Kind = arguments.resolver.isEmpty ? .systemResolver : .resolver
        return .resolvers(
            servers, named: servers.map { Evidence.Source(kind: kind, name: $0.description) })
    }

    /// The name in our Authentication-Results fields when the settings have none.
    private static let hostName: [UInt8] = {
        var bytes = [CChar](repeating: 0, count: 256)
        guard gethostname(&bytes, bytes.count - 1) == 0 else { return Array("localhost".utf8) }
        let name = bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return name.isEmpty ? Array("localhost".utf8) : name
    }()
}
