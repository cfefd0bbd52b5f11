import NetNames

/// The name patterns of rspamd's hfilter: words of access lines, each with a weight of 1 to 5.
///
/// As hfilter.lua of 3.4 lists them, word by word: which sign and how many digits must stand beside
/// a word differs from one to the next. Signs are `.` and `-`. The heaviest that counts is taken.
enum RspamdPatterns {
    /// Where a word counts.
    private struct Places: OptionSet {
        let rawValue: Int

        /// Between two signs.
        static let between = Places(rawValue: 1)
        /// In front of a sign and a digit.
        static let inFront = Places(rawValue: 2)
        /// In front of a digit, with or without a sign.
        static let touchingDigit = Places(rawValue: 4)
        /// In front of a sign, a digit and a third such byte.
        static let inFrontOfTwo = Places(rawValue: 8)
        /// Behind a digit, with or without a sign.
        static let behindOne = Places(rawValue: 16)
        /// Behind two such bytes, the second a digit, with or without a sign.
        static let behindTwo = Places(rawValue: 32)
        /// Behind the same and a sign.
        static let behindTwoAndSign = Places(rawValue: 64)
        /// Between two signs, the first behind a digit or sign.
        static let betweenNumbered = Places(rawValue: 128)

        static let usual: Places = [.between, .inFront, .behindTwo]
        static let digitIsEnough: Places = [.between, .inFront, .behindOne]
        static let signIsNeeded: Places = [.between, .inFront, .behindTwoAndSign]
        static let line: Places = [.between, .touchingDigit, .behindTwo]
    }

    private struct Word {
        let text: [UInt8]
        let weight: Int
        let places: Places
    }

    private static let words: [Word] = [
        group(
            5, .usual, "nat homeuser dynamic catv comcast ppp cablemodem pptp dialup dial-up"),
        group(5, .digitIsEnough, "wifi broad dhcp"),
        group(5, .signIsNeeded, "broadband gprs cdma modem"),
        group(5, [.inFront, .betweenNumbered, .behindTwo], "pppoe"),
        group(5, [.inFront, .betweenNumbered, .behindTwoAndSign], "dynip"),
        group(5, [.inFrontOfTwo, .behindTwoAndSign], "dyn"),
        group(5, [.between, .behindTwo], "bredband"),
        group(5, .inFront, "brodband"),
        group(5, .line, "dsl-dynamic adsl-dynamic xdsl-dynamic |dsl-dynamic"),
        group(4, .line, "dsl-line adsl-line xdsl-line |dsl-line dsl adsl xdsl |dsl"),
        group(4, .usual, "inaddr in-addr pool fibertel"),
        group(4, .digitIsEnough, "fbx"),
        group(3, .usual, "unused-addr"),
        group(3, .digitIsEnough, "kabel"),
        group(3, .signIsNeeded, "cable"),
        group(2, .usual, "host"),
        group(1, .usual, "peer user customer customers"),
        group(1, .between, "client clients"),
    ].flatMap { $0 }

    private static func group(_ weight: Int, _ places: Places, _ words: String) -> [Word] {
        words.utf8.split(separator: Ascii.space).map {
            Word(text: Array($0), weight: weight, places: places)
        }
    }

    /// Routers that say their own name.
    private static let devices = [
        "device.lan", "speedtouch.lan", "dsldevice.lan", "dslspeedtouch.lan",
    ]
    .map { Array($0.utf8) }

    /// The weight of a host name's pattern, 0 without one.
    static func weight(of name: DomainName) -> Int {
        weight(of: Array("\(name)".utf8))
    }

    /// The weight of HELO's pattern, 0 without one.
    ///
    /// hfilter lists private endings such as `.local`, too, in an expression that does not end: it
    /// never counts (seen with 3.4).
    static func heloWeight(of argument: [UInt8]) -> Int {
        if !argument.isEmpty, !argument.contains(Ascii.dot) { return 5 }
        if devices.contains(argument.map(Ascii.lowercased)) { return 5 }
        return weight(of: argument)
    }

    private static func weight(of name: [UInt8]) -> Int {
        let text = name.map(Ascii.lowercased)
        var heaviest = clientsWeight(of: text)
        for word in words where word.weight > heaviest {
            let counts = starts(of: word.text, in: text).contains {
                self.counts(text[..<$0], text[($0 + word.text.count)...], word.places)
            }
            if counts { heaviest = word.weight }
        }
        return heaviest
    }

    /// `client` and `clients` weigh 5 beside a longer number.
    private static func clientsWeight(of text: [UInt8]) -> Int {
        for word in ["client", "clients"].map({ Array($0.utf8) }) {
            for start in starts(of: word, in: text) {
                let after = text[(start + word.count)...]
                if isSign(after.first), isDigits(after.dropFirst().prefix(2), 2) { return 5 }
                var before = text[..<start]
                if isSign(before.last) { before = before.dropLast() }
                if isDigits(before.suffix(3), 3), isSignOrDigit(before.dropLast(3).last) {
                    return 5
                }
            }
        }
        return 0
    }

    private static func counts(
        _ before: ArraySlice<UInt8>, _ after: ArraySlice<UInt8>, _ places: Places
    ) -> Bool {
        let beyond = after.dropFirst()
        let unsigned = isSign(before.last) ? before.dropLast() : before
        if isSign(after.first) {
            if places.contains(.between), isSign(before.last) { return true }
            if places.contains(.inFront), isDigit(beyond.first) { return true }
            if places.contains(.inFrontOfTwo), isDigit(beyond.first),
                isSignOrDigit(beyond.dropFirst().first)
            {
                return true
            }
            if places.contains(.betweenNumbered), isSign(before.last), isSignOrDigit(unsigned.last)
            {
                return true
            }
        }
        if places.contains(.touchingDigit),
            isDigit(isSign(after.first) ? beyond.first : after.first)
        {
            return true
        }
        guard isDigit(unsigned.last) else { return false }
        if places.contains(.behindOne) { return true }
        guard isSignOrDigit(unsigned.dropLast().last) else { return false }
        return places.contains(.behindTwo)
            || (places.contains(.behindTwoAndSign) && isSign(before.last))
    }

    private static func starts(of word: [UInt8], in text: [UInt8]) -> [Int] {
        guard text.count >= word.count else { return [] }
        return (0...(text.count - word.count)).filter {
            text[$0..<($0 + word.count)] == word[...]
        }
    }

    private static func isDigits(_ bytes: ArraySlice<UInt8>, _ count: Int) -> Bool {
        bytes.count == count && bytes.allSatisfy(Ascii.isDigit)
    }

    private static func isDigit(_ byte: UInt8?) -> Bool { byte.map(Ascii.isDigit) == true }

    private static func isSign(_ byte: UInt8?) -> Bool {
        byte == Ascii.dot || byte == Ascii.hyphen
    }

    private static func isSignOrDigit(_ byte: UInt8?) -> Bool { isSign(byte) || isDigit(byte) }
}
