import DNSModel
import LookupEngine
import NetNames
import Testing

@Suite struct `An overlay` {
    private static let source = """
        $ORIGIN example.org.
        @ SOA . . 1 2 3 4 5
        mail A 192.0.2.1
        mail A 192.0.2.2
        www CNAME mail
        $ORIGIN 2.0.192.in-addr.arpa.
        @ SOA . . 1 2 3 4 5
        1 CNAME 1.0/25
        0/25 NS ns.lost.
        """
    private static let plan = """
        mail.example.org. A 192.0.2.9
        new.deep.example.org. A 192.0.2.10
        www.example.org. A 192.0.2.11
        old.example.org. CNAME mail.example.org.
        far.example.org. CNAME elsewhere.example.net.
        ring.example.org. CNAME ring.example.org.
        1.0/25.2.0.192.in-addr.arpa. PTR mail.example.org.
        """

    @Test(
        arguments: [
            (
                "replaces a set entirely", "mail.example.org A",
                "NOERROR aa | mail.example.org A 192.0.2.9 |  | "
            ),
            (
                "leaves other types", "mail.example.org MX",
                "NOERROR aa |  | example.org SOA . . 1 2 3 4 5 | "
            ),
            (
                "creates a name", "new.deep.example.org A",
                "NOERROR aa | new.deep.example.org A 192.0.2.10 |  | "
            ),
            (
                "makes other types of a new name NODATA", "new.deep.example.org MX",
                "NOERROR aa |  | example.org SOA . . 1 2 3 4 5 | "
            ),
            (
                "makes the names above exist", "deep.example.org A",
                "NOERROR aa |  | example.org SOA . . 1 2 3 4 5 | "
            ),
            (
                "creates nothing beside", "other.deep.example.org A",
                "NXDOMAIN aa |  | example.org SOA . . 1 2 3 4 5 | "
            ),
            (
                "replaces an alias by data", "www.example.org A",
                "NOERROR aa | www.example.org A 192.0.2.11 |  | "
            ),
            (
                "follows a planned alias inside the plan", "old.example.org A",
                "NOERROR aa | old.example.org CNAME mail.example.org., mail.example.org A 192.0.2.9 |  | "
            ),
            (
                "leaves a planned alias unfinished where the plan ends", "far.example.org A",
                "NOERROR aa | far.example.org CNAME elsewhere.example.net. |  | "
            ),
            (
                "stops at a planned ring", "ring.example.org A",
                "NOERROR aa | ring.example.org CNAME ring.example.org. |  | "
            ),
            (
                "ends the source's chain at a planned record", "1.2.0.192.in-addr.arpa PTR",
                "NOERROR aa | 1.2.0.192.in-addr.arpa CNAME 1.0/25.2.0.192.in-addr.arpa., "
                    + "1.0/25.2.0.192.in-addr.arpa PTR mail.example.org. |  | "
            ),
            (
                "changes the end of a chain that it does not begin", "www.example.org AAAA",
                "NOERROR aa | www.example.org CNAME mail.example.org. | example.org SOA . . 1 2 3 4 5 | "
            ),
            ("cannot know what nobody knows", "example.com A", "REFUSED |  |  | "),
        ])
    func `lies over a world`(label: String, text: String, summary: String) throws {
        let world = try world(Self.source)
        let overlay = Overlay(records: try records(Self.plan))
        let asked = try question(text)
        let reply =
            overlay.reply(to: asked) ?? overlay.laid(over: world.reply(to: asked), for: asked)
        #expect(reply.summary == summary)
    }

