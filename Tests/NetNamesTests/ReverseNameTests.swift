import NetNames
import Testing

@Suite struct `A reverse name` {
    @Test(
        arguments: [
            ("157.56.110.65", "65.110.56.157.in-addr.arpa"),
            ("198.51.100.25", "25.100.51.198.in-addr.arpa"),
            ("0.0.0.0", "0.0.0.0.in-addr.arpa"), ("1.10.100.255", "255.100.10.1.in-addr.arpa"),
            ("::ffff:192.0.2.1", "1.2.0.192.in-addr.arpa"),
            (
                "2001:db8::567:89ab",
                "b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa"
            ),
        ])
    func `is made from an address and read back`(text: String, reverse: String) throws {
        let address = try #require(IPAddress(text))
        let name = ReverseName.name(of: address)
        #expect(name.description == reverse)
        #expect(ReverseName.address(of: name) == address)
        #expect(ReverseName.address(of: try #require(DomainName(reverse.uppercased()))) == address)
        #expect(ReverseName.contains(name))
    }

    @Test(
        arguments: [
            "in-addr.arpa", "100.51.198.in-addr.arpa", "1.0/25.2.0.192.in-addr.arpa",
            "25.0.100.51.198.in-addr.arpa", "256.0.0.1.in-addr.arpa", "01.0.0.1.in-addr.arpa",
            "+1.0.0.1.in-addr.arpa", "x.0.0.1.in-addr.arpa", "1.2.3.4.example.org",
            "1.2.3.4.ip6.arpa", "1.2.3.4.xin-addr.arpa", "ip6.arpa", ".",
            "10.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa",
            "g.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa",
            "a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa",
        ])
    func `stands for no address when partial, classless or foreign`(text: String) throws {
        #expect(ReverseName.address(of: try #require(DomainName(text))) == nil)
    }

