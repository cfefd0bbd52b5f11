import FilterProtocols
import Glibc
import GuardDecisions
import GuardService
import LookupEngine
import Resolution
import SenderIdentity
import Settings

/// What the guard is started with: its arguments over the settings file.
///
/// A reload makes another one, and takes its configuration.
struct GuardSetup {
    private let arguments: Guard
    private let settings: Settings

    /// Reads the settings.
    /// - Throws: ``UserError``.
    init(_ arguments: Guard) throws {
        self.arguments = arguments
        settings = try SettingsFile.read(arguments.settings)
    }

    /// What a reload may change.
    /// - Throws: ``UserError`` about the key or the argument.
    func configuration() throws -> GuardConfiguration {
        let keys = settings.guard
        var source = GuardRules.Source()
        source.profile = arguments.profile ?? keys.profile
        source.actions = keys.actions
        source.acceptedBlocks = keys.acceptAddresses
        source.acceptedDomains = keys.acceptDomains
        source.acceptedHELO = keys.acceptHelo
        source.isDryRun = arguments.dryRun || keys.dryRun
        source.urlBase = keys.urlBase
        source.looksUpSpecialRanges = arguments.specialRanges || !arguments.zone.isEmpty
        let rules: GuardRules
        do {
            rules = try GuardRules(source)
        } catch {
            throw UserError.usage(
                "guard.\(error.key): \(error.problem)",
                hint: error.hint.isEmpty ? "heloscope serve --sample-settings" : error.hint)
        }
        let server = keys.authservId.isEmpty ? Self.hostName : Array(keys.authservId.utf8)
        let junkFrom = keys.junkScore > 0 ? Int(keys.junkScore * 1000) : nil
        var configuration = GuardConfiguration(
            rules: rules, words: GuardWords(server: server, junkFrom: junkFrom))
        configuration.milterStage = keys.milterStage == "mail" ? .mail : .recipient
        configuration.stripsForgedResults = keys.stripForged
        return configuration
    }

    /// What holds until the guard ends.
    /// - Parameter needsListener: False to check settings whose sockets the service manager opens.
    /// - Returns: The options.
    /// - Throws: ``UserError``.
    func options(needsListener: Bool = true) throws -> GuardOptions {
        let keys = settings.guard
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
        options.listeners = try listeners(needsOne: needsListener)
        options.deadlines.policy = .seconds(keys.policyDeadline)
        options.deadlines.milter = .seconds(keys.milterDeadline)
        options.deadlines.exim = .seconds(keys.eximDeadline)
        options.deadlines.http = .seconds(keys.httpDeadline)
        options.deadlines.openSMTPD = .seconds(keys.opensmtpdDeadline)
        options.deadlines.lookups = .seconds(settings.dns.deadline)
        options.limits.connections = keys.maxConnections
        options.limits.lookups = keys.maxLookups
        options.cache.entries = keys.cacheEntries
        options.cache.floor = .seconds(keys.cacheFloor)
        options.cache.ceiling = .seconds(keys.cacheCeiling)
        options.cache.negativeCeiling = .seconds(keys.cacheNegativeCeiling)
        options.cache.failureCeiling = .seconds(keys.cacheFailureCeiling)
        options.logsDecisions = keys.log
        options.logFile = keys.logFile
        options.version = Version.text
        if !keys.redis.isEmpty {
            guard var shared = SharedCacheOptions(url: keys.redis) else {
                throw UserError.usage(
                    "guard.redis: not a place of a Redis: \(shownArgument(keys.redis))",
                    hint: "such as redis://192.0.2.1:6379/0")
            }
            shared.secret = keys.redisSecret
            options.sharedCache = shared
        }
        return options
    }

    /// Whether the settings differ from others in what a reload does not change.
    func needsRestart(after other: GuardSetup) -> Bool {
        settings.dns != other.settings.dns || lasting != other.lasting
    }

    /// The settings without those that a reload changes.
    private var lasting: Settings.Guard {
        var keys = settings.guard
        let usual = Settings.Guard()
        keys.profile = usual.profile
        keys.actions = usual.actions
        keys.acceptAddresses = usual.acceptAddresses
        keys.acceptDomains = usual.acceptDomains
        keys.acceptHelo = usual.acceptHelo
        keys.dryRun = usual.dryRun
        keys.urlBase = usual.urlBase
        keys.authservId = usual.authservId
        keys.junkScore = usual.junkScore
        keys.milterStage = usual.milterStage
        keys.stripForged = usual.stripForged
        return keys
    }

    /// More than four gain nothing: the DNS answers no faster.
    private static let mostThreads = 4

