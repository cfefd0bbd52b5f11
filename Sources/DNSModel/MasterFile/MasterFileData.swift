import NetNames

extension RecordData {
    /// Reads the data of a record up to the end of its entry (RFC 1035 §5.1, RFC 3597 §5).
    init(
        _ type: RecordType, from words: inout MasterFileWords, below origin: DomainName
    ) throws(MasterFileError) {
        if let first = words.first, !first.isQuoted, first.text.elementsEqual(Self.genericMark) {
            let bytes = try Self.genericData(from: &words)
            self = RecordData(type: type, uncompressed: bytes)
        } else {
            self = try Self.knownData(type, from: &words, below: origin)
        }
        try words.end()
    }

    private static let genericMark: [UInt8] = [Ascii.backslash, UInt8(ascii: "#")]

    private static func knownData(
        _ type: RecordType, from words: inout MasterFileWords, below origin: DomainName
    ) throws(MasterFileError) -> RecordData {
        switch type {
        case .a, .aaaa: return try address(type, from: &words)
        case .ns: return .ns(try words.name(below: origin))
        case .cname: return .cname(try words.name(below: origin))
        case .ptr: return .ptr(try words.name(below: origin))
        case .mx:
            let preference = try words.number(as: UInt16.self)
            return .mx(preference: preference, exchange: try words.name(below: origin))
        case .soa: return .soa(try StartOfAuthority(from: &words, below: origin))
        case .txt: return .txt(try characterStrings(from: &words))
        default:
            let word = try words.next()
            throw MasterFileError(line: word.line, .typeNeedsGenericData, word: word.text)
        }
    }

    private static func characterStrings(
        from words: inout MasterFileWords
    ) throws(MasterFileError) -> [[UInt8]] {
        var strings: [[UInt8]] = []
        var length = 0
        repeat {
            let string = try words.characterString()
            length += 1 + string.count
            guard length <= UInt16.max else {
                throw MasterFileError(line: words.line, .dataTooLong)
            }
            strings.append(string)
        } while words.first != nil
        return strings
    }

    /// The text decides the family: a mapped address is a fine AAAA and no A.
    private static func address(
        _ type: RecordType, from words: inout MasterFileWords
    ) throws(MasterFileError) -> RecordData {
        let word = try words.plain()
        let address = try? IPAddress(parsing: word.text)
        let isVersion6 = word.text.contains(Ascii.colon)
        guard let address, isVersion6 == (type == .aaaa) else {
            let reason: MasterFileError.Reason =
                type == .a ? .badVersion4Address : .badVersion6Address
            throw MasterFileError(line: word.line, reason, word: word.text)
        }
        if isVersion6, address.family == .v4 {
            let mapped = Array(repeating: UInt8(0), count: 10) + [0xff, 0xff] + address.bytes
            return .other(.aaaa, mapped)
        }
        return .address(address)
    }

    /// `\# length hex…`, the hex in as many words as one likes.
    private static func genericData(
        from words: inout MasterFileWords
    ) throws(MasterFileError) -> [UInt8] {
        let mark = try words.plain()
        let length = Int(try words.number(as: UInt16.self))
        var bytes: [UInt8] = []
        var high: UInt8?
        while words.first != nil {
            let word = try words.plain()
            for byte in word.text {
                guard let digit = Ascii.hexValue(byte), bytes.count < length else {
                    throw MasterFileError(line: word.line, .badGenericData, word: word.text)
                }
                if let first = high {
                    bytes.append(first << 4 | digit)
                    high = nil
                } else {
                    high = digit
                }
            }
        }
        guard high == nil, bytes.count == length else {
            throw MasterFileError(line: mark.line, .badGenericData)
        }
        return bytes
    }
}

extension StartOfAuthority {
    /// Reads the seven fields; the four times may have units.
    fileprivate init(
        from words: inout MasterFileWords, below origin: DomainName
    ) throws(MasterFileError) {
        self.init(
            primary: try words.name(below: origin),
            mailbox: try words.name(below: origin),
            serial: try words.number(as: UInt32.self),
            refresh: try words.time(),
            retry: try words.time(),
            expire: try words.time(),
            minimum: try words.time()
        )
    }
}
