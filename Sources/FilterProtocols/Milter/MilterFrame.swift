/// Why a milter connection is closed.
package enum MilterError: Error, Hashable, Sendable {
    /// A length that no server sends: the first four bytes of HTTP give such a one.
    case frameTooLong(UInt32)
    /// A frame without even its command.
    case emptyFrame
    /// The frame ends within a number or a field.
    case shortFrame(command: UInt8)
    /// The last string has no NUL behind it.
    case missingNUL(command: UInt8)
    /// A macro without a value.
    case oddMacros
    case unknownCommand(UInt8)
    /// The command has no place here: HELO before connect, RCPT before MAIL.
    case wrongOrder(command: UInt8)
    /// A version below 2.
    case version(UInt32)
    /// More was sent than waits in memory while a decision is made.
    case tooFarAhead
    /// The connection ended within a frame.
    case unfinishedFrame
}

/// What a milter connection may cost.
package enum MilterLimits {
    /// Bytes of a frame behind its length: the command, and the 65,535 bytes of data that both
    /// sides take without negotiating more.
    ///
    /// Postfix sends a header of up to its header_size_limit, 102,400 bytes, in one frame all the
    /// same; that is the slack.
    package static let frame = 131_072
    /// Bytes that may wait while a decision is made.
    ///
    /// Neither server sends any before our answer, except an abort or quit after its own time-out.
    package static let ahead = 131_072
    /// Bytes kept of a HELO name or an address; a macro that is longer is none.
    package static let text = 1_024
    /// Forged fields that are removed one by one.
    ///
    /// A message with more is not mail.
    package static let forged = 1_000
}

/// One frame: a command, and its data (milter protocol version 6).
struct MilterFrame: Hashable, Sendable {
    let command: UInt8
    let data: [UInt8]

    init(_ command: UInt8, _ data: [UInt8] = []) {
        self.command = command
        self.data = data
    }

    /// With the length before it, which counts the command too.
    var encoded: [UInt8] {
        MilterFrame.bytes(of: UInt32(truncatingIfNeeded: data.count + 1)) + [command] + data
    }

    /// Network byte order.
    static func bytes(of value: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> UInt32($0)) }
    }
}

/// Cuts what arrives into frames.
///
/// Memory grows with the bytes that came, never with the length they promise.
struct MilterFrameBuffer: Hashable, Sendable {
    private var bytes: [UInt8] = []
    private var start = 0

    var count: Int { bytes.count - start }

    mutating func append(_ more: some Collection<UInt8>) {
        bytes += more
    }

    /// The next frame, or nil if it has not come as a whole.
    mutating func next() throws(MilterError) -> MilterFrame? {
        guard count >= 4 else {
            compact()
            return nil
        }
        let length = bytes[start..<(start + 4)].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        guard length > 0 else { throw .emptyFrame }
        guard length <= MilterLimits.frame else { throw .frameTooLong(length) }
        guard count >= 4 + Int(length) else {
            compact()
            return nil
        }
        let end = start + 4 + Int(length)
        defer { start = end }
        return MilterFrame(bytes[start + 4], Array(bytes[(start + 5)..<end]))
    }

    private mutating func compact() {
        bytes.removeFirst(start)
        start = 0
    }
}

/// Reads the data of a frame, every byte behind a bounds check.
struct MilterDataReader {
    private let command: UInt8
    private var rest: ArraySlice<UInt8>

    init(_ frame: MilterFrame) {
        command = frame.command
        rest = frame.data[...]
    }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func byte() throws(MilterError) -> UInt8 {
        guard let byte = rest.popFirst() else { throw .shortFrame(command: command) }
        return byte
    }

    mutating func short() throws(MilterError) -> UInt16 {
        UInt16(try byte()) << 8 | UInt16(try byte())
    }

    mutating func long() throws(MilterError) -> UInt32 {
        UInt32(try short()) << 16 | UInt32(try short())
    }

    mutating func string() throws(MilterError) -> [UInt8] {
        guard let end = rest.firstIndex(of: 0) else { throw .missingNUL(command: command) }
        defer { rest = rest[(end + 1)...] }
        return Array(rest[..<end])
    }

    /// All strings up to the end.
    mutating func strings() throws(MilterError) -> [[UInt8]] {
        var strings: [[UInt8]] = []
        while !isAtEnd { strings.append(try string()) }
        return strings
    }
}
