import DNSModel
import Testing

@Suite struct `Any bytes` {
    private static let seeds = [
        "$ORIGIN example.org.\n$TTL 1h30m\n@ IN SOA ns1 h ( 1 2h 10m 2w 1h ) ; c\n NS ns1\n",
        "$GENERATE 0-9/3 h${-0,4,n}. 60 IN TXT \"a$$ ${1,2,x}\" \\$\n",
        "a\\.b\\255 IN 1w TYPE65280 \\# 3 01 02 03\nb MX 10 mail\n",
        "x TXT \"v=spf1 -all\" \"\\\"\\000\" y\nz A 192.0.2.1\nz AAAA ::ffff:192.0.2.1\n",
    ]

    /// Bytes that mean something to the reader come up more often than others.
    private static let loud = Array("$\\\"();@#.{},-/0129 \t\r\nINATXw".utf8)

    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func `are refused with a sentence or read to records that survive printing`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for round in 0..<500 {
            var bytes = Array(Self.seeds[round % Self.seeds.count].utf8)
            for _ in 0..<Int.random(in: 1...8, using: &generator) {
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                let byte =
                    Bool.random(using: &generator)
                    ? Self.loud.randomElement(using: &generator) ?? 0
                    : UInt8.random(in: .min ... .max, using: &generator)
                switch Int.random(in: 0...3, using: &generator) {
                case 0: bytes[place] = byte
                case 1: bytes.insert(byte, at: place)
                case 2 where bytes.count > 1: bytes.remove(at: place)
                default: bytes += bytes[place...].prefix(20)
                }
            }
            #expect(MasterFileRoundTrip.holds(for: bytes), "\(bytes)")
        }
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func `without any sense are refused or read, too`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            let bytes = generator.bytes(count: 0...200)
            #expect(MasterFileRoundTrip.holds(for: bytes), "\(bytes)")
        }
    }
}
