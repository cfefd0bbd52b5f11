import NetNames

/// What Exim takes for an address and for a name it may look up, over bytes.
enum EximSyntax {
    /// What Exim does at the HELO command itself.
    enum HELO {
        case valid
        case invalid
        /// A literal with a percent sign in it, at which the process ends (seen with 4.96).
        case fatal
    }

    /// Whether HELO accepts the argument with `helo_allow_chars` unset (smtp_in.c).
    ///
    /// A literal must hold an address, with its tag or without; anything else is letters, digits,
    /// dots and hyphens in any order.
    static func helo(_ text: [UInt8]) -> HELO {
        guard text.first == Ascii.openBracket else {
            let isPlain = text.allSatisfy {
                Ascii.isLetter($0) || Ascii.isDigit($0) || $0 == Ascii.dot || $0 == Ascii.hyphen
            }
            return isPlain && !text.isEmpty ? .valid : .invalid
        }
        guard text.last == Ascii.closeBracket else { return .invalid }
        if text.contains(Ascii.percent) { return .fatal }
        var inner = text[1..<(text.count - 1)]
        var wantsColon: Bool?
        for (tag, isIPv6) in [("ipv6:", true), ("ipv4:", false)]
        where inner.prefix(tag.utf8.count).map(Ascii.lowercased) == Array(tag.utf8) {
            inner = inner.dropFirst(tag.utf8.count)
            wantsColon = isIPv6
        }
        let hasColon = inner.contains(Ascii.colon)
        let isAddress =
            (try? IPAddress(parsing: inner)) != nil && (wantsColon ?? hasColon) == hasColon
        return isAddress ? .valid : .invalid
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
}
