import DNSModel
import NetNames
import SPF
import Testing

/// Records derived from published ones.
@Suite struct `An SPF record is mended` {
    private func text(_ data: RecordData?) -> String? {
        data.flatMap(SPFSelection.text).map { String(decoding: $0, as: UTF8.self) }
    }

    private func allowing(_ client: String, in record: String) throws -> RecordData? {
        SPFRepair.allowing(try #require(IPAddress(client)), in: Array(record.utf8))
    }

    @Test(
        arguments: [
            ("192.0.2.6", "v=spf1 -all", "v=spf1 ip4:192.0.2.6 -all"),
            ("192.0.2.6", "V=SPF1 mx ~all", "v=spf1 ip4:192.0.2.6 mx ~all"),
            ("192.0.2.6", "v=spf1", "v=spf1 ip4:192.0.2.6"),
            (
                "2001:db8::6", "v=spf1 include:a.example redirect=b.example",
                "v=spf1 ip6:2001:db8::6 include:a.example redirect=b.example"
            ),
            ("192.0.2.6", "v=spf1 ipv4:192.0.2.7 -all", nil),
        ] as [(String, String, String?)])
    func `to allow a client`(client: String, record: String, mended: String?) throws {
        #expect(try text(allowing(client, in: record)) == mended)
    }

    /// Whatever the record says, the client passes then, and nobody is asked for it.
    @Test(
        arguments: [
            "v=spf1 -all", "v=spf1 -ip4:192.0.2.6 -all", "v=spf1 ?all",
            "v=spf1 exists:%{i}.x.example", "v=spf1 include:other.example -all",
            "v=spf1 redirect=other.example",
        ])
    func `and then passes it`(record: String) throws {
        let data = try #require(try allowing("192.0.2.6", in: record))
        let request = SPFRequest(
            helo: Array("a.example".utf8), name: DomainName("a.example"),
            client: try #require(IPAddress("192.0.2.6")), time: 0)
        let evaluation = SPFEvaluation(request) { question in
            question.type == .txt ? .records([data]) : nil
        }
        guard case .finished(let report) = evaluation else {
            Issue.record("more is asked")
            return
        }
        #expect(report.result == .pass)
    }

    @Test(
        arguments: [
            (["v=spf1 ip4:192.0.2.6 -all", "v=spf1 a -all"], "v=spf1 ip4:192.0.2.6 a -all"),
            (["v=spf1 mx ~all", "v=spf1 mx a ~ALL"], "v=spf1 mx a ~all"),
            (["v=spf1 mx", "v=spf1 a"], "v=spf1 mx a"),
            (["v=spf1 mx -all", "v=spf1 a ~all"], nil),
            (["v=spf1 mx -all", "v=spf1 a"], nil),
            (["v=spf1 include:x.example -all", "v=spf1 a -all"], nil),
            (["v=spf1 -ip4:192.0.2.6 a -all", "v=spf1 ip4:192.0.2.6 -all"], nil),
            (["v=spf1 redirect=x.example", "v=spf1 a"], nil),
            (["v=spf1 a -all exp=x.example", "v=spf1 mx -all"], nil),
            (["v=spf1 a -all", "v=spf1 bogus -all"], nil),
            (
                [
                    "v=spf1 a:1.x.example a:2.x.example a:3.x.example a:4.x.example a:5.x.example"
                        + " a:6.x.example -all",
                    "v=spf1 mx:1.x.example mx:2.x.example mx:3.x.example mx:4.x.example"
                        + " mx:5.x.example -all",
                ], nil
            ),
        ] as [([String], String?)])
    func `of two`(records: [String], merged: String?) {
        #expect(text(SPFRepair.merging(records.map { Array($0.utf8) })) == merged)
    }

    @Test(
        arguments: [
            ("v=spf1 ipv4:192.0.2.6 -all", "v=spf1 ip4:192.0.2.6 -all"),
            ("v=spf1 IPv6:2001:db8::/32  a -all", "v=spf1 ip6:2001:db8::/32 a -all"),
            ("v=spf1 +ipv4:192.0.2.6 -all", "v=spf1 +ip4:192.0.2.6 -all"),
            (
                "v=spf1 ?IPv4:192.0.2.6 ~ipv6:2001:db8::6 -all",
                "v=spf1 ?ip4:192.0.2.6 ~ip6:2001:db8::6 -all"
            ),
            ("v=spf1 -ipv4:192.0.2.6 a ?all", "v=spf1 -ip4:192.0.2.6 a ?all"),
            ("v=spf1 ++ipv4:192.0.2.6 -all", nil),
            ("v=spf1 ipv4:192.0.2 -all", nil),
            ("v=spf1  a -all", nil),
            ("v=spf1 ip4:192.0.2.6 a;mx -all", nil),
        ] as [(String, String?)])
    func `by its spelling`(record: String, mended: String?) {
        #expect(text(SPFRepair.respelling(Array(record.utf8))) == mended)
    }

    @Test func `in strings that a TXT record can hold, and in 450 bytes at most`() throws {
        let networks = (0..<20).map { "ip4:198.51.100.\($0)" }.joined(separator: " ")
        let data = try #require(try allowing("192.0.2.6", in: "v=spf1 \(networks) -all"))
        guard case .txt(let strings) = data else {
            Issue.record("no TXT record")
            return
        }
        #expect(strings.count == 2 && strings.allSatisfy { $0.count <= 255 })
        let long = "v=spf1 \(networks) \(networks) -all"
        #expect(try allowing("192.0.2.6", in: long) == nil)
    }
}
