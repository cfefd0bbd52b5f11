package import LookupEngine
import NetNames
package import Reports
import SenderIdentity

/// A report on a world that stands in the test itself.
package enum SmallReport {
    package struct NoAddress: Error {
        let text: String
    }

    /// - Parameters:
    ///   - address: The client.
    ///   - helo: What it says in HELO.
    ///   - mailFrom: The path in MAIL FROM.
    ///   - zone: The world, as a master file.
    /// - Returns: The report.
    /// - Throws: What is wrong with one of them.
    package static func report(
        _ address: String, helo: String? = nil, mailFrom: String? = nil, zone: String
    ) throws -> Report {
        try report(
            address, helo: helo, mailFrom: mailFrom,
            files: [ZoneFile(name: "world.zone", bytes: Array(zone.utf8))])
    }

    /// The same on a world of several files.
    package static func report(
        _ address: String, helo: String? = nil, mailFrom: String? = nil, files: [ZoneFile]
    ) throws -> Report {
        guard let client = IPAddress(address) else { throw NoAddress(text: address) }
        let subject = Subject(
            address: client, helo: helo.map { HELOArgument($0) },
            mailFrom: try mailFrom.map { try MailFrom($0.utf8) })
        let world = try ZoneWorld(files: files)
        let server = ScriptedServer(
            label: "zone", latency: .zero, reply: { world.reply(to: $0) }, faults: { _ in [] })
        var network = ScriptedNetwork([server])
        let evidence = ScriptedCollector.collect(
            startedAt: Scenario.startedAt, sources: [.init(kind: .zone, name: "world.zone")],
            network: &network, next: OverlaidPlan(subject: subject, overlay: nil).questions)
        return Report(subject: subject, evidence: evidence)
    }
}
