import NetNames

/// Writes records as master-file lines that every name server reads back to the same record.
///
/// 1. Names are absolute, with their closing dot; the TTL is a number; the class is always IN.
/// 2. Character strings are quoted, `"` and `\` escaped, bytes outside printable ASCII as `\DDD`.
/// 3. Data that is not read here is `\# length hex` (RFC 3597 §5), types without a name `TYPEnnn`.
package enum MasterFilePrinter {
    /// The whole record, as in `25.100.51.198.in-addr.arpa. 3600 IN PTR mail.example.org.`.
    package static func line(_ record: ResourceRecord) -> String {
        "\(record.name.absolute) \(record.ttl) IN \(record.type) \(data(record.data))"
    }

    /// What stands behind the type, as in `10 mx.example.org.`.
    package static func data(_ data: RecordData) -> String {
        switch data {
        case .address(let address):
            return address.description
        case .ns(let name), .cname(let name), .ptr(let name):
            return name.absolute
        case .mx(let preference, let exchange):
            return "\(preference) \(exchange.absolute)"
        case .soa(let soa):
            let times = "\(soa.serial) \(soa.refresh) \(soa.retry) \(soa.expire) \(soa.minimum)"
            return "\(soa.primary.absolute) \(soa.mailbox.absolute) \(times)"
        case .txt(let strings) where strings.isEmpty:
            return "\\# 0"
        case .txt(let strings):
            return strings.map(quoted).joined(separator: " ")
        case .other(_, let bytes) where bytes.isEmpty:
            return "\\# 0"
        case .other(_, let bytes):
            return "\\# \(bytes.count) \(hex(bytes))"
        }
    }

    /// A character string in quotes.
    package static func quoted(_ string: [UInt8]) -> String {
        var text: [UInt8] = [Ascii.quote]
        for byte in string {
            if byte == Ascii.quote || byte == Ascii.backslash {
                text += [Ascii.backslash, byte]
            } else if Ascii.isPrintable(byte) {
                text.append(byte)
            } else {
                text += decimalEscape(byte)
            }
        }
        text.append(Ascii.quote)
        return String(decoding: text, as: UTF8.self)
    }

    /// The beginning of a word of some file, safe for a terminal: for error messages.
    package static func excerpt(of word: [UInt8]) -> String {
        let shown = word.prefix(longestExcerpt).flatMap { byte in
            Ascii.isPrintable(byte) ? [byte] : decimalEscape(byte)
        }
        return String(decoding: shown, as: UTF8.self) + (word.count > longestExcerpt ? "…" : "")
    }

    /// Enough to find the word again; an error stays one line.
    private static let longestExcerpt = 60

    private static func decimalEscape(_ byte: UInt8) -> [UInt8] {
        let digits = [byte / 100, byte / 10 % 10, byte % 10]
        return [Ascii.backslash] + digits.map { Ascii.zero + $0 }
    }

    private static func hex(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(2 * bytes.count)
        for byte in bytes {
            for nibble in [byte >> 4, byte & 15] {
                text.append(nibble < 10 ? Ascii.zero + nibble : UInt8(ascii: "a") + nibble - 10)
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
