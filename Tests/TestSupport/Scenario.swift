package import DNSModel
package import Foundation
package import LookupEngine
package import NetNames
package import Reports
package import SenderIdentity
import Testing

/// One world, one client, and what Heloscope must say about it.
///
/// A folder below Tests/Fixtures/scenarios:
/// - `subject`: lines `address A`, `helo NAME` (or `helo-hex DIGITS`), `mail-from A`, `source none`
///   where nothing is asked, `dnsbl ZONE` for each block list, `fault-free` is implied by the absence
///   of `faults`; `#` begins a comment;
/// - `world.zone`: master file; `faults`: what goes wrong in it; `overlay.zone`: planned records, or an update;
/// - `roots`: root servers to walk from; `servers/ADDRESS.zone`: the zones of the name server there,
///   `servers/ADDRESS.faults`: what goes wrong at it;
/// - `codes`: every expected code, one a line, as often as it is expected;
/// - `report.txt`, `report.json`: the goldens.
package struct Scenario: Sendable, CustomStringConvertible {
    package let name: String
    package let folder: URL
    package let subject: Subject
    package let hasSource: Bool
    package let files: [ZoneFile]
    package let faults: FaultRules?
    package let overlay: Overlay?
    /// Where a walk to the keeper of the reverse zone begins; nil where none is made.
    package let roots: RootHints?
    package let servers: [NameServer]
    /// Sorted.
    package let codes: [String]

    package var description: String { name }

    /// Fixed, so that reports can be compared: 2026-11-21T00:00:00Z.
    package static let startedAt: Int64 = 1_795_219_200

    package static let names = Fixtures.folders(in: Fixtures.scenarios)

    package init(_ name: String) throws {
        self.name = name
        folder = Fixtures.scenarios.appending(path: name)
        var address: IPAddress?
        var helo: HELOArgument?
        var mailFrom: MailFrom?
        var hasSource = true
        var lists: [BlockListZone] = []
        for line in try Self.lines(of: folder.appending(path: "subject")) {
            let words = line.split(separator: " ", maxSplits: 1).map(String.init)
            switch (words.first, words.last) {
            case ("address", let text?): address = IPAddress(text)
            case ("helo", let text?): helo = HELOArgument(words.count == 2 ? text : "")
            case ("helo-hex", let digits?): helo = HELOArgument(Self.bytes(ofHex: digits))
            case ("mail-from", let text?): mailFrom = try MailFrom(text.utf8)
            case ("source", "none"): hasSource = false
            case ("dnsbl", let text?): lists.append(try BlockListZone(parsing: text.utf8))
            default: throw Unreadable(text: line)
            }
        }
        guard let address else { throw Unreadable(text: "\(name): no address") }
        subject = Subject(address: address, helo: helo, mailFrom: mailFrom, blockLists: lists)
        self.hasSource = hasSource
        let world = folder.appending(path: "world.zone")
        files =
            Fixtures.exists(world)
            ? [try ZoneFile(name: "world.zone", bytes: Fixtures.bytes(of: world))]
            : []
        let rules = folder.appending(path: "faults")
        faults = Fixtures.exists(rules) ? try FaultRules(parsing: Fixtures.bytes(of: rules)) : nil
        let planned = folder.appending(path: "overlay.zone")
        overlay =
            Fixtures.exists(planned)
            ? try Overlay(name: "overlay.zone", bytes: Fixtures.bytes(of: planned))
            : nil
        let hints = folder.appending(path: "roots")
        roots =
            Fixtures.exists(hints)
            ? RootHints(
                records: try MasterFileReader.read(Fixtures.bytes(of: hints)).entries.map(
                    \.record)) : nil
        servers = try Fixtures.files(in: folder.appending(path: "servers")).compactMap {
            try NameServer($0)
        }
        codes = try Self.lines(of: folder.appending(path: "codes")).sorted()
    }

    /// A name server of the walk's world: a `servers/ADDRESS.zone` and the faults beside it.
    package struct NameServer: Sendable {
        package let address: IPAddress
        package let world: ZoneWorld
        package let faults: FaultRules?

        package init(address: IPAddress, world: ZoneWorld, faults: FaultRules? = nil) {
            self.address = address
            self.world = world
            self.faults = faults
        }

        /// Nil for a file that is no zone file.
        init?(_ file: URL) throws {
            guard file.pathExtension == "zone" else { return nil }
            let name = file.deletingPathExtension()
            guard let address = IPAddress(name.lastPathComponent) else {
                throw Unreadable(text: file.lastPathComponent)
            }
            self.address = address
            world = try ZoneWorld(files: [
                ZoneFile(name: file.lastPathComponent, bytes: Fixtures.bytes(of: file))
            ])
            let rules = name.appendingPathExtension("faults")
            faults =
                Fixtures.exists(rules) ? try FaultRules(parsing: Fixtures.bytes(of: rules)) : nil
        }

        var scripted: ScriptedServer {
            let (world, faults) = (world, faults)
            return ScriptedServer(
                label: "\(address)", latency: .zero, reply: { world.replyAsServer(to: $0) },
                faults: { faults?.faults(for: $0) ?? [] })
        }
    }

    package struct Unreadable: Error {
        let text: String
    }

    package var sources: [Evidence.Source] {
        guard hasSource else { return [.init(kind: .systemResolver, name: "192.0.2.53#53")] }
        var sources = [Evidence.Source(kind: .zone, name: "world.zone")]
        if faults != nil { sources.append(.init(kind: .faults, name: "faults")) }
        if overlay != nil { sources.append(.init(kind: .overlay, name: "overlay.zone")) }
        return sources
    }

    /// Looks everything up in the scenario's world, through the client's own state machine.
    /// - Parameter records: Planned records, laid over the scenario's own overlay.
    /// - Returns: What was looked up.
    /// - Throws: What is wrong with the scenario's zone file.
    package func evidence(planning records: [ResourceRecord] = []) throws -> Evidence {
        try collected(
            laying: records.isEmpty ? overlay : Overlay(records: records), over: files)
    }

    /// The same with another overlay in place of the scenario's own.
    package func evidence(laying overlay: Overlay, for subject: Subject) throws -> Evidence {
        try collected(laying: overlay, over: files, for: subject)
    }

    /// The same in a world made of other files, and with nothing planned: what is really there then.
    /// - Parameters:
    ///   - files: The resolvers' world.
    ///   - subject: Whom to look up.
    ///   - servers: The name servers to walk through; nil for no walk.
    /// - Returns: What was looked up.
    /// - Throws: What is wrong with the files.
    package func evidence(
        in files: [ZoneFile], for subject: Subject, walking servers: [NameServer]? = nil
    ) throws -> Evidence {
        var evidence = try collected(laying: nil, over: files, for: subject)
        if let roots, let servers { evidence.walk = walk(from: roots, through: servers) }
        return evidence
    }

    private func walk(from roots: RootHints, through servers: [NameServer]) -> DelegationTrace {
        var internet = ScriptedNetwork(servers.map(\.scripted))
        return ScriptedWalker.walk(to: subject.address, from: roots, through: &internet)
    }

    private func collected(
        laying overlay: Overlay?, over files: [ZoneFile], for other: Subject? = nil
    ) throws -> Evidence {
        let world = try ZoneWorld(files: files)
        let rules = faults
        let server = ScriptedServer(
            label: "zone", latency: .zero, reply: { world.reply(to: $0) },
            faults: { rules?.faults(for: $0) ?? [] })
        var network = ScriptedNetwork([server])
        let plan = OverlaidPlan(subject: other ?? subject, overlay: overlay)
        let asked = ScriptedCollector.collect(
            startedAt: Self.startedAt, sources: sources, network: &network, next: plan.questions)
        var evidence = plan.laid(over: asked)
        // The walk's servers have the scenario's own records, not those of another world.
        if let roots, other == nil { evidence.walk = walk(from: roots, through: servers) }
        return evidence
    }

    package func report() throws -> Report {
        let report = Report(subject: subject, evidence: try evidence())
        guard let overlay, !overlay.isEmpty else { return report }
        return report.compared(
            to: Report(subject: subject, evidence: try collected(laying: nil, over: files)))
    }

    private static func lines(of file: URL) throws -> [String] {
        try Fixtures.text(of: file).split(separator: "\n").compactMap { line in
            let text = line.prefix { $0 != "#" }.trimmingCharacters(in: .whitespaces)
            return text.isEmpty ? nil : text
        }
    }

    private static func bytes(ofHex digits: String) -> [UInt8] {
        let text = Array(digits.utf8)
        return stride(from: 0, to: text.count - 1, by: 2).compactMap { index in
            guard let high = Ascii.hexValue(text[index]), let low = Ascii.hexValue(text[index + 1])
            else { return nil }
            return high << 4 | low
        }
    }
}
