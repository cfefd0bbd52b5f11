/// One message on a TCP connection: two bytes of length, then the message (RFC 7766 §8).
package struct StreamFrame: Hashable, Sendable {
    private var received: [UInt8] = []

    package init() {}

    package enum Step: Hashable, Sendable {
        case message([UInt8])
        case needMore
        /// The length cannot be that of a message.
        case broken
    }

    /// Takes bytes in pieces of any size; what follows the first message is ignored.
    ///
    /// Memory grows with the bytes that came, never with the length they promise.
    package mutating func append(_ bytes: some Collection<UInt8>) -> Step {
        received += bytes.prefix(2 + WireLimits.message - received.count)
        guard received.count >= 2 else { return .needMore }
        let length = Int(received[0]) << 8 | Int(received[1])
        guard length >= WireLimits.header else { return .broken }
        guard received.count >= 2 + length else { return .needMore }
        return .message(Array(received[2..<(2 + length)]))
    }

    /// A message with its length before it.
    package static func bytes(around message: [UInt8]) -> [UInt8] {
        [UInt8(truncatingIfNeeded: message.count >> 8), UInt8(truncatingIfNeeded: message.count)]
            + message
    }
}
