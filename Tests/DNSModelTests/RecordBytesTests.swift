import DNSModel
import NetNames
import Testing

@Suite struct `Data in wire form` {
    private static let soa: [UInt8] =
        [1, 0x61, 0] + [0] + [0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, 0xff, 0, 0, 5]

    @Test func `is read where it fits its type`() throws {
        let name = try #require(DomainName("a"))
        let wire: [UInt8] = [1, 0x61, 0]
        #expect(RecordData(type: .a, uncompressed: [192, 0, 2, 1]) == .address(.v4(0xc000_0201)))
        #expect(RecordData(type: .ns, uncompressed: wire) == .ns(name))
        #expect(RecordData(type: .cname, uncompressed: wire) == .cname(name))
        #expect(RecordData(type: .ptr, uncompressed: wire) == .ptr(name))
        #expect(
            RecordData(type: .mx, uncompressed: [1, 2] + wire)
                == .mx(preference: 258, exchange: name))
        #expect(RecordData(type: .txt, uncompressed: [1, 65, 0]) == .txt([[65], []]))
        #expect(RecordData(type: .txt, uncompressed: []) == .txt([]))
        #expect(
            RecordData(type: .soa, uncompressed: Self.soa)
                == .soa(
                    StartOfAuthority(
                        primary: name, mailbox: .root, serial: 1, refresh: 2, retry: 3, expire: 4,
                        minimum: 0xff00_0005)))
    }

    @Test(
        arguments: [
            (.a, []), (.a, [1, 2, 3]), (.a, [1, 2, 3, 4, 5]), (.aaaa, [1, 2, 3, 4]),
            (.aaaa, Array(repeating: 0, count: 10) + [255, 255, 192, 0, 2, 1]),
            (.ptr, []), (.ptr, [1]), (.ptr, [1, 0x61]), (.ptr, [0, 0]), (.ptr, [0xc0, 0]),
            (.cname, [64] + Array(repeating: 1, count: 64) + [0]), (.ns, [2, 0x61, 0]),
            (.mx, [0, 1]), (.mx, [0, 1, 1]), (.txt, [1]), (.txt, [0, 2, 65]),
            (.soa, []), (.soa, [0]), (.soa, Array(soa.dropLast())), (.soa, soa + [0]),
            (.soa, [9, 9]), (RecordType(rawValue: 999), [1, 2]),
        ] as [(RecordType, [UInt8])])
    func `is kept as it is where it does not`(type: RecordType, bytes: [UInt8]) {
        #expect(RecordData(type: type, uncompressed: bytes) == .other(type, bytes))
    }
}
