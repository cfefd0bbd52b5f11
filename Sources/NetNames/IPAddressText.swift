/// Why a text is not an address; the sentence is made where it is printed.
package enum AddressError: Error, Hashable, Sendable {
    case empty
    case notFourOctets
    case octetOutOfRange
    case leadingZero
    case unexpectedByte(UInt8, offset: Int)
    case groupTooLong
    case groupCount
    case twoCompressions
    case hasZone
    case hasPrefixLength
}

extension IPAddress {
    /// Reads dotted decimal (RFC 6943 §3.1.1 strict form) or IPv6 text (RFC 4291 §2.2).
    ///
    /// Octets with leading zeros are refused, because C libraries read them as octal.
    /// - Parameter text: The bytes of the address, nothing around them.
    /// - Throws: ``AddressError``.
    package init(parsing text: some Collection<UInt8>) throws(AddressError) {
        let bytes = Array(text)
        guard !bytes.isEmpty else { throw .empty }
        if bytes.contains(Ascii.slash) { throw .hasPrefixLength }
        if bytes.contains(Ascii.colon) {
            self = try sixteenBytes(of: bytes)
        } else {
            self = .v4(try fourOctets(of: bytes[...]))
        }
    }

    /// Reads an address, or nil where the reason does not matter.
    package init?(_ text: String) {
        guard let address = try? IPAddress(parsing: text.utf8) else { return nil }
        self = address
    }
}

private func fourOctets(of text: ArraySlice<UInt8>) throws(AddressError) -> UInt32 {
    var dots = 0
    var hasEmptyPart = false
    var length = 0
    for index in text.indices {
        if text[index] == Ascii.dot {
            dots += 1
            hasEmptyPart = hasEmptyPart || length == 0
            length = 0
        } else if Ascii.isDigit(text[index]) {
            length += 1
        } else {
            throw .unexpectedByte(text[index], offset: index)
        }
    }
    guard dots == 3, !hasEmptyPart, length > 0 else { throw .notFourOctets }
    var value: UInt32 = 0
    var start = text.startIndex
    while start < text.endIndex {
        var octet: UInt32 = 0
        var index = start
        while index < text.endIndex, text[index] != Ascii.dot {
            if index > start, text[start] == Ascii.zero { throw .leadingZero }
            guard index - start < 3 else { throw .octetOutOfRange }
            octet = octet * 10 + UInt32(text[index] - Ascii.zero)
            index += 1
        }
        guard octet <= 255 else { throw .octetOutOfRange }
        value = value << 8 | octet
        start = index + 1
    }
    return value
}

private func sixteenBytes(of text: [UInt8]) throws(AddressError) -> IPAddress {
    if text.contains(Ascii.percent) { throw .hasZone }
    let allowed = { (byte: UInt8) in
        Ascii.hexValue(byte) != nil || byte == Ascii.colon || byte == Ascii.dot
    }
    if let offset = text.firstIndex(where: { !allowed($0) }) {
        throw .unexpectedByte(text[offset], offset: offset)
    }
    var head: [UInt16] = []
    var tail: [UInt16]?
    var index = text.startIndex
    if text.starts(with: [Ascii.colon, Ascii.colon]) {
        tail = []
        index += 2
    } else if text.first == Ascii.colon {
        throw .unexpectedByte(Ascii.colon, offset: 0)
    }
    while index < text.endIndex {
        let end = text[index...].firstIndex(of: Ascii.colon) ?? text.endIndex
        let groups = try groups(of: text[index..<end], isLast: end == text.endIndex)
        if tail == nil { head += groups } else { tail? += groups }
        guard end < text.endIndex else { break }
        index = end + 1
        guard index < text.endIndex else { throw .unexpectedByte(Ascii.colon, offset: end) }
        if text[index] == Ascii.colon {
            guard tail == nil else { throw .twoCompressions }
            tail = []
            index += 1
        }
    }
    let missing = 8 - head.count - (tail?.count ?? 0)
    // RFC 5952 §4.2.2 discourages `::` for one group, RFC 4291 allows it: one or more.
    guard tail == nil ? missing == 0 : missing >= 1 else { throw .groupCount }
    let all = head + Array(repeating: 0, count: missing) + (tail ?? [])
    let high = all[..<4].reduce(UInt64(0)) { $0 << 16 | UInt64($1) }
    let low = all[4...].reduce(UInt64(0)) { $0 << 16 | UInt64($1) }
    return IPAddress(high: high, low: low)
}

/// One group of hex digits, or the two groups of a trailing dotted quad.
private func groups(
    of part: ArraySlice<UInt8>, isLast: Bool
) throws(AddressError) -> [UInt16] {
    if isLast, part.contains(Ascii.dot) {
        let quad = try fourOctets(of: part)
        return [UInt16(quad >> 16), UInt16(truncatingIfNeeded: quad)]
    }
    if let offset = part.firstIndex(of: Ascii.dot) {
        throw .unexpectedByte(Ascii.dot, offset: offset)
    }
    guard !part.isEmpty else { throw .groupCount }
    guard part.count <= 4 else { throw .groupTooLong }
    return [part.reduce(0) { $0 << 4 | UInt16(Ascii.hexValue($1) ?? 0) }]
}
