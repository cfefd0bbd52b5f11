import DNSModel
import NetNames

extension Message {
    /// Reads a whole message; bytes behind the last counted record are ignored.
    /// - Parameter bytes: One datagram, or one frame of a stream.
    /// - Throws: ``WireError``.
    package init(reading bytes: [UInt8]) throws(WireError) {
        var reader = try MessageReader(bytes)
        let header = try Header(from: &reader)
        let questionCount = try reader.short()
        let answerCount = try reader.short()
        let authorityCount = try reader.short()
        let additionalCount = try reader.short()
        self.init(id: header.id, flags: header.flags, opcode: header.opcode)
        for _ in 0..<questionCount {
            if let question = try reader.question() { questions.append(question) }
        }
        for _ in 0..<answerCount {
            if case .record(let record) = try reader.record() { answers.append(record) }
        }
        for _ in 0..<authorityCount {
            if case .record(let record) = try reader.record() { authority.append(record) }
        }
        var upperCode: UInt16 = 0
        for _ in 0..<additionalCount {
            let start = reader.offset
            switch try reader.record() {
            case .record(let record):
                additional.append(record)
            case .otherClass:
                break
            case .options(let found, let bits):
                guard edns == nil else { throw .badExtension(offset: start) }
                edns = found
                upperCode = UInt16(bits) << 4
            }
        }
        code = ResponseCode(rawValue: upperCode | UInt16(header.lowCode))
    }

    /// The first four bytes of a message: enough to know whose answer it is.
    package struct Header: Hashable, Sendable {
        package let id: UInt16
        package let flags: Flags
        package let opcode: UInt8
        let lowCode: UInt8

        /// Reads the beginning; nil when the bytes cannot even hold a header.
        package init?(of bytes: [UInt8]) {
            guard bytes.count >= WireLimits.header, var reader = try? MessageReader(bytes),
                let header = try? Header(from: &reader)
            else { return nil }
            self = header
        }

        init(from reader: inout MessageReader) throws(WireError) {
            id = try reader.short()
            let word = try reader.short()
            flags = Flags(rawValue: word).intersection(.all)
            opcode = UInt8(truncatingIfNeeded: word >> 11 & 15)
            lowCode = UInt8(truncatingIfNeeded: word & 15)
        }
    }
}

/// A record as it stands in a section.
enum SectionEntry {
    case record(ResourceRecord)
    /// A record of a class other than IN: read over.
    case otherClass
    /// An OPT record, and the upper eight bits of the response code.
    case options(Message.EDNS, upperCode: UInt8)
}

/// CLASS IN (RFC 1035 §3.2.4).
private let internetClass: UInt16 = 1
/// OPTION-CODE of an extended DNS error (RFC 8914 §2).
private let extendedErrorOption: UInt16 = 15

extension MessageReader {
    /// The next question; nil for a class other than IN.
    mutating func question() throws(WireError) -> Question? {
        let name = try name()
        let type = RecordType(rawValue: try short())
        return try short() == internetClass ? Question(name, type) : nil
    }

    mutating func record() throws(WireError) -> SectionEntry {
        let start = offset
        let owner = try name()
        let type = RecordType(rawValue: try short())
        let recordClass = try short()
        let ttl = try long()
        let length = try short()
        if type == .opt {
            guard owner.isRoot else { throw .badExtension(offset: start) }
            let error = try within(length) { reader throws(WireError) in
                try reader.extendedError()
            }
            let edns = Message.EDNS(
                datagramSize: recordClass, version: UInt8(truncatingIfNeeded: ttl >> 16),
                wantsSignatures: ttl & 0x8000 != 0, extendedError: error)
            return .options(edns, upperCode: UInt8(truncatingIfNeeded: ttl >> 24))
        }
        guard recordClass == internetClass else {
            _ = try within(length) { reader throws(WireError) in reader.rest().count }
            return .otherClass
        }
        let data = try within(length) { reader throws(WireError) in try reader.data(of: type) }
        // RFC 2181 §8: a TTL with the top bit set counts as zero.
        return .record(.init(name: owner, ttl: ttl > UInt32(Int32.max) ? 0 : ttl, data: data))
    }

    /// Reads the options of an OPT record (RFC 6891 §6.1.2) for the first extended error.
    private mutating func extendedError() throws(WireError) -> UInt16? {
        var found: UInt16?
        while !isAtEnd {
            let option = try short()
            let length = try short()
            let value = try within(length) { reader throws(WireError) -> UInt16? in
                guard option == extendedErrorOption else {
                    _ = reader.rest()
                    return nil
                }
                let code = try reader.short()
                _ = reader.rest()
                return code
            }
            found = found ?? value
        }
        return found
    }

    private mutating func data(of type: RecordType) throws(WireError) -> RecordData {
        switch type {
        case .a:
            return .address(.v4(try long()))
        case .aaaa:
            let bytes = try take(16)
            guard let address = IPAddress(bytes: bytes), address.family == .v6 else {
                return .other(.aaaa, Array(bytes))
            }
            return .address(address)
        case .ns:
            return .ns(try name())
        case .cname:
            return .cname(try name())
        case .ptr:
            return .ptr(try name())
        case .mx:
            return .mx(preference: try short(), exchange: try name())
        case .soa:
            return .soa(
                StartOfAuthority(
                    primary: try name(), mailbox: try name(), serial: try long(),
                    refresh: try long(), retry: try long(), expire: try long(),
                    minimum: try long()))
        case .txt where !isAtEnd:
            var strings: [[UInt8]] = []
            while !isAtEnd { strings.append(Array(try take(Int(try byte())))) }
            return .txt(strings)
        default:
            return .other(type, Array(rest()))
        }
    }
}
