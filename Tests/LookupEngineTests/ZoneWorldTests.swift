import DNSModel
import LookupEngine
import NetNames
import SenderIdentity
import Testing

/// A question and the summary of its reply.
private struct Exchange: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let question: String
    let reply: String

    static func row(_ description: String, _ question: String, _ reply: String) -> Exchange {
        Exchange(testDescription: description, question: question, reply: reply)
    }

    private static let soa = "example.org SOA ns1.example.org. h.example.org. 1 2 3 4 60"
    private static let netSOA = "example.net SOA ns1.example.net. h.example.net. 1 2 3 4 9000"

    static let all: [Exchange] = [
        row(
            "records of the type", "mail.example.org A",
            "NOERROR aa | mail.example.org A 192.0.2.1, mail.example.org A 192.0.2.2 |  | "),
        row(
            "without case, spelled as in the file", "MAIL.EXAMPLE.ORG aaaa",
            "NOERROR aa | Mail.example.org AAAA 2001:db8::1 |  | "),
        row("the apex", "example.org MX", "NOERROR aa | example.org MX 10 mail.example.org. |  | "),
        row(
            "the apex's own servers", "example.org NS",
            "NOERROR aa | example.org NS ns1.example.org. |  | "),
        row(
            "every type at once", "two.example.org ANY",
            "NOERROR aa | two.example.org A 192.0.2.9, two.example.org MX 1 . |  | "),
        row("a type the name lacks", "mail.example.org TXT", "NOERROR aa |  | \(soa) | "),
        row("an empty non-terminal", "b.example.org A", "NOERROR aa |  | \(soa) | "),
        row("above a wildcard alone", "wild.example.org A", "NOERROR aa |  | \(soa) | "),
        row("a name that is not there", "no.example.org A", "NXDOMAIN aa |  | \(soa) | "),
        row("below a name with records", "x.mail.example.org A", "NXDOMAIN aa |  | \(soa) | "),
        row("below an empty non-terminal", "x.b.example.org A", "NXDOMAIN aa |  | \(soa) | "),
        row(
            "a wildcard", "x.wild.example.org A",
            "NOERROR aa | x.wild.example.org A 192.0.2.7 |  | "),
        row(
            "a wildcard over two labels", "y.x.wild.example.org A",
            "NOERROR aa | y.x.wild.example.org A 192.0.2.7 |  | "),
        row("a wildcard without the type", "x.wild.example.org MX", "NOERROR aa |  | \(soa) | "),
        row(
            "the wildcard itself", "*.wild.example.org A",
            "NOERROR aa | *.wild.example.org A 192.0.2.7 |  | "),
        row(
            "a name beside a wildcard", "there.wild.example.org A",
            "NOERROR aa |  | \(soa) | "),
        row(
            "below a name beside a wildcard", "x.there.wild.example.org A",
            "NXDOMAIN aa |  | \(soa) | "),
        row(
            "a wildcard alias", "x.star.example.org A",
            "NOERROR aa | x.star.example.org CNAME mail.example.org., "
                + "mail.example.org A 192.0.2.1, mail.example.org A 192.0.2.2 |  | "),
        row(
            "a wildcard that is an empty non-terminal", "x.hollow.example.org A",
            "NOERROR aa |  | \(soa) | "),
        row(
            "an alias inside the zone", "www.example.org AAAA",
            "NOERROR aa | www.example.org CNAME mail.example.org., "
                + "Mail.example.org AAAA 2001:db8::1 |  | "),
        row(
            "the alias itself", "www.example.org CNAME",
            "NOERROR aa | www.example.org CNAME mail.example.org. |  | "),
        row(
            "an alias into another file's zone", "net.example.org A",
            "NOERROR aa | net.example.org CNAME a.example.net., a.example.net A 192.0.2.3 |  | "),
        row(
            "an alias whose end lacks the type", "net.example.org MX",
            "NOERROR aa | net.example.org CNAME a.example.net. | \(netSOA) | "),
        row(
            "an alias that dangles", "dangling.example.org A",
            "NXDOMAIN aa | dangling.example.org CNAME no.example.net. | \(netSOA) | "),
        row(
            "an alias that leaves every zone", "out.example.org A",
            "REFUSED | out.example.org CNAME away.example.com. |  | "),
        row(
            "an alias of itself", "self.example.org A",
            "NOERROR aa | self.example.org CNAME self.example.org. |  | "),
        row(
            "aliases in a ring", "ring.example.org A",
            "NOERROR aa | ring.example.org CNAME gnir.example.org., "
                + "gnir.example.org CNAME ring.example.org. |  | "),
        row(
            "an alias into a delegation", "gone.example.org A",
            "NOERROR | gone.example.org CNAME a.lost.example.org. | "
                + "lost.example.org NS ns.lost.example.org., lost.example.org NS ns.example.com. | "
                + "ns.lost.example.org A 192.0.2.8"),
        row("a delegated name", "lost.example.org A", lost),
        row("below a delegation", "x.y.lost.example.org A", lost),
        row("glue itself", "ns.lost.example.org A", lost),
        row("the servers of a delegation", "lost.example.org NS", lost),
        row("a delegation below a delegation", "a.deep.lost.example.org A", lost),
        row(
            "a child zone that is loaded", "mail.kid.example.org A",
            "NOERROR aa | mail.kid.example.org A 192.0.2.4 |  | "),
        row(
            "a name that the child denies", "no.kid.example.org A",
            "NXDOMAIN aa |  | kid.example.org SOA . . 1 2 3 4 5 | "),
        row("outside every zone", "example.com A", "REFUSED |  |  | "),
        row("above every zone", "org SOA", "REFUSED |  |  | "),
        row("a name whose bytes end alike", "notexample.org A", "REFUSED |  |  | "),
        row("the root", ". NS", "REFUSED |  |  | "),
    ]

    private static let lost =
        "NOERROR |  | lost.example.org NS ns.lost.example.org., lost.example.org NS ns.example.com. | "
        + "ns.lost.example.org A 192.0.2.8"
}

