import NetNames

/// The reverse-path of MAIL FROM (RFC 5321 §4.1.1.2), without its angle brackets.
package struct MailFrom: Hashable, Sendable {
    /// What stands before the last `@`; nothing in a null reverse-path.
    package let localPart: [UInt8]
    package let domain: [UInt8]

    /// RFC 5321 §4.5.3.1.3 allows 256 bytes, brackets included.
    package static let longest = 254

    /// Reads an address, with or without brackets; nothing, or `<>`, is the null reverse-path.
    /// - Parameter argument: The bytes behind `MAIL FROM:`.
    /// - Throws: ``MailFromError``.
    package init(_ argument: some Collection<UInt8>) throws(MailFromError) {
        var bytes = Array(argument)
        if bytes.contains(where: { $0 < 0x20 || $0 == 0x7f }) { throw .controlCharacter }
        if bytes.first == UInt8(ascii: "<") || bytes.last == UInt8(ascii: ">") {
            guard bytes.count > 1, bytes.first == UInt8(ascii: "<"),
                bytes.last == UInt8(ascii: ">")
            else { throw .brackets }
            bytes = Array(bytes[1..<(bytes.count - 1)])
        }
        if bytes.count > Self.longest { throw .tooLong(bytes.count) }
        let path = Self.withoutRoute(bytes)
        guard bytes.isEmpty || !path.isEmpty else { throw .noDomain }
        bytes = path
        guard let at = bytes.lastIndex(of: UInt8(ascii: "@")) else {
            guard bytes.isEmpty else { throw .noDomain }
            localPart = []
            domain = []
            return
        }
        guard at + 1 < bytes.count else { throw .noDomain }
        // RFC 7208 §4.3: internationalized domains are A-labels here.
        if bytes[at...].contains(where: { $0 >= 0x80 }) { throw .domainNotASCII }
        if let byte = bytes[(at + 1)...].first(where: Self.endsDomain) { throw .domainByte(byte) }
        localPart = Array(bytes[..<at])
        domain = Array(bytes[(at + 1)...])
    }

    /// A space, or what RFC 5322 §3.2.3 makes special: neither a domain nor an address literal
    /// (RFC 5321 §4.1.2) holds it, and a look-up with it asks for a name that nobody meant.
    private static func endsDomain(_ byte: UInt8) -> Bool {
        byte == Ascii.space || "()<>,;\"\\".utf8.contains(byte)
    }

    /// The path without its source route, `@relay,@other:` in front, which is to be ignored
    /// (RFC 5321 §4.1.1.2, appendix C).
    private static func withoutRoute(_ path: [UInt8]) -> [UInt8] {
        guard path.first == UInt8(ascii: "@") else { return path }
        var isInLiteral = false
        for (index, byte) in path.enumerated() {
            switch byte {
            case Ascii.openBracket: isInLiteral = true
            case UInt8(ascii: "]"): isInLiteral = false
            case UInt8(ascii: ":") where !isInLiteral: return Array(path[(index + 1)...])
            default: break
            }
        }
        return path
    }

    package var isNull: Bool { domain.isEmpty }

    /// The bytes as given, without brackets.
    package var raw: [UInt8] {
        isNull ? [] : localPart + [UInt8(ascii: "@")] + domain
    }
}

/// Why a text is no reverse-path; the sentence is made where it is printed.
package enum MailFromError: Error, Hashable, Sendable {
    /// A line break, a zero byte or the like: no SMTP command can carry it.
    case controlCharacter
    case brackets
    case tooLong(Int)
    case noDomain
    case domainNotASCII
    /// A byte that no domain holds.
    case domainByte(UInt8)
}
