package import NetNames

/// What keeps a DNS name from being a host name (RFC 952, RFC 1123 §2.1).
package enum HostnameDefect: Hashable, Sendable {
    case root
    case localhost
    case singleLabel
    /// Only digits and dots: an address, or a piece of one.
    case numeric
    case hyphenAtEdge
    /// The first byte outside letters, digits, hyphen; the underscore is the frequent one.
    case character(UInt8)

    /// The first defect of the name, the worst ones first; nil for a proper host name.
    package static func of(_ name: DomainName) -> HostnameDefect? {
        if name.isRoot { return .root }
        var hasHyphenAtEdge = false
        var lastLabelIsNumeric = false
        var count = 0
        var underscore: UInt8?
        let wire = name.wire
        var start = 1
        // Labels are walked in place: an array of them would cost more than all the rest.
        while wire[start - 1] != 0 {
            let end = start + Int(wire[start - 1])
            count += 1
            lastLabelIsNumeric = true
            for index in start..<end where !Ascii.isDigit(wire[index]) {
                let byte = wire[index]
                lastLabelIsNumeric = false
                if Ascii.isLetter(byte) || byte == Ascii.hyphen { continue }
                guard byte == Ascii.underscore else { return .character(byte) }
                underscore = byte
            }
            if wire[start] == Ascii.hyphen || wire[end - 1] == Ascii.hyphen {
                hasHyphenAtEdge = true
            }
            start = end + 1
        }
        if let underscore { return .character(underscore) }
        if hasHyphenAtEdge { return .hyphenAtEdge }
        if lastLabelIsNumeric { return .numeric }
        if isLocalhost(name) { return .localhost }
        return count == 1 ? .singleLabel : nil
    }

    /// Whether receivers look such a name up and may accept it: letters, digits, `-` and `_` only.
    ///
    /// Names with other bytes are unsafe to compare (a dot inside a label, a zero byte), C libraries
    /// refuse them, and so they never confirm anything here.
    package static func allowsLookup(of name: DomainName) -> Bool {
        switch of(name) {
        case .root: false
        case .character(let byte): byte == Ascii.underscore
        case .localhost, .singleLabel, .numeric, .hyphenAtEdge, nil: true
        }
    }
}
