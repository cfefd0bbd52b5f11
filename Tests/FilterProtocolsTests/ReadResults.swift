import NetNames

/// A reader of Authentication-Results, written apart from the encoder: RFC 8601 §2.2, strictly.
struct ReadResults {
    struct Result: Equatable {
        var method: String
        var outcome: String
        var comments: [String] = []
        /// Name and value.
        var properties: [[String]] = []
    }

    let server: String
    let results: [Result]

    private enum Token: Equatable {
        case word(String)
        case comment(String)
        case mark(UInt8)
    }

    init?(_ folded: [UInt8]) {
        // Unfolding takes away the line ends, and only those before a space.
        var unfolded: [UInt8] = []
        for (index, byte) in folded.enumerated() {
            if byte == Ascii.lineFeed {
                guard index + 1 < folded.count, folded[index + 1] == Ascii.space else { return nil }
            } else {
                guard (0x20..<0x7f).contains(byte) else { return nil }
                unfolded.append(byte)
            }
        }
        guard let tokens = Self.tokens(unfolded[...]), case .word(let server)? = tokens.first else {
            return nil
        }
        self.server = server
        var results: [Result] = []
        for part in tokens.dropFirst().split(separator: .mark(Ascii.semicolon)) {
            guard let result = Self.result(Array(part)) else { return nil }
            results.append(result)
        }
        self.results = results
    }

    private static func result(_ tokens: [Token]) -> Result? {
        var pairs: [[String]] = []
        var comments: [String] = []
        var rest = tokens[...]
        while let token = rest.popFirst() {
            switch token {
            case .comment(let text): comments.append(text)
            case .mark: return nil
            case .word(let name):
                guard rest.popFirst() == .mark(UInt8(ascii: "=")),
                    case .word(let value)? = rest.popFirst()
                else { return nil }
                pairs.append([name, value])
            }
        }
        guard let first = pairs.first else { return nil }
        return Result(
            method: first[0], outcome: first[1], comments: comments,
            properties: Array(pairs.dropFirst()))
    }

    private static func tokens(_ text: ArraySlice<UInt8>) -> [Token]? {
        var rest = text
        var tokens: [Token] = []
        while let byte = rest.first {
            switch byte {
            case Ascii.space: rest = rest.dropFirst()
            case Ascii.semicolon, UInt8(ascii: "="):
                tokens.append(.mark(byte))
                rest = rest.dropFirst()
            case Ascii.quote, Ascii.openParenthesis:
                let end = byte == Ascii.quote ? Ascii.quote : Ascii.closeParenthesis
                rest = rest.dropFirst()
                var inner: [UInt8] = []
                while let next = rest.first, next != end {
                    if next == Ascii.openParenthesis, byte == next { return nil }
                    if next == Ascii.backslash { rest = rest.dropFirst() }
                    guard let kept = rest.popFirst() else { return nil }
                    inner.append(kept)
                }
                guard rest.popFirst() == end else { return nil }
                let said = String(decoding: inner, as: UTF8.self)
                tokens.append(byte == Ascii.quote ? .word(said) : .comment(said))
            default:
                let specials = Array("()<>@,;:\\\"/[]?= ".utf8)
                let word = rest.prefix { !specials.contains($0) }
                guard !word.isEmpty else { return nil }
                tokens.append(.word(String(decoding: word, as: UTF8.self)))
                rest = rest.dropFirst(word.count)
            }
        }
        return tokens
    }
}

/// A generator with a seed, so that a failing case can be made again (SplitMix64).
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }
}
