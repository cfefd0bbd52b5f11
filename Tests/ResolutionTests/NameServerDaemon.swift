import DNSModel
import Foundation
import Glibc
import LookupEngine
import NIOCore
import NIOPosix
import NetNames
import Resolution
import SenderIdentity

/// NSD (NLnet Labs) on a free port of the loopback, with the zones of a world: a real server.
struct NameServerDaemon {
    let address: ResolverAddress
    private let process: pid_t
    private let folder: URL

    /// Where Debian's package nsd puts it.
    private static let program = "/usr/sbin/nsd"

    static var isInstalled: Bool { FileManager.default.isExecutableFile(atPath: program) }

    /// Whether a missing server is a failure: set where the package has been installed.
    static var isRequired: Bool {
        ProcessInfo.processInfo.environment["HELOSCOPE_REQUIRE_NSD"] == "1"
    }

    enum Failure: Error {
        case notSpawned(Int32)
        case notStarted
    }

    /// Writes the zones out, starts the server and waits until it answers.
    static func start(_ world: ZoneWorld) async throws -> NameServerDaemon {
        let host = IPAddress.v4(0x7f00_0001)
        // Between finding a free port and binding it another program may take it.
        for _ in 0..<3 {
            let address = ResolverAddress(host, port: try await freePort())
            if let started = try? await start(world, at: address) { return started }
        }
        return try await start(world, at: ResolverAddress(host, port: try await freePort()))
    }

    /// The same at a certain address, so that several servers make a little Internet.
    static func start(
        _ world: ZoneWorld, at address: ResolverAddress
    ) async throws -> NameServerDaemon {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "heloscope-nsd-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let configuration = folder.appending(path: "nsd.conf")
        try Data(text(for: world, at: address, in: folder).utf8).write(to: configuration)
        for (number, zone) in world.zones.enumerated() {
            let lines = zone.records.map { MasterFilePrinter.line($0) + "\n" }
            try Data(lines.joined().utf8).write(to: folder.appending(path: "\(number).zone"))
        }
        let process = try spawn([program, "-d", "-c", configuration.path()])
        let daemon = NameServerDaemon(address: address, process: process, folder: folder)
        do {
            try await waitUntilReady(
                apex: world.zones.first?.apex ?? .root, at: daemon.address, process: process)
        } catch {
            daemon.stop()
            throw error
        }
        return daemon
    }

    /// Ends the server by its process id, which takes its children along.
    func stop() {
        kill(process, SIGTERM)
        waitpid(process, nil, 0)
        try? FileManager.default.removeItem(at: folder)
    }

    /// Waits for a program's end.
    /// - Returns: Its exit code; -1 where a signal ended it.
    static func exitCode(of process: pid_t) -> Int32 {
        var status: Int32 = 0
        waitpid(process, &status, 0)
        return status & 0x7f == 0 ? (status >> 8) & 0xff : -1
    }

    /// The usual soft limit; closing what is not open means nothing.
    private static let mostDescriptors: Int32 = 1024

    /// Starts a program in its own process, its output thrown away.
    ///
    /// Not by Foundation's `Process`: threads that run Swift's tasks block signals, a child would
    /// inherit that, and then nothing could end it.
    static func spawn(_ words: [String]) throws -> pid_t {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var nothingBlocked = sigset_t()
        sigemptyset(&nothingBlocked)
        posix_spawnattr_setsigmask(&attributes, &nothingBlocked)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var files = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&files)
        defer { posix_spawn_file_actions_destroy(&files) }
        for descriptor in [STDOUT_FILENO, STDERR_FILENO] {
            posix_spawn_file_actions_addopen(&files, descriptor, "/dev/null", O_WRONLY, 0)
        }
        // The sockets of other tests stay theirs: a copy here would keep their ports open.
        for descriptor in (STDERR_FILENO + 1)..<mostDescriptors {
            posix_spawn_file_actions_addclose(&files, descriptor)
        }
        var arguments = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var process = pid_t()
        let error = posix_spawn(&process, words[0], &files, &attributes, &arguments, environ)
        guard error == 0 else { throw Failure.notSpawned(error) }
        return process
    }

    /// One process that stays in the foreground, without control channel, user change or chroot.
    private static func text(
        for world: ZoneWorld, at address: ResolverAddress, in folder: URL
    ) -> String {
        let path = folder.path()
        var lines = [
            "server:", "  ip-address: \(address.address)", "  port: \(address.port)",
            "  server-count: 1",
            "  username: \"\"", "  chroot: \"\"", "  zonesdir: \"\(path)\"",
            "  database: \"\"", "  pidfile: \"\(path)/nsd.pid\"",
            "  logfile: \"\(path)/nsd.log\"", "  xfrdfile: \"\(path)/xfrd.state\"",
            "  xfrdir: \"\(path)\"", "  zonelistfile: \"\(path)/zone.list\"",
            "  rrl-ratelimit: 0", "  rrl-whitelist-ratelimit: 0",
            "remote-control:", "  control-enable: no",
        ]
        for (number, zone) in world.zones.enumerated() {
            lines += ["zone:", "  name: \"\(zone.apex)\"", "  zonefile: \"\(number).zone\""]
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// A port that was free a moment ago for UDP and TCP.
    static func freePort() async throws -> UInt16 {
        let group = MultiThreadedEventLoopGroup.singleton
        let listener = try await ServerBootstrap(group: group).bind(host: "127.0.0.1", port: 0)
            .get()
        let port = listener.localAddress?.port ?? 0
        try await listener.close()
        return UInt16(truncatingIfNeeded: port)
    }

    /// Asks for the SOA until an answer comes; refused connections come back at once.
    static func waitUntilReady(
        apex: DomainName, at address: ResolverAddress, process: pid_t
    ) async throws {
        for _ in 0..<readinessChecks where kill(process, 0) == 0 {
            let observation = try await look(
                up: Question(apex, .soa), at: [address], deadline: .milliseconds(200))
            if observation.outcome.answers != nil { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw Failure.notStarted
    }

    /// Some seconds; a start takes a tenth of one.
    private static let readinessChecks = 200
}