    @Test(
        arguments: [
            ("a.example. CNAME b.example.\na.example. A 192.0.2.1", 2, "beside other records"),
            ("a.example. A 192.0.2.1\na.example. CNAME b.example.", 2, "beside other records"),
            (
                "a.example. CNAME b.example.\na.example. CNAME c.example.", 2,
                "second, different CNAME"
            ),
            ("a. SOA . . 1 2 3 4 5\na. SOA . . 2 2 3 4 5", 2, "second, different SOA"),
            ("a.example. CNAME a.example.", 1, "an alias of itself"),
            (
                "a.example. CNAME b.example.\nb.example. CNAME A.example.", 2,
                "b.example is an alias that leads back to itself"
            ),
            (
                "c.example. CNAME a.example.\nb.example. CNAME c.example.\n"
                    + "z.example. CNAME a.example.\na.example. CNAME b.example.", 4,
                "a.example is an alias that leads back to itself"
            ),
            ("*.example. A 192.0.2.1", 1, "a wildcard"),
            ("1.2.0.192.in-addr.arpa. A 192.0.2.1", 1, "cannot have an address record"),
            ("; nothing", 1, "no record is planned"),
        ])
    func `is refused where it contradicts itself`(text: String, line: Int, what: String) throws {
        let file = try ZoneFile(name: "planned.zone", bytes: Array("$TTL 1h\n\(text)\n".utf8))
        let error = try #require(throws: WorldError.self) { try Overlay(file: file) }
        #expect(error.located.contains(what), "\(error.located)")
        #expect(error.line == (text.hasPrefix(";") ? 1 : line + 1))
    }

    /// Aliases that only lead to one another are a chain, however many.
    @Test func `may hold a chain of aliases, which costs no more than its length`() throws {
        let text = (0..<5000).reversed().map { "n\($0).example. 60 CNAME n\($0 + 1).example.\n" }
        let whole = text.joined() + "n7.example. 60 CNAME n8.example.\n"
        let file = try ZoneFile(name: "planned.zone", bytes: Array(whole.utf8))
        #expect(try !Overlay(file: file).isEmpty)
    }

    @Test func `may repeat itself`() throws {
        let text = "a.example. 60 CNAME b.example.\na.example. 90 CNAME b.example.\n"
        let file = try ZoneFile(name: "planned.zone", bytes: Array(text.utf8))
        #expect(try !Overlay(file: file).isEmpty)
    }

    @Test func `answers only what is planned`() throws {
        let overlay = Overlay(records: try records(Self.plan))
        #expect(overlay.reply(to: try question("mail.example.org AAAA")) == nil)
        #expect(overlay.reply(to: try question("deep.example.org A")) == nil)
        #expect(overlay.reply(to: try question("1.2.0.192.in-addr.arpa PTR")) == nil)
        #expect(!overlay.isEmpty)
    }

    @Test func `without records changes nothing`() throws {
        let overlay = Overlay(records: [])
        let asked = try question("mail.example.org A")
        let reply = try world(Self.source).reply(to: asked)
        #expect(overlay.isEmpty)
        #expect(overlay.reply(to: asked) == nil)
        #expect(overlay.laid(over: reply, for: asked) == reply)
    }

    // MARK: Updates

    private static let update = """
        ; what nsupdate takes
        server ns1.example.org
        zone example.org.
        update delete mail.example.org. A 192.0.2.1
        update add mail.example.org. 60 IN A 192.0.2.3
        update delete www.example.org. CNAME
        update add www.example.org. 60 IN TXT "a ; b"
        update add new.deep.example.org 60 A 192.0.2.10
        send
        update delete 0/25.2.0.192.in-addr.arpa.
        del far.example.org.
        add far.example.org. 60 A 192.0.2.7
        send
        """

