import DNSModel
import NetNames
import Testing

@Suite struct `A $GENERATE line` {
    @Test func `makes a record for every number of its range`() throws {
        #expect(
            try lines("$ORIGIN 2.0.192.in-addr.arpa.\n$GENERATE 9-11 $ 60 IN PTR h$.example.org.")
                == [
                    "9.2.0.192.in-addr.arpa. 60 IN PTR h9.example.org.",
                    "10.2.0.192.in-addr.arpa. 60 IN PTR h10.example.org.",
                    "11.2.0.192.in-addr.arpa. 60 IN PTR h11.example.org.",
                ])
    }

    @Test func `steps and stops at the last number that fits`() throws {
        let owners = try lines("$GENERATE 0-7/3 h$. MX 1 .").map { $0.prefix(3) }
        #expect(owners == ["h0.", "h3.", "h6."])
    }

    @Test(
        arguments: zip(
            [
                "${0}", "${5}", "${-5}", "${0,4}", "${0,4,x}", "${0,1,X}", "${0,0,o}", "${1,6,d}",
                "${0,0,n}", "${0,7,n}", "${0,7,N}", "${0,8,n}", "$$", "\\$", "x$y$z", "plain",
            ],
            [
                "171", "176", "166", "0171", "00ab", "AB", "253", "000172",
                "b.a", "b.a.0.0", "B.A.0.0", "b.a.0.0.", "\\$", "\\$", "x171y171z", "plain",
            ]))
    func `formats the number as its modifier says`(template: String, label: String) throws {
        let closing = label.hasSuffix(".") ? "" : "."
        #expect(
            try lines("$GENERATE 171-171 \(template)\(closing) MX 1 .")
                == ["\(label)\(closing) 3600 IN MX 1 ."])
    }

    @Test func `cuts a quoted text into words, except for TXT`() throws {
        #expect(try lines("$GENERATE 1-1 a. MX \"$ b$.\"") == ["a. 3600 IN MX 1 b1."])
        #expect(try lines("$GENERATE 1-1 a. TXT \"$ b$\" c$") == ["a. 3600 IN TXT \"1 b1\" \"c1\""])
    }

    @Test func `sets the owner for a blank one below`() throws {
        #expect(try lines("$GENERATE 1-2 a$. MX 1 .\n MX 2 .").last == "a2. 3600 IN MX 2 .")
    }

    @Test func `may fill a /16, but not more`() throws {
        let text = "$GENERATE 0-65535 h$. A 192.0.2.1"
        #expect(try MasterFileReader.read(Array(text.utf8)).entries.count == 65_536)
    }
}
