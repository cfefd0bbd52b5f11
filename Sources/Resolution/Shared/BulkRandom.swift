#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The system's random numbers, some at a time: one call of the kernel for each is what they cost.
struct BulkRandom: RandomNumberGenerator {
    private var numbers: [UInt64] = []
    private var system = SystemRandomNumberGenerator()

    /// Numbers that wait to be used; 256 bytes are the most that getentropy(3) gives at once.
    private static let most = 32

    mutating func next() -> UInt64 {
        if numbers.isEmpty { refill() }
        return numbers.popLast() ?? system.next()
    }

    /// The id of a message.
    mutating func id() -> UInt16 { UInt16(truncatingIfNeeded: next()) }

    private mutating func refill() {
        var fresh = [UInt64](repeating: 0, count: Self.most)
        let result = fresh.withUnsafeMutableBytes { bytes in
            bytes.baseAddress.map { getentropy($0, bytes.count) } ?? -1
        }
        if result == 0 { numbers = fresh }
    }
}
