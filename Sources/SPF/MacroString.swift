import NetNames

/// Text with macros (RFC 7208 §7.1), read once and expanded for every use.
struct MacroString: Hashable, Sendable {
    let parts: [Part]

    enum Part: Hashable, Sendable {
        case literal([UInt8])
        case macro(Macro)
    }

    struct Macro: Hashable, Sendable {
        let letter: Letter
        /// An upper-case letter: what it expands to is escaped for a URL.
        let isEscaped: Bool
        /// How many parts on the right are kept; nil keeps all.
        let kept: Int?
        let isReversed: Bool
        /// What the value is split at; none means at dots.
        let delimiters: [UInt8]
    }

    /// What a macro stands for (RFC 7208 §7.2).
    enum Letter: UInt8, Hashable, Sendable {
        case sender = 0x73
        case localPart = 0x6c
        case senderDomain = 0x6f
        case domain = 0x64
        case address = 0x69
        case validatedName = 0x70
        case addressFamily = 0x76
        case helo = 0x68
        /// This one and the next two stand in explanations only.
        case readableAddress = 0x63
        case receiver = 0x72
        case time = 0x74

        var isForExplanations: Bool {
            switch self {
            case .readableAddress, .receiver, .time: true
            case .sender, .localPart, .senderDomain, .domain, .address, .validatedName,
                .addressFamily, .helo:
                false
            }
        }
    }

    /// Where the text stands, which decides what it may hold.
    enum Place {
        /// A name: no spaces, no macros of explanations, and an end that can be a name's.
        case domain
        /// The value of a modifier that nobody knows.
        case unknownModifier
        case explanation
    }

    var usesValidatedName: Bool {
        parts.contains {
            if case .macro(let macro) = $0 { macro.letter == .validatedName } else { false }
        }
    }

    /// Reads the text to its end.
    /// - Throws: What is wrong with it.
    init(
        parsing text: ArraySlice<UInt8>, as place: Place
    ) throws(SPFSyntaxError.Kind) {
        var parts: [Part] = []
        var literal: [UInt8] = []
        var endsInMacro = false
        var index = text.startIndex
        while index < text.endIndex {
            let byte = text[index]
            endsInMacro = byte == Ascii.percent
            guard endsInMacro else {
                guard byte &- 0x21 < 0x5e || (byte == Ascii.space && place == .explanation) else {
                    throw .badCharacter
                }
                literal.append(byte)
                index += 1
                continue
            }
            guard index + 1 < text.endIndex else { throw .badMacro }
            switch text[index + 1] {
            case Ascii.percent: literal.append(Ascii.percent)
            case Ascii.underscore: literal.append(Ascii.space)
            case Ascii.hyphen: literal += [0x25, 0x32, 0x30]
            case UInt8(ascii: "{"):
                if !literal.isEmpty { parts.append(.literal(literal)) }
                literal.removeAll()
                index += 2
                parts.append(.macro(try Macro(parsing: text, at: &index, as: place)))
                continue
            default: throw .badMacro
            }
            index += 2
        }
        if !literal.isEmpty { parts.append(.literal(literal)) }
        if case .domain = place, !endsInMacro, !Self.isDomainEnd(literal) { throw .badDomain }
        self.parts = parts
    }

    /// Whether the text behind the last macro ends as a name: a dot, a top label, a dot if need be.
    private static func isDomainEnd(_ literal: [UInt8]) -> Bool {
        let bare = literal.last == Ascii.dot ? literal.dropLast() : literal[...]
        guard let dot = bare.lastIndex(of: Ascii.dot) else { return false }
        let label = bare[(dot + 1)...]
        guard let first = label.first, let last = label.last,
            first != Ascii.hyphen, last != Ascii.hyphen
        else { return false }
        let isLabel = label.allSatisfy {
            Ascii.isLetter($0) || Ascii.isDigit($0) || $0 == Ascii.hyphen
        }
        return isLabel && !label.allSatisfy(Ascii.isDigit)
    }
}

extension MacroString.Macro {
    /// Reads what follows `%{`, to the closing brace.
    fileprivate init(
        parsing text: ArraySlice<UInt8>, at index: inout Int, as place: MacroString.Place
    ) throws(SPFSyntaxError.Kind) {
        guard index < text.endIndex,
            let letter = MacroString.Letter(rawValue: Ascii.lowercased(text[index]))
        else { throw .badMacro }
        if case .domain = place, letter.isForExplanations { throw .badMacro }
        self.letter = letter
        isEscaped = text[index] != letter.rawValue
        index += 1
        var kept: Int?
        while index < text.endIndex, Ascii.isDigit(text[index]) {
            // More parts than any text has are as good as all of them.
            kept = min((kept ?? 0) * 10 + Int(text[index] - Ascii.zero), 1_000_000)
            index += 1
        }
        // RFC 7208 §7.3: a count that is given must not be zero.
        if kept == 0 { throw .badMacro }
        self.kept = kept
        let isReversed = index < text.endIndex && text[index] | 0x20 == UInt8(ascii: "r")
        if isReversed { index += 1 }
        self.isReversed = isReversed
        var delimiters: [UInt8] = []
        while index < text.endIndex, Self.isDelimiter(text[index]) {
            if !delimiters.contains(text[index]) { delimiters.append(text[index]) }
            index += 1
        }
        self.delimiters = delimiters
        guard index < text.endIndex, text[index] == UInt8(ascii: "}") else { throw .badMacro }
        index += 1
    }

    private static func isDelimiter(_ byte: UInt8) -> Bool {
        switch byte {
        case Ascii.dot, Ascii.hyphen, Ascii.slash, Ascii.underscore, UInt8(ascii: "+"),
            UInt8(ascii: ","), UInt8(ascii: "="):
            true
        default: false
        }
    }
}
