import DNSModel
import NetNames
import Testing

/// Bytes written as hex, with spaces and words of ASCII in apostrophes: `03 'www' 00`.
func bytes(_ text: String) throws -> [UInt8] {
    var result: [UInt8] = []
    for word in text.split(whereSeparator: { $0 == " " || $0 == "\n" }) {
        if word.hasPrefix("'") {
            result += Array(word.dropFirst().dropLast().utf8)
        } else {
            for start in stride(from: 0, to: word.utf8.count, by: 2) {
                let pair = String(word.dropFirst(start).prefix(2))
                result.append(try #require(UInt8(pair, radix: 16)))
            }
        }
    }
    return result
}

func name(_ text: String) throws -> DomainName {
    try #require(DomainName(text))
}

/// A generator with a seed, so that a failing case can be made again (SplitMix64).
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }
}
