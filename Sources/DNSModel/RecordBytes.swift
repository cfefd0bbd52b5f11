import NetNames

extension RecordData {
    /// Reads data in wire form without compressed names.
    ///
    /// Bytes that do not fit their type are kept as ``other``, and so is a mapped AAAA.
    package init(type: RecordType, uncompressed bytes: [UInt8]) {
        self = Self.known(type, bytes) ?? .other(type, bytes)
    }

    private static func known(_ type: RecordType, _ bytes: [UInt8]) -> RecordData? {
        switch type {
        case .a where bytes.count == 4, .aaaa where bytes.count == 16:
            guard let address = IPAddress(bytes: bytes) else { return nil }
            let data = RecordData.address(address)
            return data.type == type ? data : nil
        case .ns: return (try? DomainName(wire: bytes)).map(RecordData.ns)
        case .cname: return (try? DomainName(wire: bytes)).map(RecordData.cname)
        case .ptr: return (try? DomainName(wire: bytes)).map(RecordData.ptr)
        case .mx where bytes.count > 2:
            guard let exchange = try? DomainName(wire: Array(bytes[2...])) else { return nil }
            return .mx(preference: UInt16(bytes[0]) << 8 | UInt16(bytes[1]), exchange: exchange)
        case .soa: return startOfAuthority(bytes).map(RecordData.soa)
        case .txt: return characterStrings(bytes).map(RecordData.txt)
        default: return nil
        }
    }

    private static func startOfAuthority(_ bytes: [UInt8]) -> StartOfAuthority? {
        var rest = bytes[...]
        guard let primary = takeName(from: &rest), let mailbox = takeName(from: &rest),
            rest.count == 20
        else { return nil }
        let numbers = (0..<5).map { index in
            rest.dropFirst(4 * index).prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        }
        return StartOfAuthority(
            primary: primary, mailbox: mailbox, serial: numbers[0], refresh: numbers[1],
            retry: numbers[2], expire: numbers[3], minimum: numbers[4])
    }

    private static func takeName(from rest: inout ArraySlice<UInt8>) -> DomainName? {
        var length = 0
        while let size = rest.dropFirst(length).first, size > 0 { length += 1 + Int(size) }
        let wire = Array(rest.prefix(length + 1))
        rest = rest.dropFirst(length + 1)
        return try? DomainName(wire: wire)
    }

    private static func characterStrings(_ bytes: [UInt8]) -> [[UInt8]]? {
        var strings: [[UInt8]] = []
        var rest = bytes[...]
        while let length = rest.popFirst() {
            guard rest.count >= Int(length) else { return nil }
            strings.append(Array(rest.prefix(Int(length))))
            rest = rest.dropFirst(Int(length))
        }
        return strings
    }
}
