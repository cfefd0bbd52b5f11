import DNSModel
import LookupEngine
import NetNames
import Testing

@Suite struct `Zones of files` {
    @Test(
        arguments: [
            (
                "one origin", ["$ORIGIN example.org.\nmail A 192.0.2.1\nx.y A 192.0.2.2"],
                ["example.org"]
            ),
            (
                "two origins",
                [
                    "$ORIGIN example.org.\na A 192.0.2.1\n$ORIGIN 2.0.192.in-addr.arpa.\n1 PTR a.example.org."
                ],
                ["2.0.192.in-addr.arpa", "example.org"]
            ),
            (
                "an origin below another",
                ["$ORIGIN sub.example.org.\na A 192.0.2.1\n$ORIGIN example.org.\nb A 192.0.2.1"],
                ["example.org"]
            ),
            (
                "no origin",
                ["mail.example.org. A 192.0.2.1\n1.2.0.192.in-addr.arpa. PTR mail.example.org."],
                ["2.0.192.in-addr.arpa", "example.org"]
            ),
            ("no origin, a deep name", ["a.b.c.example.co.uk. A 192.0.2.1"], ["example.co.uk"]),
            (
                "an origin that is a public suffix",
                ["$ORIGIN org.\na.b A 192.0.2.1\nc A 192.0.2.1"], ["b.org", "c.org"]
            ),
            (
                "an origin that is a reverse tree", ["$ORIGIN in-addr.arpa.\n1.2.0.192 PTR a."],
                ["2.0.192.in-addr.arpa"]
            ),
            (
                "a classless reverse name", ["1.0/25.2.0.192.in-addr.arpa. PTR a."],
                ["2.0.192.in-addr.arpa"]
            ),
            (
                "an IPv6 reverse name",
                [
                    "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.2.0.0.0.1.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa. PTR a."
                ],
                ["2.0.0.0.1.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa"]
            ),
            ("a short reverse name", ["192.in-addr.arpa. NS a."], ["192.in-addr.arpa"]),
            ("a top-level name", ["org. NS a."], ["org"]),
            (
                "loose records inside another file's zone",
                [
                    "a.sub.example.org. A 192.0.2.1",
                    "$ORIGIN sub.example.org.\n@ SOA . . 1 2 3 4 5",
                ],
                ["sub.example.org"]
            ),
            (
                "two loose files of one zone",
                ["a.example.org. A 192.0.2.1", "b.example.org. A 192.0.2.1"], ["example.org"]
            ),
            ("the same file twice", ["x. SOA . . 1 2 3 4 5", "x. SOA . . 1 2 3 4 5"], ["x"]),
            ("no records", [""], []),
        ] as [(String, [String], [String])])
    func `begin where the files say, or where convention does`(
        label: String, texts: [String], apexes: [String]
    ) throws {
        let files = try texts.map { try ZoneFile(name: "z", bytes: Array($0.utf8)) }
        let zones = try ZoneWorld(files: files).zones
        #expect(Set(zones.map(\.apex.description)) == Set(apexes))
    }

    @Test func `have a made-up SOA where the file has none, and say so`() throws {
        let world = try world("$ORIGIN example.org.\nmail A 192.0.2.1")
        #expect(world.zones.map(\.isAssumed) == [true])
        let denial = world.reply(to: try question("no.example.org A"))
        #expect(
            denial.summary
                == "NXDOMAIN aa |  | example.org SOA invalid. invalid. 1 3600 600 86400 3600 | ")
        #expect(world.reply(to: try question("other.org A")).code == .refused)
        #expect(try ZoneWorld(files: []).zones.isEmpty)
        let real = try LookupEngineTests.world("x. SOA . . 1 2 3 4 5")
        #expect(real.zones.map(\.isAssumed) == [false])
    }

    @Test func `keep a parent's delegation in its own file apart from the child`() throws {
        let parent = "$ORIGIN org.\n@ SOA . . 1 2 3 4 5\nexample NS ns.old.example.net."
        let child = "$ORIGIN example.org.\n@ SOA . . 1 2 3 4 5\n@ NS ns.new.example.net."
        let reply = try world(parent, child).reply(to: try question("example.org NS"))
        #expect(reply.summary == "NOERROR aa | example.org NS ns.new.example.net. |  | ")
    }

    @Test(
        arguments: [
            (
                "a record outside", "$ORIGIN a.\n@ SOA . . 1 2 3 4 5\nx.b. A 192.0.2.1",
                "1.zone:3: x.b lies outside every zone of this file: no SOA record above it"
            ),
            (
                "two SOA records", "a. SOA . . 1 2 3 4 5\na. SOA . . 2 2 3 4 5",
                "1.zone:2: a has a second, different SOA record"
            ),
            (
                "two aliases", "x.a.b. CNAME y.\nx.a.b. CNAME z.",
                "1.zone:1: x.a.b has a second, different CNAME record"
            ),
            (
                "an alias beside data", "x.a.b. A 192.0.2.1\n\nX.a.b. CNAME z.",
                "1.zone:3: X.a.b has a CNAME record beside other records"
            ),
            (
                "an alias at the apex", "a.\tSOA . . 1 2 3 4 5\n\tCNAME z.",
                "1.zone:2: a has a CNAME record beside other records"
            ),
            ("an alias at an assumed apex", "a.b. CNAME z.", nil),
            ("a syntax error", "a. A 1.2.3", "1.zone:1: not an IPv4 address: 1.2.3"),
            (
                "hostile bytes in an owner",
                "$ORIGIN a.\n@ SOA . . 1 2 3 4 5\n\\027[31m.b. A 192.0.2.1",
                "1.zone:3: \\027[31m.b lies outside every zone of this file: no SOA record above it"
            ),
            (
                "an alias with its signature",
                "$ORIGIN a.\n@ SOA . . 1 2 3 4 5\nb CNAME c\nb TYPE46 \\# 0", nil
            ),
            (
                "the same alias twice", "$ORIGIN a.\n@ SOA . . 1 2 3 4 5\nb CNAME c\nb 5 CNAME C",
                nil
            ),
        ] as [(String, String, String?)])
    func `that contradict themselves are refused with file and line`(
        label: String, text: String, sentence: String?
    ) throws {
        var found: String?
        do {
            _ = try ZoneWorld(files: [try ZoneFile(name: "1.zone", bytes: Array(text.utf8))])
        } catch {
            found = error.located
        }
        #expect(found == sentence)
    }
}
