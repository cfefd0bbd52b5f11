/// SipHash-2-4 (Aumasson and Bernstein, 2012): 64 bits over bytes, with a key of 128.
///
/// Values in a shared cache carry it. With a key that only the guards have, nobody else can make one.
struct SipHash: Hashable, Sendable {
    private let key0: UInt64
    private let key1: UInt64

    /// - Parameter key: Up to 16 bytes; missing ones are zero.
    init(key: [UInt8]) {
        let padded = Array((key + [UInt8](repeating: 0, count: 16)).prefix(16))
        key0 = Self.word(padded[..<8])
        key1 = Self.word(padded[8...])
    }

    func value(of bytes: some Collection<UInt8>) -> UInt64 {
        let bytes = Array(bytes)
        var state = State(key0, key1)
        var start = 0
        while start + 8 <= bytes.count {
            state.take(Self.word(bytes[start..<(start + 8)]))
            start += 8
        }
        let count = UInt64(truncatingIfNeeded: bytes.count)
        state.take(Self.word(bytes[start...]) | count << 56)
        return state.finish()
    }

    private static func word(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        var value: UInt64 = 0
        for (place, byte) in bytes.enumerated() { value |= UInt64(byte) << UInt64(8 * place) }
        return value
    }

    private struct State {
        var v0: UInt64
        var v1: UInt64
        var v2: UInt64
        var v3: UInt64

        init(_ key0: UInt64, _ key1: UInt64) {
            v0 = key0 ^ 0x736f_6d65_7073_6575
            v1 = key1 ^ 0x646f_7261_6e64_6f6d
            v2 = key0 ^ 0x6c79_6765_6e65_7261
            v3 = key1 ^ 0x7465_6462_7974_6573
        }

        mutating func take(_ word: UInt64) {
            v3 ^= word
            for _ in 0..<2 { round() }
            v0 ^= word
        }

        mutating func finish() -> UInt64 {
            v2 ^= 0xff
            for _ in 0..<4 { round() }
            return v0 ^ v1 ^ v2 ^ v3
        }

        private mutating func round() {
            v0 &+= v1
            v1 = Self.rotated(v1, 13) ^ v0
            v0 = Self.rotated(v0, 32)
            v2 &+= v3
            v3 = Self.rotated(v3, 16) ^ v2
            v0 &+= v3
            v3 = Self.rotated(v3, 21) ^ v0
            v2 &+= v1
            v1 = Self.rotated(v1, 17) ^ v2
            v2 = Self.rotated(v2, 32)
        }

        private static func rotated(_ value: UInt64, _ by: UInt64) -> UInt64 {
            value << by | value >> (64 - by)
        }
    }
}
