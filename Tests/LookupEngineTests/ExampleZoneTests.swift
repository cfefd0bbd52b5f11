import DNSModel
import Foundation
import LookupEngine
import NetNames
import Testing

/// The example files are what README's first command stands on, so their facts are tested here.
@Suite struct `The example` {
    private func example(_ name: String) throws -> ZoneWorld {
        let here = URL(filePath: #filePath)
        let root = here.deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let bytes = [UInt8](try Data(contentsOf: root.appending(path: "Examples/\(name)")))
        return try ZoneWorld(files: [try ZoneFile(name: name, bytes: bytes)])
    }

    private func data(_ world: ZoneWorld, _ text: String) throws -> [String] {
        world.reply(to: try question(text)).answers.map { MasterFilePrinter.data($0.data) }
    }

    @Test func `of the pool holds article B's addresses in the article's order`() throws {
        let world = try example("exchange-online.zone")
        let last = [150, 151, 152, 153, 154, 155, 156, 157, 158, 149]
        #expect(
            try data(world, "na01-bn1-obe.outbound.protection.outlook.com A")
                == last.map { "207.46.163.\($0)" })
    }

    @Test(
        arguments: [("157.56.110.65", "mail-bn1on0065")]
            + (149...158).map { ("207.46.163.\($0)", "mail-bn1lp0\($0)") })
    func `of the pool has every sending address confirmed`(text: String, host: String) throws {
        let world = try example("exchange-online.zone")
        let address = try #require(IPAddress(text))
        let name = "\(host).outbound.protection.outlook.com"
        #expect(try data(world, "\(ReverseName.name(of: address)) PTR") == ["\(name)."])
        #expect(try data(world, "\(name) A") == [text])
    }

    @Test func `without a PTR denies article A's name and names who keeps the zone`() throws {
        let world = try example("no-ptr.zone")
        let reply = world.reply(to: try question("25.100.51.198.in-addr.arpa PTR"))
        #expect(
            reply.summary
                == "NXDOMAIN aa |  | 100.51.198.in-addr.arpa SOA ns1.isp.example. "
                + "hostmaster.isp.example. 2026010101 3600 900 1209600 3600 | ")
        #expect(reply.authority.map(\.ttl) == [3600])
        #expect(try data(world, "mail.example.org A") == ["198.51.100.25"])
        #expect(try data(world, "26.100.51.198.in-addr.arpa PTR") == ["smtp.isp.example."])
        #expect(try data(world, "smtp.isp.example A") == ["198.51.100.26"])
    }
}
