import DNSModel
import Foundation
import Glibc
import LookupEngine
import NetNames
import Resolution

/// BIND 9 on a free port of the loopback, which takes updates from there: the other side of nsupdate.
struct UpdatableServer {
    let address: ResolverAddress
    private let process: pid_t
    private let folder: URL

    /// Where Debian's packages bind9 and bind9-dnsutils put them.
    private static let server = "/usr/sbin/named"
    private static let updater = "/usr/bin/nsupdate"

    static var isInstalled: Bool {
        [server, updater].allSatisfy { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// Whether a missing server is a failure: set where the packages have been installed.
    static var isRequired: Bool {
        ProcessInfo.processInfo.environment["HELOSCOPE_REQUIRE_BIND"] == "1"
    }

    /// Writes the zones out, starts the server and waits until it answers.
    static func start(_ world: ZoneWorld) async throws -> UpdatableServer {
        // Between finding a free port and binding it another program may take it.
        for _ in 0..<3 {
            if let started = try? await attempt(world) { return started }
        }
        return try await attempt(world)
    }

    private static func attempt(_ world: ZoneWorld) async throws -> UpdatableServer {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "heloscope-bind-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let port = try await NameServerDaemon.freePort()
        for (number, zone) in world.zones.enumerated() {
            try Data(text(of: zone).utf8).write(to: folder.appending(path: "\(number).zone"))
        }
        let configuration = folder.appending(path: "named.conf")
        try Data(text(for: world, port: port, in: folder).utf8).write(to: configuration)
        let process = try NameServerDaemon.spawn(
            [server, "-g", "-n", "1", "-c", configuration.path()])
        let started = UpdatableServer(
            address: ResolverAddress(.v4(0x7f00_0001), port: port), process: process,
            folder: folder)
        do {
            try await NameServerDaemon.waitUntilReady(
                apex: world.zones.first?.apex ?? .root, at: started.address, process: process)
        } catch {
            started.stop()
            throw error
        }
        return started
    }

    /// BIND wants a server's name at each apex, and an address for a name inside the zone.
    private static func text(of zone: Zone) -> String {
        let records = zone.records.filter { $0.type != .ns || $0.name != zone.apex }
        let servers = ["\(zone.apex.absolute) 3600 IN NS ns.invalid."]
        return (records.map { MasterFilePrinter.line($0) } + servers).joined(separator: "\n") + "\n"
    }

    private static func text(for world: ZoneWorld, port: UInt16, in folder: URL) -> String {
        var text = """
            options {
              directory "\(folder.path())"; pid-file none; lock-file none; session-keyfile none;
              listen-on port \(port) { 127.0.0.1; }; listen-on-v6 { none; };
              recursion no; notify no; dnssec-validation no; empty-zones-enable no;
              check-names primary ignore;
            };
            controls { };

            """
        for (number, zone) in world.zones.enumerated() {
            text += "zone \"\(zone.apex)\" { type primary; file \"\(number).zone\";"
            text += " allow-update { 127.0.0.1; }; };\n"
        }
        return text
    }

    /// Runs nsupdate on a script, at this server instead of the one the script names.
    /// - Returns: Its exit code.
    func update(_ script: String) throws -> Int32 {
        let lines = script.split(separator: "\n").filter { !$0.hasPrefix("server ") }
        let file = folder.appending(path: "script")
        let head = "server 127.0.0.1 \(address.port)\n"
        try Data((head + lines.joined(separator: "\n") + "\n").utf8).write(to: file)
        return NameServerDaemon.exitCode(
            of: try NameServerDaemon.spawn([Self.updater, file.path()]))
    }

    /// Ends the server by its process id.
    func stop() {
        kill(process, SIGTERM)
        waitpid(process, nil, 0)
        try? FileManager.default.removeItem(at: folder)
    }
}
