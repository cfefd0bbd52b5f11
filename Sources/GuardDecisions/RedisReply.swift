import NetNames

/// One reply of a Redis server, in the form of RESP2.
package enum RedisReply: Hashable, Sendable {
    case status([UInt8])
    case failure([UInt8])
    case number([UInt8])
    case value([UInt8])
    case absent
}

/// Reads replies from what arrives, in pieces of any size.
///
/// The server is trusted no more than the network: a reply is a line or a value, neither longer than
/// what the guard itself would have written, and arrays are none of the replies it asks for.
package struct RedisReader: Sendable {
    private var bytes: [UInt8] = []
    private var start = 0
    /// The longest value.
    private let longest: Int

    /// Status and error lines are short.
    package static let longestLine = 1_024

    package init(longest: Int) {
        self.longest = longest
    }

    package struct Broken: Error {}

    /// Bytes in memory, those of replies that were given among them.
    package var heldCount: Int { bytes.count }

    package mutating func append(_ more: some Collection<UInt8>) { bytes += more }

    /// - Returns: Nil until a reply is complete.
    /// - Throws: ``Broken`` for anything that is no reply.
    package mutating func next() throws(Broken) -> RedisReply? {
        guard let end = bytes[start...].firstIndex(of: Ascii.lineFeed) else {
            if bytes.count - start > Self.longestLine { throw Broken() }
            compact()
            return nil
        }
        let line = bytes[start..<end]
        guard line.count >= 2, line.count <= Self.longestLine,
            line.last == Ascii.carriageReturn, let kind = line.first
        else { throw Broken() }
        let text = Array(line.dropFirst().dropLast())
        switch kind {
        case UInt8(ascii: "+"):
            start = end + 1
            return .status(text)
        case UInt8(ascii: "-"):
            start = end + 1
            return .failure(text)
        case UInt8(ascii: ":"):
            start = end + 1
            return .number(text)
        case UInt8(ascii: "$"):
            if text == Array("-1".utf8) {
                start = end + 1
                return .absent
            }
            guard let count = Ascii.decimal(text, as: UInt32.self), count <= longest else {
                throw Broken()
            }
            let first = end + 1
            let last = first + Int(count)
            guard bytes.count >= last + 2 else {
                compact()
                return nil
            }
            guard bytes[last] == Ascii.carriageReturn, bytes[last + 1] == Ascii.lineFeed else {
                throw Broken()
            }
            start = last + 2
            return .value(Array(bytes[first..<last]))
        default:
            throw Broken()
        }
    }

    private mutating func compact() {
        bytes.removeFirst(start)
        start = 0
    }
}

/// A command as an array of values: no byte of a key can end one.
package enum RedisCommand {
    package static func bytes(_ words: [[UInt8]]) -> [UInt8] {
        var bytes = Array("*\(words.count)\r\n".utf8)
        for word in words {
            bytes += "$\(word.count)\r\n".utf8
            bytes += word
            bytes += "\r\n".utf8
        }
        return bytes
    }

    package static func get(_ key: [UInt8]) -> [UInt8] { bytes([Array("GET".utf8), key]) }

    /// The server forgets it after so many milliseconds.
    package static func set(_ key: [UInt8], _ value: [UInt8], for milliseconds: Int64) -> [UInt8] {
        bytes([
            Array("SET".utf8), key, value, Array("PX".utf8), Array("\(milliseconds)".utf8),
        ])
    }
}
