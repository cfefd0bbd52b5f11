import DNSModel
import NetNames

/// Reads the wire form, every byte behind a bounds check: the only place with index arithmetic.
///
/// The traps of RFC 9267 are refused: pointers that do not lead strictly backward, long chains of
/// them, names over 255 bytes, unknown label types, RDLENGTH that does not fit, counts beyond the
/// data. Nothing is reserved by a count, because a count is a claim.
struct MessageReader {
    private let bytes: [UInt8]
    private var index = 0
    /// Where the current field must stop: the end of the record data, or of the message.
    private var end: Int
    /// The name behind the header: most answers' records point there, and share it then.
    private var first: DomainName?

    /// Begins at the first byte of a message.
    init(_ bytes: [UInt8]) throws(WireError) {
        guard bytes.count <= WireLimits.message else { throw .messageTooLong }
        self.bytes = bytes
        self.end = bytes.count
    }

    var offset: Int { index }
    var isAtEnd: Bool { index == end }

    mutating func byte() throws(WireError) -> UInt8 {
        guard index < end else { throw .endOfData(offset: index) }
        defer { index += 1 }
        return bytes[index]
    }

    mutating func short() throws(WireError) -> UInt16 {
        UInt16(try byte()) << 8 | UInt16(try byte())
    }

    mutating func long() throws(WireError) -> UInt32 {
        UInt32(try short()) << 16 | UInt32(try short())
    }

    mutating func take(_ count: Int) throws(WireError) -> ArraySlice<UInt8> {
        guard count <= end - index else { throw .endOfData(offset: index) }
        defer { index += count }
        return bytes[index..<(index + count)]
    }

    mutating func rest() -> ArraySlice<UInt8> {
        defer { index = end }
        return bytes[index..<end]
    }

    /// Confines what `body` reads to the next `length` bytes, which it must use up.
    mutating func within<Value>(
        _ length: UInt16, _ body: (inout MessageReader) throws(WireError) -> Value
    ) throws(WireError) -> Value {
        let start = index
        guard Int(length) <= end - index else { throw .dataLength(offset: start) }
        let outerEnd = end
        end = index + Int(length)
        let value: Value
        do {
            value = try body(&self)
        } catch .endOfData {
            throw .dataLength(offset: start)
        }
        guard isAtEnd else { throw .dataLength(offset: start) }
        end = outerEnd
        return value
    }

    /// Room for most names at once.
    private static let usualName = 48

    /// Reads a name, following compression pointers (RFC 1035 §4.1.4).
    ///
    /// Each pointer must lead before the place where the labels it continues began, so a chain can
    /// only shrink. Labels behind a pointer may lie outside the record data being read.
    mutating func name() throws(WireError) -> DomainName {
        if let first, end - index >= 2, bytes[index] == 0xc0,
            bytes[index + 1] == WireLimits.header
        {
            index += 2
            return first
        }
        let start = index
        let name = try ownName()
        if start == WireLimits.header { first = name }
        return name
    }

    private mutating func ownName() throws(WireError) -> DomainName {
        var wire: [UInt8] = []
        wire.reserveCapacity(Self.usualName)
        var position = index
        var limit = end
        var runStart = index
        var pointers = 0
        while true {
            guard position < limit else { throw .endOfData(offset: position) }
            let length = bytes[position]
            switch length & 0xc0 {
            case 0:
                let next = position + 1 + Int(length)
                guard next <= limit else { throw .endOfData(offset: position) }
                // One by one: labels are short, and a slice of the message costs more than they.
                for place in position..<next { wire.append(bytes[place]) }
                guard wire.count <= DomainName.longestWire else {
                    throw .nameTooLong(offset: position)
                }
                position = next
                guard length == 0 else { continue }
                if pointers == 0 { index = position }
                do {
                    return try DomainName(wire: wire)
                } catch {
                    throw .nameTooLong(offset: position)
                }
            case 0xc0:
                guard position + 1 < limit else { throw .endOfData(offset: position) }
                let target = Int(length & 0x3f) << 8 | Int(bytes[position + 1])
                guard target >= WireLimits.header, target < runStart else {
                    throw .pointer(offset: position)
                }
                guard pointers < WireLimits.pointers else {
                    throw .tooManyPointers(offset: position)
                }
                if pointers == 0 { index = position + 2 }
                pointers += 1
                position = target
                runStart = target
                limit = bytes.count
            default:
                throw .labelType(offset: position)
            }
        }
    }
}
