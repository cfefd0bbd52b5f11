/// Presentation form (RFC 1035 §5.1): labels joined by dots, odd bytes as `\DDD`.
extension DomainName: CustomStringConvertible {
    /// The name without a closing dot, the root as `.`: safe for any ASCII sink.
    package var description: String {
        isRoot ? "." : String(decoding: text.dropLast(), as: UTF8.self)
    }

    /// The name with its closing dot, as a master file needs it.
    package var absolute: String {
        isRoot ? "." : String(decoding: text, as: UTF8.self)
    }

    /// Each label with its dot.
    private var text: [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(wire.count)
        var index = 0
        while wire[index] != 0 {
            let end = index + 1 + Int(wire[index])
            for byte in wire[(index + 1)..<end] { Self.escape(byte, into: &text) }
            text.append(Ascii.dot)
            index = end
        }
        return text
    }

    /// Bytes outside printable ASCII as `\DDD`; what a master file would take for syntax as `\c`.
    private static func escape(_ byte: UInt8, into text: inout [UInt8]) {
        switch byte {
        case Ascii.dot, Ascii.backslash, Ascii.quote, Ascii.semicolon, Ascii.openParenthesis,
            Ascii.closeParenthesis, UInt8(ascii: "@"), UInt8(ascii: "$"):
            text.append(Ascii.backslash)
            text.append(byte)
        case 0x21...0x7e:
            text.append(byte)
        default:
            text.append(Ascii.backslash)
            text.append(Ascii.zero + byte / 100)
            text.append(Ascii.zero + byte / 10 % 10)
            text.append(Ascii.zero + byte % 10)
        }
    }

    /// Reads presentation form; a name without a closing dot is put below `origin`.
    /// - Parameters:
    ///   - text: The bytes of one name, with `\c` and `\DDD` escapes.
    ///   - origin: Where relative names hang; the root by default.
    /// - Throws: ``DomainNameError``.
    package init(
        parsing text: some Collection<UInt8>, origin: DomainName = .root
    ) throws(DomainNameError) {
        let bytes = Array(text)
        guard !bytes.isEmpty else { throw .empty }
        if bytes == [Ascii.dot] {
            self = .root
            return
        }
        var wire: [UInt8] = [0]
        var lengthAt = 0
        var index = 0
        var isAbsolute = false
        while index < bytes.count {
            isAbsolute = false
            switch bytes[index] {
            case Ascii.dot:
                guard wire.count - lengthAt > 1 else { throw .emptyLabel }
                lengthAt = wire.count
                wire.append(0)
                isAbsolute = true
                index += 1
                continue
            case Ascii.backslash:
                wire.append(try escapedByte(in: bytes, at: &index))
            case let byte:
                wire.append(byte)
                index += 1
            }
            guard wire.count - lengthAt - 1 <= Self.longestLabel else { throw .labelTooLong }
            guard wire.count <= Self.longestWire else { throw .nameTooLong }
            wire[lengthAt] = UInt8(wire.count - lengthAt - 1)
        }
        if !isAbsolute { wire.append(0) }
        guard wire.count <= Self.longestWire else { throw .nameTooLong }
        let name = DomainName(trustedWire: wire)
        self = isAbsolute ? name : try name.appending(origin)
    }

    /// Reads presentation form, or nil where the reason does not matter.
    package init?(_ text: String) {
        guard let name = try? DomainName(parsing: text.utf8) else { return nil }
        self = name
    }
}

private func escapedByte(
    in bytes: [UInt8], at index: inout Int
) throws(DomainNameError) -> UInt8 {
    let start = index
    guard start + 1 < bytes.count else { throw .badEscape(offset: start) }
    guard Ascii.isDigit(bytes[start + 1]) else {
        index += 2
        return bytes[start + 1]
    }
    guard start + 3 < bytes.count,
        let value = Ascii.decimal(bytes[(start + 1)...(start + 3)], as: Int.self), value <= 255
    else { throw .badEscape(offset: start) }
    index += 4
    return UInt8(value)
}
