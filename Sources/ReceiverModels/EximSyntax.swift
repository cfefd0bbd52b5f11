import NetNames

/// What Exim takes for an address and for a name it may look up, over bytes.
enum EximSyntax {
    /// Whether HELO accepts the argument with `helo_allow_chars` unset (smtp_in.c).
    ///
    /// A literal must hold an address, with its tag or without; anything else is letters, digits,
    /// dots and hyphens in any order.
    static func isHELO(_ text: [UInt8]) -> Bool {
        guard text.first == Ascii.openBracket else {
            return !text.isEmpty
                && text.allSatisfy {
                    Ascii.isLetter($0) || Ascii.isDigit($0) || $0 == Ascii.dot
                        || $0 == Ascii.hyphen
                }
        }
        guard text.count > 1, text.last == Ascii.closeBracket else { return false }
        let inner = text[1..<(text.count - 1)]
        switch String(decoding: inner.prefix(5).map(Ascii.lowercased), as: UTF8.self) {
        case "ipv6:": return inner.contains(Ascii.colon, after: 5) && isIPv6(inner.dropFirst(5))
        case "ipv4:": return !inner.contains(Ascii.colon, after: 5) && isIPv4(inner.dropFirst(5))
        default: return inner.contains(Ascii.colon) ? isIPv6(inner) : isIPv4(inner)
        }
    }

    /// Whether a name is looked up at all (the default of dns_check_names_pattern): labels of letters,
    /// digits, `_`, `-` and `/` that begin and end with none of the last two; one closing dot may be.
    static func isLookedUp(_ text: some Collection<UInt8>) -> Bool {
        let bytes = Array(text)
        let body = bytes.last == Ascii.dot ? bytes.dropLast() : bytes[...]
        let isWord = { (byte: UInt8) in
            Ascii.isLetter(byte) || Ascii.isDigit(byte) || byte == Ascii.underscore
        }
        return body.split(separator: Ascii.dot, omittingEmptySubsequences: false)
            .allSatisfy { label in
                guard let first = label.first, isWord(first), let last = label.last,
                    isWord(last)
                else { return false }
                return label.allSatisfy { isWord($0) || $0 == Ascii.hyphen || $0 == Ascii.slash }
            }
    }

    /// Four decimal numbers of up to three digits and up to 255.
    private static func isIPv4(_ text: ArraySlice<UInt8>) -> Bool {
        let parts = text.split(separator: Ascii.dot, omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { $0.count <= 3 && Ascii.decimal($0, as: UInt8.self) != nil }
    }

    /// Eight groups of hex digits, or fewer with two colons once.
    ///
    /// What follows a percent sign is a zone and free.
    private static func isIPv6(_ text: ArraySlice<UInt8>) -> Bool {
        var rest = text
        if rest.first == Ascii.colon {
            rest = rest.dropFirst()
            guard rest.first == Ascii.colon else { return false }
        }
        var isCompressed = false
        for group in 0..<8 {
            switch rest.first {
            case nil, Ascii.percent: return isCompressed
            case Ascii.colon:
                if isCompressed { return false }
                isCompressed = true
                rest = rest.dropFirst()
                continue
            default: break
            }
            if !rest.contains(Ascii.colon), rest.contains(Ascii.dot) {
                return (isCompressed ? group <= 6 : group == 6) && isIPv4(rest)
            }
            let digits = rest.prefix(4).prefix { Ascii.hexValue($0) != nil }
            if digits.isEmpty { return false }
            rest = rest.dropFirst(digits.count)
            if rest.first == Ascii.colon {
                rest = rest.dropFirst()
                if rest.isEmpty { return false }
            }
        }
        return rest.isEmpty || rest.first == Ascii.percent
    }
}

extension ArraySlice<UInt8> {
    fileprivate func contains(_ byte: UInt8, after count: Int) -> Bool {
        dropFirst(count).contains(byte)
    }
}