    @Test(
        arguments: [
            (
                "adds to a set and takes out of it", "mail.example.org A",
                "NOERROR aa | mail.example.org A 192.0.2.2, mail.example.org A 192.0.2.3 |  | "
            ),
            (
                "leaves other types", "mail.example.org MX",
                "NOERROR aa |  | example.org SOA . . 1 2 3 4 5 | "
            ),
            (
                "deletes an alias", "www.example.org A",
                "NOERROR aa |  | example.org SOA invalid. invalid. 1 3600 600 86400 3600 | "
            ),
            (
                "puts a record in its place", "www.example.org TXT",
                "NOERROR aa | www.example.org TXT \"a ; b\" |  | "
            ),
            (
                "creates a name", "new.deep.example.org A",
                "NOERROR aa | new.deep.example.org A 192.0.2.10 |  | "
            ),
            (
                "empties a name", "0/25.2.0.192.in-addr.arpa NS",
                "NOERROR aa |  | 2.0.192.in-addr.arpa SOA invalid. invalid. 1 3600 600 86400 3600 | "
            ),
            (
                "fills an emptied name anew", "far.example.org A",
                "NOERROR aa | far.example.org A 192.0.2.7 |  | "
            ),
        ])
    func `may be an update`(label: String, text: String, summary: String) throws {
        let overlay = try Overlay(name: "planned.nsupdate", bytes: Array(Self.update.utf8))
        let asked = try question(text)
        // The delegation of the other tests' world would hide its own NS records.
        let source = Self.source.replacing(
            "0/25 NS ns.lost.", with: "0/25 SOA . . 1 2 3 4 5\n0/25 NS ns.lost.")
        let world = try world(source)
        let reply =
            overlay.reply(to: asked) ?? overlay.laid(over: world.reply(to: asked), for: asked)
        #expect(reply.summary == summary)
    }

    @Test func `of an unknown set stays unknown`() throws {
        let update = "update add a.example.com. 60 A 192.0.2.1\nupdate delete b.example.com. A\n"
        let overlay = try Overlay(name: "planned", bytes: Array(update.utf8))
        for text in ["a.example.com A", "b.example.com A"] {
            let asked = try question(text)
            let source = try world(Self.source).reply(to: asked)
            #expect(overlay.reply(to: asked) == nil)
            #expect(overlay.laid(over: source, for: asked) == source)
        }
    }

    @Test(
        arguments: [
            ("update frobnicate a.example. A", "not a line of an update: frobnicate"),
            ("prereq nxdomain a.example.", "not a line of an update: prereq"),
            ("update add a.example. 60 IN A 192.0.2", "planned:2: "),
            ("update add $GENERATE 1-9 $ A 192.0.2.$", "not a line of an update"),
            ("update add  ", "not a line of an update"),
            ("update delete", "not a line of an update"),
            ("update delete a.example. BOGUS", "not a line of an update: BOGUS"),
            ("update delete a.example. A 192.0.2", "planned:2: "),
            ("update delete a..example. A", "planned:2: "),
            ("update add x.example. 60 CNAME y.example.", "beside other records"),
            ("update add *.example. 60 A 192.0.2.1", "a wildcard"),
            (
                "add y.example. 60 CNAME z.example.\nadd z.example. 60 CNAME y.example.",
                "planned:3: z.example is an alias that leads back to itself"
            ),
        ])
    func `is refused where it is no update`(line: String, what: String) throws {
        let text = "update add x.example. 60 A 192.0.2.1\n\(line)\n"
        let error = try #require(throws: WorldError.self) {
            try Overlay(name: "planned", bytes: Array(text.utf8))
        }
        #expect(error.located.contains(what), "\(error.located)")
        #expect(error.line == (what.hasPrefix("planned:3:") ? 3 : 2))
    }

    @Test func `may take an alias out again that would lead back`() throws {
        let text = """
            update add y.example. 60 CNAME z.example.
            update delete y.example. CNAME
            update add z.example. 60 CNAME y.example.

            """
        #expect(try !Overlay(name: "planned", bytes: Array(text.utf8)).isEmpty)
    }

    @Test func `is an update by its lines alone`() {
        #expect(PlannedUpdate.isUpdate(Array("\tUPDATE  Delete x A\r\n".utf8)))
        #expect(!PlannedUpdate.isUpdate(Array("update A 192.0.2.1\nadd A 192.0.2.1\n".utf8)))
        #expect(!PlannedUpdate.isUpdate(Array("; update add\n".utf8)))
    }
}
