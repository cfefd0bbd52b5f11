import DNSModel
import NetNames
import Testing

@Suite struct `Record types and response codes` {
    @Test(
        arguments: zip(
            ["A", "aaaa", "Ptr", "TYPE12", "type0065535", "SOA"],
            [1, 28, 12, 12, 65_535, 6] as [UInt16]))
    func `read mnemonics in any case and generic numbers`(text: String, value: UInt16) {
        #expect(RecordType(text)?.rawValue == value)
    }

    /// The long s becomes S and the dotless i becomes I where case is Unicode's.
    @Test(arguments: [
        "", "TYPE", "TYPE65536", "TYPE+5", "TYPE-0", "TYPE 5", "\u{17f}oa", "A ", "AA",
    ])
    func `refuse anything else as a type`(text: String) {
        #expect(RecordType(text) == nil)
    }

    @Test(
        arguments: zip(
            ["NOERROR", "nxdomain", "ServFail", "RCODE4095", "rcode3"],
            [0, 3, 2, 4095, 3] as [UInt16]))
    func `read codes in any case and generic numbers`(text: String, value: UInt16) {
        #expect(ResponseCode(text)?.rawValue == value)
    }

    @Test(arguments: ["", "RCODE", "RCODE4096", "RCODE+5", "\u{17f}ervfail", "refu\u{17f}ed"])
    func `refuse anything else as a code`(text: String) {
        #expect(ResponseCode(text) == nil)
    }

    @Test func `print as they are read`() {
        for value in UInt16(0)...300 {
            let type = RecordType(rawValue: value)
            #expect(RecordType(type.description) == type)
            let code = ResponseCode(rawValue: value)
            #expect(ResponseCode(code.description) == code)
        }
        #expect(RecordType(rawValue: 257).description == "TYPE257")
        #expect(ResponseCode(rawValue: 9).description == "RCODE9")
    }

    @Test func `know which types a zone can hold`() {
        let outside = (0...300).filter { !RecordType(rawValue: $0).isZoneData }
        #expect(outside == [0, 41] + Array(128...255))
    }

    @Test func `follow from the data`() throws {
        let name = try #require(DomainName("a.example"))
        let soa = StartOfAuthority(
            primary: name, mailbox: name, serial: 1, refresh: 2, retry: 3, expire: 4, minimum: 5)
        let data: [RecordData] = [
            .address(.v4(1)), .address(.v6(high: 1, low: 1)), .ns(name), .cname(name), .soa(soa),
            .ptr(name), .mx(preference: 1, exchange: name), .txt([[1]]), .other(.opt, []),
        ]
        let types: [RecordType] = [.a, .aaaa, .ns, .cname, .soa, .ptr, .mx, .txt, .opt]
        #expect(data.map(\.type) == types)
        #expect(ResourceRecord(name: name, ttl: 1, data: .cname(name)).type == .cname)
    }

    @Test func `a question prints its name and type and ignores case`() throws {
        let one = Question(try #require(DomainName("A.example")), .ptr)
        let other = Question(try #require(DomainName("a.EXAMPLE")), .ptr)
        #expect(one == other)
        #expect(one.description == "A.example PTR")
    }
}