    private func listeners(needsOne: Bool) throws -> [GuardListener] {
        let passed = ServiceManager.passedSockets.compactMap { name, descriptor in
            GuardProtocol(rawValue: name).map {
                GuardListener($0, at: .descriptor(descriptor))
            }
        }
        let hasStreams = arguments.spawn || arguments.opensmtpdFilter
        let keys = settings.guard
        let given: [(GuardProtocol, [String], [String])] = [
            (.policy, arguments.policy, keys.policy), (.milter, arguments.milter, keys.milter),
            (.exim, arguments.exim, keys.exim), (.http, arguments.http, keys.http),
        ]
        var listeners: [GuardListener] = []
        for (speaks, texts, fromFile) in given {
            // The service manager has opened it already: the address is where it listens.
            if passed.contains(where: { $0.speaks == speaks }) { continue }
            // Standard input is served alone: the file may be that of the daemon beside it.
            let places = !texts.isEmpty ? texts : hasStreams ? [] : fromFile
            for text in places {
                let key = texts.isEmpty ? "guard.\(speaks.rawValue)" : "--\(speaks.rawValue)"
                listeners.append(GuardListener(speaks, at: try place(text, key: key)))
            }
        }
        if !hasStreams { listeners += passed }
        guard !listeners.isEmpty || hasStreams || !needsOne else {
            throw UserError.usage(
                "nothing to listen on", hint: "heloscope guard --policy 127.0.0.1:10040")
        }
        guard !arguments.spawn || !arguments.opensmtpdFilter else {
            throw UserError.usage(
                "--spawn and --opensmtpd-filter exclude each other",
                hint: "each speaks its protocol on standard input and output")
        }
        guard listeners.isEmpty || !hasStreams else {
            throw UserError.usage(
                "--spawn and --opensmtpd-filter serve standard input alone",
                hint: "leave the listeners out")
        }
        try checkForTwins(listeners)
        return listeners
    }

    private func checkForTwins(_ listeners: [GuardListener]) throws {
        for (index, listener) in listeners.enumerated() {
            guard let twin = listeners[..<index].first(where: { $0.place == listener.place })
            else { continue }
            throw UserError.usage(
                "\(twin.speaks.rawValue) and \(listener.speaks.rawValue) listen at one place",
                hint: "give each of them a port or a path of its own")
        }
    }

    /// What the settings leave open that a start would not forgive, or an administrator not expect.
    ///
    /// Notes, since settings may be checked on another machine than theirs.
    var notes: [String] {
        let keys = settings.guard
        var notes: [String] = []
        let listeners = (try? listeners(needsOne: false)) ?? []
        if listeners.isEmpty, !arguments.spawn, !arguments.opensmtpdFilter {
            notes.append("nothing to listen on, but for --spawn, --opensmtpd-filter and systemd")
        }
        if !keys.socketGroup.isEmpty, getgrnam(keys.socketGroup) == nil {
            notes.append(
                "guard.socket-group: no such group here: \(shownArgument(keys.socketGroup))")
        }
        let files: [(String, String)] =
            listeners.compactMap { listener in
                if case .unix(let file) = listener.place {
                    ("guard.\(listener.speaks.rawValue)", file.path)
                } else {
                    nil
                }
            } + (keys.logFile.isEmpty ? [] : [("guard.log-file", keys.logFile)])
        for (key, path) in files {
            let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
            if !folder.isEmpty, access(folder, F_OK) != 0 {
                notes.append("\(key): no such directory here: \(shownArgument(folder))")
            }
        }
        if !keys.redis.isEmpty, keys.redisSecret.isEmpty {
            notes.append(
                "guard.redis: without redis-secret whoever can write there decides for you")
        }
        return notes
    }

    private func place(_ text: String, key: String) throws -> ListenerPlace {
        switch ListenerPlace(text) {
        case .unix(var file)?:
            file.mode = UInt32(settings.guard.socketMode, radix: 8) ?? file.mode
            file.group = settings.guard.socketGroup
            return .unix(file)
        case let place?:
            return place
        case nil:
            throw UserError.usage(
                "\(key): not a place to listen: \(shownArgument(text))",
                hint: "such as 127.0.0.1:10040, [::1]:10040 or unix:/run/heloscope/policy")
        }
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
        let given = arguments.resolver.isEmpty ? settings.dns.resolvers : arguments.resolver
        names.resolver = given
        let servers = try names.resolverAddresses()
        // Whoever named them, they are the site's own: private addresses stay unasked.
        let kind: Evidence.Source.Kind = arguments.specialRanges ? .resolver : .systemResolver
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
