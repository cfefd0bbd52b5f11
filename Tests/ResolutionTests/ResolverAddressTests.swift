import NetNames
import Resolution
import Testing

struct ResolverAddressTests {
    @Test(arguments: [
        ("192.0.2.53", "192.0.2.53#53"), ("192.0.2.53#5353", "192.0.2.53#5353"),
        ("::1", "::1#53"), ("2001:DB8::53#65535", "2001:db8::53#65535"),
        ("::ffff:192.0.2.1#1", "192.0.2.1#1"),
    ])
    func `addresses with and without a port are read`(text: String, expected: String) throws {
        #expect(try ResolverAddress(parsing: text.utf8).description == expected)
    }

    @Test(arguments: [
        ("dns.example", ResolverAddressError.isName), ("localhost#53", .isName),
        ("dns", .isName), ("", .badAddress(.empty)), ("#53", .badAddress(.empty)),
        ("192.0.2", .badAddress(.notFourOctets)), ("192.0.2.256", .badAddress(.octetOutOfRange)),
        ("fe80::1%eth0", .badAddress(.hasZone)), ("192.0.2.1#", .badPort),
        ("192.0.2.1#0", .badPort), ("192.0.2.1#65536", .badPort), ("192.0.2.1#+53", .badPort),
        ("192.0.2.1#53#54", .badPort),
        ("192.0.2.1:53", .badAddress(.unexpectedByte(46, offset: 3))),
    ])
    func `anything else says what is wrong`(text: String, error: ResolverAddressError) {
        #expect(throws: error) { try ResolverAddress(parsing: text.utf8) }
    }
}

struct SystemResolversTests {
    @Test(arguments: [
        ("nameserver 192.0.2.1\n", ["192.0.2.1#53"]),
        (
            "# nameserver 192.0.2.9\nsearch example\nnameserver\t192.0.2.1\nnameserver ::1 # x\n",
            ["192.0.2.1#53", "::1#53"]
        ),
        ("nameserver 192.0.2.1\r\nnameserver 192.0.2.1\r\n", ["192.0.2.1#53"]),
        (
            "nameserver 192.0.2.1\nnameserver 192.0.2.2\nnameserver 192.0.2.3\nnameserver 192.0.2.4",
            ["192.0.2.1#53", "192.0.2.2#53", "192.0.2.3#53"]
        ),
        ("nameserver dns.example\nnameserver fe80::1%eth0\noptions timeout:1", ["127.0.0.1#53"]),
        ("", ["127.0.0.1#53"]), ("nameserver", ["127.0.0.1#53"]),
    ])
    func `the nameserver lines are read, three at most`(file: String, expected: [String]) {
        #expect(SystemResolvers.resolvers(in: Array(file.utf8)).map(\.description) == expected)
    }

    @Test func `this system names at least one`() {
        #expect(!SystemResolvers.current().isEmpty)
    }
}