    @Test(
        arguments: [
            ("in-addr.arpa", "0.0.0.0/0"), ("10.in-addr.arpa", "10.0.0.0/8"),
            ("16.172.IN-ADDR.arpa", "172.16.0.0/16"), ("5.0.0.10.in-addr.arpa", "10.0.0.5/32"),
            ("5.0/26.0.0.10.in-addr.arpa", "10.0.0.0/24"), ("x.10.in-addr.arpa", "10.0.0.0/8"),
            ("01.10.in-addr.arpa", "10.0.0.0/8"), ("1.300.in-addr.arpa", "0.0.0.0/0"),
            ("_x.9.5.0.0.10.in-addr.arpa", "10.0.0.5/32"), ("ip6.arpa", "::/0"),
            ("f.ip6.arpa", "f000::/4"), ("0.8.E.F.ip6.arpa", "fe80::/16"),
            ("8.e.f.ip6.arpa", "fe80::/12"), ("10.e.f.ip6.arpa", "fe00::/8"),
            ("b.d.0.1.0.0.2.ip6.arpa", "2001:db0::/28"),
        ])
    func `tells the block whose zone it lies in`(name: String, block: String) throws {
        let found = ReverseName.block(of: try #require(DomainName(name)))
        #expect(found?.description == block)
    }

    @Test func `tells the block of a whole IPv6 name, and none elsewhere`() throws {
        let address = try #require(IPAddress("2001:db8::567:89ab"))
        let below = try #require(DomainName("a.b." + ReverseName.name(of: address).description))
        #expect(ReverseName.block(of: below)?.description == "2001:db8::567:89ab/128")
        for outside in ["arpa", "5.0.0.10.example.org", "in-addr.arpa.example", "."] {
            #expect(ReverseName.block(of: try #require(DomainName(outside))) == nil)
        }
    }

    @Test func `lies in the reverse tree or not`() throws {
        for inside in ["in-addr.arpa", "1.0/25.2.0.192.IN-ADDR.arpa", "8.ip6.arpa"] {
            #expect(ReverseName.contains(try #require(DomainName(inside))))
        }
        for outside in ["arpa", "addr.arpa", "xin-addr.arpa", "in-addr.arpa.example", "."] {
            #expect(!ReverseName.contains(try #require(DomainName(outside))))
        }
    }

    @Test func `written forwards is another address's name, but a palindrome has none`() throws {
        let forwards = ReverseName.writtenForwards(try #require(IPAddress("198.51.100.25")))
        #expect(forwards?.description == "198.51.100.25.in-addr.arpa")
        #expect(ReverseName.writtenForwards(try #require(IPAddress("10.1.1.10"))) == nil)
        #expect(ReverseName.writtenForwards(try #require(IPAddress("2001:db8::1"))) == nil)
    }

    @Test func `has a conventional zone`() throws {
        let zone = { ReverseName.conventionalZone(of: $0).description }
        #expect(zone(try #require(IPAddress("198.51.100.25"))) == "100.51.198.in-addr.arpa")
        #expect(
            zone(try #require(IPAddress("2001:db8:1:2::1")))
                == "2.0.0.0.1.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa")
    }
}

@Suite struct `The registrable domain` {
    @Test(
        arguments: [
            ("na01-bn1-obe.outbound.protection.outlook.com", "outlook.com"),
            ("MAIL.Example.ORG", "example.org"), ("example.org", "example.org"), ("org", nil),
            (".", nil), ("a.b.example.co.uk", "example.co.uk"), ("co.uk", nil),
            // Wildcard and exception rules: *.ck, !www.ck; *.kobe.jp, !city.kobe.jp.
            ("ck", nil), ("test.ck", nil), ("b.test.ck", "b.test.ck"), ("a.b.test.ck", "b.test.ck"),
            ("www.ck", "www.ck"), ("www.www.ck", "www.ck"), ("c.kobe.jp", nil),
            ("b.c.kobe.jp", "b.c.kobe.jp"), ("city.kobe.jp", "city.kobe.jp"),
            ("www.city.kobe.jp", "city.kobe.jp"), ("kobe.jp", "kobe.jp"),
            // No rule: the top-level domain counts as the suffix.
            ("isp.example", "isp.example"), ("ns1.isp.example", "isp.example"), ("example", nil),
            ("mail.bulk.test", "bulk.test"), ("localhost", nil),
            // A private suffix of the list, and an internationalized one.
            ("a.b.github.io", "b.github.io"), ("github.io", nil),
            ("www.xn--85x722f.com.cn", "xn--85x722f.com.cn"),
            ("www.shishi.xn--fiqs8s", "shishi.xn--fiqs8s"), ("xn--fiqs8s", nil),
            ("25.100.51.198.in-addr.arpa", "198.in-addr.arpa"), ("in-addr.arpa", nil),
        ] as [(String, String?)])
    func `follows the list's rules`(text: String, domain: String?) throws {
        let name = try #require(DomainName(text))
        #expect(RegistrableDomain.of(name)?.description == domain)
    }

    @Test(
        arguments: [
            ("mail-bn1on0065.outbound.protection.outlook.com", "NA01-bn1-obe.OUTLOOK.com", true),
            ("example.org", "mail.example.org", true), ("a.co.uk", "b.co.uk", false),
            ("a.example.org", "a.example.net", false), ("com", "com", false),
            ("x.test.ck", "y.test.ck", false), ("a.x.test.ck", "x.test.ck", true),
            ("example.org", "notexample.org", false),
            // Below a registrable domain, a deeper suffix makes another organization.
            ("jp", "city.kobe.jp", false), ("kobe.jp", "b.c.kobe.jp", false),
        ])
    func `is shared within an organization`(one: String, other: String, same: Bool) throws {
        let one = try #require(DomainName(one))
        let other = try #require(DomainName(other))
        #expect(RegistrableDomain.areSame(one, other) == same)
        #expect(RegistrableDomain.areSame(other, one) == same)
    }

    @Test func `comes from a dated list`() {
        #expect(RegistrableDomain.listDate.utf8.count == 10)
        #expect(RegistrableDomain.listDate.utf8.filter { $0 == Ascii.hyphen }.count == 2)
    }
}
