import NetNames

/// What Postfix calls a valid host name and a valid address (valid_hostname.c), over bytes.
enum PostfixSyntax {
    /// Longest label and longest name that pass.
    private static let longestLabel = 63
    private static let longestName = 255

    /// Labels of letters, digits, `_` and inner hyphens; no closing dot, and not digits only.
    static func isHostname(_ text: some Collection<UInt8>) -> Bool {
        text.count <= longestName && text.contains { $0 != Ascii.dot && !Ascii.isDigit($0) }
            && text.split(separator: Ascii.dot, omittingEmptySubsequences: false)
                .allSatisfy { isLabel(Array($0)) }
    }

    /// The text without its closing dot; what ends in two dots is no name either way.
    static func withoutClosingDot(_ text: [UInt8]) -> [UInt8] {
        text.last == Ascii.dot ? text.dropLast() : text
    }

    static func isAddress(_ text: [UInt8]) -> Bool {
        text.contains(Ascii.colon) ? isIPv6(text) : isIPv4(text[...])
    }

    /// `[192.0.2.1]` or `[IPv6:2001:db8::1]`; an IPv6 address without its tag is refused.
    ///
    /// The text must begin with its bracket.
    static func isLiteral(_ text: [UInt8]) -> Bool {
        guard text.last == Ascii.closeBracket else { return false }
        let inner = Array(text[1..<(text.count - 1)])
        let tag = Array("ipv6:".utf8)
        guard inner.prefix(tag.count).map(Ascii.lowercased) == tag else {
            return isIPv4(inner[...])
        }
        return isIPv6(Array(inner.dropFirst(tag.count)))
    }

    private static func isLabel(_ label: [UInt8]) -> Bool {
        !label.isEmpty && label.count <= longestLabel && label.first != Ascii.hyphen
            && label.last != Ascii.hyphen && label.allSatisfy(isHostByte)
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        Ascii.isLetter(byte) || Ascii.isDigit(byte) || byte == Ascii.hyphen
            || byte == Ascii.underscore
    }

    /// Four decimal numbers up to 255, zeros in front allowed; the first is not zero, unless all are.
    private static func isIPv4(_ text: ArraySlice<UInt8>) -> Bool {
        let parts = text.split(separator: Ascii.dot, omittingEmptySubsequences: false)
        guard parts.count == 4 else { return false }
        let values = parts.compactMap { Ascii.decimal($0, as: UInt8.self) }
        guard values.count == 4 else { return false }
        return values[0] != 0 || values.allSatisfy { $0 == 0 }
    }

    /// Groups of up to four hex digits, two colons once; fewer than eight groups pass without them.
    private static func isIPv6(_ text: [UInt8]) -> Bool {
        var groups = text.split(separator: Ascii.colon, omittingEmptySubsequences: false)
        guard (3...8).contains(groups.count) else { return false }
        if groups[0].isEmpty, !groups[1].isEmpty { return false }
        if groups[groups.count - 1].isEmpty, !groups[groups.count - 2].isEmpty { return false }
        if groups[groups.count - 1].contains(Ascii.dot) {
            guard groups.count <= 7, isIPv4(groups[groups.count - 1]) else { return false }
            groups.removeLast()
        }
        let isGroup = { (group: ArraySlice<UInt8>) in
            group.count <= 4 && group.allSatisfy { Ascii.hexValue($0) != nil }
        }
        return groups.allSatisfy(isGroup) && compressions(in: text) <= 1
    }

    private static func compressions(in text: [UInt8]) -> Int {
        zip(text, text.dropFirst()).count { $0 == Ascii.colon && $1 == Ascii.colon }
    }
}