@Suite struct `A world of zones` {
    private static let org = """
        $ORIGIN example.org.
        $TTL 300
        @ SOA ns1 h 1 2 3 4 60
        @ NS ns1
        @ MX 10 mail
        mail A 192.0.2.1
        mail A 192.0.2.2
        mail 60 A 192.0.2.1
        Mail AAAA 2001:db8::1
        two A 192.0.2.9
        two MX 1 .
        a.b A 192.0.2.5
        *.wild A 192.0.2.7
        there.wild TXT here
        *.star CNAME mail
        under.*.hollow A 192.0.2.1
        www CNAME mail
        net CNAME a.example.net.
        dangling CNAME no.example.net.
        out CNAME away.example.com.
        self CNAME self
        ring CNAME gnir
        gnir CNAME ring
        gone CNAME a.lost
        lost NS ns.lost
        lost NS ns.example.com.
        ns.lost A 192.0.2.8
        deep.lost NS ns.lost
        kid NS ns.kid
        """
    private static let others = """
        $ORIGIN example.net.
        @ 60 SOA ns1 h 1 2 3 4 9000
        a A 192.0.2.3
        $ORIGIN kid.example.org.
        @ SOA . . 1 2 3 4 5
        mail A 192.0.2.4
        """

    @Test(arguments: Exchange.all)
    private func `answers as an authoritative server does`(exchange: Exchange) throws {
        let world = try world(Self.org, Self.others)
        #expect(world.reply(to: try question(exchange.question)).summary == exchange.reply)
    }

    @Test func `gives a denial the smaller of the SOA's TTL and minimum`() throws {
        let world = try world(Self.org, Self.others)
        let byMinimum = world.reply(to: try question("no.example.org A"))
        #expect(byMinimum.authority.map(\.ttl) == [60])
        let byTTL = world.reply(to: try question("no.example.net A"))
        #expect(byTTL.authority.map(\.ttl) == [60])
        let positive = world.reply(to: try question("example.org SOA"))
        #expect(positive.answers.map(\.ttl) == [300])
    }

    @Test(
        arguments: [
            ("example.com A", "refused"), ("out.example.org A", "refused"),
            ("lost.example.org A", "lame"), ("gone.example.org A", "lame"),
            ("ring.example.org A", "alias-loop"), ("self.example.org A", "alias-loop"),
        ])
    func `what it does not know is a failure to the client, never an absence`(
        text: String, failure: String
    ) throws {
        let asked = try question(text)
        let reply = try world(Self.org, Self.others).reply(to: asked)
        #expect(outcome(of: reply, to: asked).failure?.rawValue == failure)
    }

    @Test func `ends a chain of aliases that is longer than any client follows`() throws {
        let chain = "$ORIGIN example.org.\n@ SOA . . 1 2 3 4 5\n$GENERATE 0-99 c$ CNAME c${1}\n"
        let asked = try question("c0.example.org A")
        let reply = try world(chain).reply(to: asked)
        #expect(reply.answers.count == 16)
        #expect(outcome(of: reply, to: asked) == .failed(.aliasChainTooLong))
    }

    @Test func `may be the whole DNS when a file has the root's SOA`() throws {
        let world = try world(". SOA . . 1 2 3 4 5\nexample.org. A 192.0.2.1")
        #expect(world.reply(to: try question("x.test A")).code == .noSuchName)
        #expect(
            world.reply(to: try question("org A")).summary
                == "NOERROR aa |  | . SOA . . 1 2 3 4 5 | ")
    }
}
