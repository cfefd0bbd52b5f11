import NetNames

/// The name patterns of rspamd's hfilter: words of access lines, each with a weight of 1 to 5.
///
/// A word counts between two of `.` and `-`, in front of such a sign and a digit, or behind a digit
/// with or without such a sign. Where several count, hfilter takes the heaviest for the PTR name and
/// any of them for HELO; the heaviest is taken for both here.
enum RspamdPatterns {
    private static let words: [(weight: Int, words: [String])] = [
        (
            5,
            [
                "gprs", "cdma", "homeuser", "dhcp", "catv", "wifi", "dialup", "dial-up", "dynamic",
                "dyn", "dynip", "broadband", "broad", "bredband", "nat", "pptp", "pppoe", "ppp",
                "modem", "cablemodem", "comcast", "dsl-dynamic", "adsl-dynamic", "xdsl-dynamic",
            ]
        ),
        (
            4,
            [
                "dsl", "adsl", "xdsl", "dsl-line", "adsl-line", "xdsl-line", "inaddr", "in-addr",
                "pool", "fibertel", "fbx",
            ]
        ),
        (3, ["unused-addr", "cable", "kabel"]),
        (2, ["host"]),
        (1, ["client", "clients", "customer", "customers", "user", "peer"]),
    ]

    /// Top-level and second-level endings by which HELO gives itself away.
    private static let privateEndings = [
        "lan", "local", "home", "localdomain", "intra", "in-addr.arpa", "priv", "user", "veloxzon",
    ].map { Array(("." + $0).utf8) }

    /// The weight of a PTR name's pattern, 0 without one.
    static func weight(of name: DomainName) -> Int {
        weight(of: "\(name)".utf8.map(Ascii.lowercased))
    }

    /// The weight of HELO's pattern, 0 without one.
    static func heloWeight(of argument: [UInt8]) -> Int {
        let text = argument.map(Ascii.lowercased)
        if !text.isEmpty, !text.contains(Ascii.dot) { return 5 }
        if privateEndings.contains(where: {
            text.count > $0.count && text.suffix($0.count) == $0[...]
        }) {
            return 5
        }
        return weight(of: text)
    }

    /// Whether an IPv4 address is of the ranges that HFILTER_HELO_BADIP names.
    static func isBad(_ address: IPAddress) -> Bool {
        switch SpecialAddresses.purpose(of: address)?.kind {
        case .thisNetwork, .loopback, .privateUse, .linkLocal, .protocolAssignment,
            .sharedAddressSpace, .documentation:
            true
        case .uniqueLocal, .benchmarking, .translation, .tunnel, .discardOnly, .multicast,
            .reserved, .unspecified, nil:
            false
        }
    }

    private static func weight(of text: [UInt8]) -> Int {
        for (weight, group) in words {
            for word in group where counts(Array(word.utf8), in: text) { return weight }
        }
        return 0
    }

    private static func counts(_ word: [UInt8], in text: [UInt8]) -> Bool {
        guard text.count >= word.count else { return false }
        for start in 0...(text.count - word.count)
        where text[start..<(start + word.count)] == word[...] {
            let end = start + word.count
            let before = start > 0 ? text[start - 1] : nil
            let after = end < text.count ? text[end] : nil
            let beyond = end + 1 < text.count ? text[end + 1] : nil
            if isSign(after), isSign(before) || beyond.map(Ascii.isDigit) == true { return true }
            if before.map(Ascii.isDigit) == true { return true }
            if isSign(before), start > 1, Ascii.isDigit(text[start - 2]) { return true }
            // The words of DSL lines need no sign in front of the digit.
            if word.starts(with: "dsl".utf8), after.map(Ascii.isDigit) == true { return true }
        }
        return false
    }

    private static func isSign(_ byte: UInt8?) -> Bool {
        byte == Ascii.dot || byte == Ascii.hyphen
    }
}
