import DNSModel
import LookupEngine
import NetNames
package import Remedies
import SenderIdentity

/// A plan carried out at the name servers of a walk, each with its own zones.
package enum AppliedInternet {
    /// Why the records of a step do not mend its fault by themselves; nil where they do.
    package static func reason(againstRecordsAlone step: RemedyStep) -> String? {
        switch step.action {
        case .serveZone(let service):
            service.dropped.isEmpty ? "no record makes a server load a zone" : nil
        case .synchronize: "an old copy goes by a transfer, which a record only begins"
        case .awaitResolvers: "what resolvers remember goes by waiting"
        case .createZone: "no record makes a zone"
        case .delegateZone: "the names of the servers are the holder's to fill in"
        default: nil
        }
    }

    /// The servers once the plan is carried out.
    /// - Parameters:
    ///   - servers: Those of the scenario.
    ///   - steps: The plan.
    ///   - byRecordsAlone: Whether only printed records are put in, and nothing else is done.
    /// - Returns: The same servers, and one more where the plan has somebody make a zone.
    /// - Throws: What is wrong with a zone.
    package static func servers(
        _ servers: [Scenario.NameServer], _ steps: [RemedyStep], byRecordsAlone: Bool = false
    ) throws -> [Scenario.NameServer] {
        var worlds = servers.map { Contents($0) }
        for step in steps {
            for index in worlds.indices { worlds[index].apply(step) }
            if !byRecordsAlone { act(step, &worlds) }
        }
        return try worlds.map { try $0.server }
    }

    /// The new zone's server, as the name of the placeholder is filled in.
    private static let holder = (
        name: DomainName("ns1.isp.example") ?? .root, address: IPAddress.v4(0x7f00_3503)
    )

    /// What no record can do.
    private static func act(_ step: RemedyStep, _ worlds: inout [Contents]) {
        switch step.action {
        case .createZone(let zone, _):
            if !worlds.contains(where: { $0.address == holder.address }) {
                worlds.append(Contents(address: holder.address))
            }
            for index in worlds.indices where worlds[index].address == holder.address {
                worlds[index].zones[zone] = contents(of: zone, step.records)
            }
        case .delegateZone(let zone, let keeper):
            for index in worlds.indices {
                worlds[index].zones[keeper.zone]?.append(
                    .init(name: zone, ttl: 3600, data: .ns(holder.name)))
            }
        case .serveZone(let service) where service.dropped.isEmpty:
            let addresses = Set(service.useless.servers.compactMap(\.address))
            let zone = service.useless.zone
            let copy = worlds.lazy.compactMap { $0.zones[zone] }.first
            for index in worlds.indices where addresses.contains(worlds[index].address) {
                worlds[index].faults = nil
                worlds[index].zones[zone] = copy ?? contents(of: zone, step.records)
            }
        case .synchronize(let copies):
            let zone = copies.keeper.zone
            let fresh = worlds.first { $0.address == copies.fresh.address }?.zones[zone]
            for index in worlds.indices where worlds[index].zones[zone] != nil {
                worlds[index].zones[zone] = fresh
            }
        default: break
        }
    }

    private static func contents(
        of zone: DomainName, _ records: [ResourceRecord]
    ) -> [ResourceRecord] {
        [AppliedPlan.authority(of: zone), .init(name: zone, ttl: 3600, data: .ns(holder.name))]
            + records
    }

    /// One server's zones, open for changes.
    private struct Contents {
        let address: IPAddress
        var zones: [DomainName: [ResourceRecord]] = [:]
        var faults: FaultRules?

        init(address: IPAddress) { self.address = address }

        init(_ server: Scenario.NameServer) {
            address = server.address
            faults = server.faults
            for zone in server.world.zones { zones[zone.apex] = zone.records }
        }

        var server: Scenario.NameServer {
            get throws {
                let files = zones.map { apex, records in
                    ZoneFile(name: "\(apex)", contents: MasterFile(records: records))
                }
                return .init(address: address, world: try ZoneWorld(files: files), faults: faults)
            }
        }

        /// Puts the step's records into the zone that it names, where this server has it.
        mutating func apply(_ step: RemedyStep) {
            guard let zone = step.zone, let old = zones[zone] else { return }
            var records = old.filter { !AppliedPlan.isReplaced($0, by: step) }
            for record in step.records
            where !records.contains(where: { $0.name == record.name && $0.data == record.data }) {
                records.append(record)
            }
            zones[zone] = records
        }
    }
}
