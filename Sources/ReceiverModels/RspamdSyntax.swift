import NetNames

/// What rspamd's hfilter takes for an address, for one that nobody can have, and for a name.
///
/// Expressions over the text, no parsers: `10.example.com` is an address that nobody can have.
enum RspamdSyntax {
    /// Beginnings for HFILTER_HELO_BADIP.
    ///
    /// `#` is a digit, `h` a hexadecimal one, `?` any byte, `$` the end, `[…]` a range. Those of
    /// 100.64.0.0/10 miss its upper part, as hfilter's do.
    private static let badBeginnings = [
        "0.", "10.", "127.", "169.254.", "192.168.", "172.1[6-9].", "172.2[0-9].", "172.3[0-1].",
        "192.0.0.", "192.0.2.", "192.88.99.", "198.51.100.", "203.0.113.", "100?6[4-9].",
        "100?[7-9]#.", "100?1[0-1]#.", "100?12[0-7]#.", "#.#.#.255$", "::1$", "2001:db8::",
        "fc00::", "ffxx::", "fe[8-9]h::", "fe[a-b]h::", "fe[c-d]h:", "fefh:",
    ].map { Array($0.utf8) }

    /// The brackets of HELO are left out, wherever they stand.
    static func withoutBrackets(_ argument: [UInt8]) -> [UInt8] {
        argument.filter { $0 != Ascii.openBracket && $0 != Ascii.closeBracket }
    }

    static func isBadAddress(_ text: [UInt8]) -> Bool {
        let lowercased = text.map(Ascii.lowercased)
        return badBeginnings.contains { begins(lowercased[...], with: $0[...]) }
    }

    /// Four numbers with a dot, a hyphen or an `x` between, or lower-case digits up to a colon.
    static func isAddress(_ text: [UInt8]) -> Bool {
        let beforeColon = text.prefix { isHex($0) && $0 == Ascii.lowercased($0) }
        if !beforeColon.isEmpty, beforeColon.count < text.count,
            text[beforeColon.count] == Ascii.colon
        {
            return true
        }
        let numbers = text.split(omittingEmptySubsequences: false) {
            $0 == Ascii.dot || $0 == Ascii.hyphen || $0 == UInt8(ascii: "x")
        }
        return numbers.count == 4
            && numbers.allSatisfy { !$0.isEmpty && $0.allSatisfy(Ascii.isDigit) }
    }

    private static let names = 4...253
    private static let longestLabel = 63

    /// Two labels or more of letters, digits and inner hyphens; the last one has two bytes or more.
    static func isQualified(_ text: [UInt8]) -> Bool {
        guard names.contains(text.count) else { return false }
        let name = text.last == Ascii.dot ? text.dropLast() : text[...]
        let labels = name.split(separator: Ascii.dot, omittingEmptySubsequences: false)
        guard labels.count > 1, let last = labels.last, last.count > 1 else { return false }
        let areHostBytes = labels.allSatisfy { label in
            (1...longestLabel).contains(label.count)
                && label.allSatisfy {
                    Ascii.isLetter($0) || Ascii.isDigit($0) || $0 == Ascii.hyphen
                }
        }
        return areHostBytes
            && labels.dropLast().allSatisfy {
                $0.first != Ascii.hyphen && $0.last != Ascii.hyphen
            }
    }

    private static func isHex(_ byte: UInt8) -> Bool { Ascii.hexValue(byte) != nil }

    private static func begins(_ text: ArraySlice<UInt8>, with pattern: ArraySlice<UInt8>) -> Bool {
        guard let sign = pattern.first else { return true }
        if sign == UInt8(ascii: "$") { return text.isEmpty }
        guard let byte = text.first else { return false }
        var rest = pattern.dropFirst()
        switch sign {
        case UInt8(ascii: "#"):
            guard Ascii.isDigit(byte) else { return false }
        case UInt8(ascii: "h"):
            guard isHex(byte) else { return false }
        case UInt8(ascii: "?"): break
        case Ascii.openBracket:
            let range = rest.prefix(3)
            guard let low = range.first, let high = range.last, low <= byte, byte <= high else {
                return false
            }
            rest = rest.dropFirst(4)
        default:
            guard byte == sign else { return false }
        }
        return begins(text.dropFirst(), with: rest)
    }
}
