import DNSModel
import NetNames
import Testing

@Suite struct `The master-file reader` {
    @Test func `reads a whole zone with every directive`() throws {
        let text = """
            ; a byte order mark and CR LF are tested elsewhere
            $ORIGIN example.org.
            $TTL 1h30m
            @   IN SOA ns1 hostmaster ( 1 ; serial
                    2h 10m  ; refresh, retry
                    2w 1h )
                    NS ns1
                    NS ns2.example.net.
            ns1 300 A 192.0.2.1
                AAAA 2001:db8::1
            $ORIGIN sub
            www CNAME @
            $TTL 60
            ftp A 192.0.2.2
            """
        #expect(
            try lines(text) == [
                "example.org. 5400 IN SOA ns1.example.org. hostmaster.example.org. "
                    + "1 7200 600 1209600 3600",
                "example.org. 5400 IN NS ns1.example.org.",
                "example.org. 5400 IN NS ns2.example.net.",
                "ns1.example.org. 300 IN A 192.0.2.1",
                "ns1.example.org. 5400 IN AAAA 2001:db8::1",
                "www.sub.example.org. 5400 IN CNAME sub.example.org.",
                "ftp.sub.example.org. 60 IN A 192.0.2.2",
            ])
    }

    @Test func `remembers line and origin of every record`() throws {
        let text = "$ORIGIN example.org.\n\n@ MX (\n 1\n . )\n$ORIGIN example.net.\nx MX 1 ."
        let entries = try MasterFileReader.read(Array(text.utf8)).entries
        #expect(entries.map(\.line) == [3, 7])
        #expect(entries.map(\.origin.description) == ["example.org", "example.net"])
    }

    @Test func `accepts CR LF, tabs, a byte order mark and a last line without an end`() throws {
        let bytes = [0xef, 0xbb, 0xbf] + Array("$ORIGIN a.\r\n\tb\tMX\t1 .".utf8)
        #expect(throws: MasterFileError(line: 2, .missingOwner)) {
            try MasterFileReader.read(bytes)
        }
        #expect(
            try lines("x.\tMX\t1 .\r\n\r\n \tMX 2 .") == ["x. 3600 IN MX 1 .", "x. 3600 IN MX 2 ."])
    }

    @Test(
        arguments: zip(
            [
                "a. MX 1 .", "a. 60 MX 1 .\nb. MX 1 .", "$TTL 5\na. 60 MX 1 .\nb. MX 1 .",
                "a. SOA . . 1 2 3 4 77\nb. MX 1 .", "a. 9 SOA . . 1 2 3 4 77\nb. MX 1 .",
                "$TTL 8\na. SOA . . 1 2 3 4 77\nb. MX 1 .",
            ],
            [[3600], [60, 60], [60, 5], [77, 77], [9, 9], [8, 8]] as [[UInt32]]))
    func `takes a missing TTL from the right place`(text: String, ttls: [UInt32]) throws {
        let entries = try MasterFileReader.read(Array(text.utf8)).entries
        #expect(entries.map(\.record.ttl) == ttls)
    }

    @Test func `hangs relative names on the root without an origin`() throws {
        #expect(
            try lines("mail.example.org A 192.0.2.1") == ["mail.example.org. 3600 IN A 192.0.2.1"])
    }

    @Test func `reads an empty file`() throws {
        #expect(try lines("") == [])
        #expect(try lines("\n ; nothing\n\t\n( ; open\n )\n") == [])
    }

    @Test func `refuses a file that is too large`() {
        let bytes = [UInt8](repeating: Ascii.lineFeed, count: MasterFileLimits.fileBytes + 1)
        #expect(throws: MasterFileError(line: 1, .fileTooLarge)) {
            try MasterFileReader.read(bytes)
        }
    }

    @Test func `holds a record of the largest size in its longest spelling, and no larger`() throws
    {
        let string = "\"" + String(repeating: "\\255", count: 255) + "\" "
        let fits = "a. TXT " + String(repeating: string, count: 255) + "\"" + "\""
        let record = try #require(try MasterFileReader.read(Array(fits.utf8)).entries.first?.record)
        guard case .txt(let strings) = record.data else {
            Issue.record("not a text")
            return
        }
        #expect(strings.count == 256)
        let tooLong =
            "a. TXT "
            + String(repeating: "\"" + String(repeating: "x", count: 255) + "\" ", count: 257)
        #expect(throws: MasterFileError(line: 1, .dataTooLong)) {
            try MasterFileReader.read(Array(tooLong.utf8))
        }
    }
}

func lines(_ text: String) throws -> [String] {
    try MasterFileReader.read(Array(text.utf8)).entries.map { MasterFilePrinter.line($0.record) }
}
