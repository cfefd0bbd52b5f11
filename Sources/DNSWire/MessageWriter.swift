import DNSModel
import NetNames

/// Writes the wire form, with names compressed against what was written before.
///
/// Spelling is kept: a name is only shortened by one with the same upper and lower case letters.
package struct MessageWriter {
    private var bytes: [UInt8] = []
    /// Where each tail of a name begins, and how many pointers reading it from there takes.
    private var tails: [[UInt8]: (offset: Int, pointers: Int)] = [:]
    /// Whether a later name may be shortened: a query has one name, and is written for each look-up.
    private var hasMoreNames = true

    /// Header, one name of usual length, type, class and OPT record.
    private static let queryCapacity = 96

    /// The bytes of one message, without the length that TCP puts before it.
    ///
    /// A response code may pass 15 only with EDNS.
    package static func bytes(of message: Message) throws(WireError) -> [UInt8] {
        var writer = MessageWriter()
        try writer.write(message)
        guard writer.bytes.count <= WireLimits.message else { throw .messageTooLong }
        return writer.bytes
    }

    private mutating func write(_ message: Message) throws(WireError) {
        guard message.code.rawValue < 16 || message.edns != nil else { throw .codeNeedsExtension }
        let records = message.answers + message.authority + message.additional
        hasMoreNames = message.questions.count > 1 || !records.isEmpty
        bytes.reserveCapacity(Self.queryCapacity)
        append(message.id)
        append(
            message.flags.rawValue | UInt16(message.opcode & 15) << 11 | message.code.rawValue & 15)
        try appendCount(message.questions.count)
        try appendCount(message.answers.count)
        try appendCount(message.authority.count)
        try appendCount(message.additional.count + (message.edns == nil ? 0 : 1))
        for question in message.questions {
            append(question.name)
            append(question.type.rawValue)
            append(UInt16(1))
        }
        for record in records {
            try append(record)
        }
        if let edns = message.edns { append(edns, code: message.code) }
    }

    private mutating func append(_ record: ResourceRecord) throws(WireError) {
        append(record.name)
        append(record.type.rawValue)
        append(UInt16(1))
        append(record.ttl)
        let lengthAt = bytes.count
        append(UInt16(0))
        try append(record.data)
        let length = bytes.count - lengthAt - 2
        guard let short = UInt16(exactly: length) else { throw .messageTooLong }
        bytes[lengthAt] = UInt8(short >> 8)
        bytes[lengthAt + 1] = UInt8(truncatingIfNeeded: short)
    }

    private mutating func append(_ data: RecordData) throws(WireError) {
        switch data {
        case .address(let address):
            bytes += address.bytes
        case .ns(let name), .cname(let name), .ptr(let name):
            append(name)
        case .mx(let preference, let exchange):
            append(preference)
            append(exchange)
        case .soa(let soa):
            append(soa.primary)
            append(soa.mailbox)
            for number in [soa.serial, soa.refresh, soa.retry, soa.expire, soa.minimum] {
                append(number)
            }
        case .txt(let strings):
            for string in strings {
                guard let length = UInt8(exactly: string.count) else { throw .stringTooLong }
                bytes.append(length)
                bytes += string
            }
        case .other(_, let raw):
            bytes += raw
        }
    }

    /// The OPT record, its TTL field holding code bits, version and DO (RFC 6891 §6.1.3).
    private mutating func append(_ edns: Message.EDNS, code: ResponseCode) {
        bytes.append(0)
        append(RecordType.opt.rawValue)
        append(edns.datagramSize)
        bytes.append(UInt8(truncatingIfNeeded: code.rawValue >> 4))
        bytes.append(edns.version)
        append(UInt16(edns.wantsSignatures ? 0x8000 : 0))
        guard let error = edns.extendedError else {
            append(UInt16(0))
            return
        }
        append(UInt16(6))
        append(UInt16(15))
        append(UInt16(2))
        append(error)
    }

    private mutating func append(_ name: DomainName) {
        let wire = name.wire
        guard hasMoreNames else {
            bytes += wire
            return
        }
        var index = 0
        var starts: [(tail: [UInt8], offset: Int)] = []
        var pointers = 0
        while wire[index] != 0 {
            let tail = Array(wire[index...])
            if let known = tails[tail], known.pointers < WireLimits.pointers {
                append(UInt16(0xc000 | known.offset))
                pointers = known.pointers + 1
                break
            }
            starts.append((tail, bytes.count))
            let next = index + 1 + Int(wire[index])
            bytes += wire[index..<next]
            index = next
        }
        if pointers == 0 { bytes.append(0) }
        // A pointer has 14 bits for the offset.
        for (tail, offset) in starts where offset < 0x4000 && tails[tail] == nil {
            tails[tail] = (offset, pointers)
        }
    }

    private mutating func appendCount(_ count: Int) throws(WireError) {
        guard let short = UInt16(exactly: count) else { throw .messageTooLong }
        append(short)
    }

    private mutating func append(_ value: UInt16) {
        bytes.append(UInt8(value >> 8))
        bytes.append(UInt8(truncatingIfNeeded: value))
    }

    private mutating func append(_ value: UInt32) {
        append(UInt16(value >> 16))
        append(UInt16(truncatingIfNeeded: value))
    }
}
