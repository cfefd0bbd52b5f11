import NetNames

/// The words of one entry, taken one by one and read as what the caller expects.
struct MasterFileWords {
    typealias Word = MasterFileLexer.Word

    private var rest: ArraySlice<Word>
    /// The line of the word taken last.
    private(set) var line: Int

    init(_ words: ArraySlice<Word>, line: Int) {
        rest = words
        self.line = line
    }

    var first: Word? { rest.first }

    /// The words that are left.
    var remaining: ArraySlice<Word> { rest }

    mutating func next() throws(MasterFileError) -> Word {
        guard let word = rest.popFirst() else { throw MasterFileError(line: line, .missingField) }
        line = word.line
        return word
    }

    /// A word that is not quoted, as everything but a character string must be.
    mutating func plain() throws(MasterFileError) -> Word {
        let word = try next()
        guard !word.isQuoted else {
            throw MasterFileError(line: line, .unexpectedQuote, word: word.text)
        }
        return word
    }

    func end() throws(MasterFileError) {
        if let word = rest.first {
            throw MasterFileError(line: word.line, .trailingText, word: word.text)
        }
    }

    mutating func name(below origin: DomainName) throws(MasterFileError) -> DomainName {
        try Self.name(try plain(), below: origin)
    }

    /// A name; `@` stands for the origin, but `\@` is a label.
    static func name(
        _ word: Word, below origin: DomainName
    ) throws(MasterFileError) -> DomainName {
        guard !word.isQuoted else {
            throw MasterFileError(line: word.line, .unexpectedQuote, word: word.text)
        }
        if word.text.elementsEqual([UInt8(ascii: "@")]) { return origin }
        do {
            return try DomainName(parsing: word.text, origin: origin)
        } catch {
            throw MasterFileError(line: word.line, .badName(error), word: word.text)
        }
    }

    mutating func number<Value: FixedWidthInteger>(
        as type: Value.Type = Value.self
    ) throws(MasterFileError) -> Value {
        let word = try plain()
        guard let value = Ascii.decimal(word.text, as: type) else {
            throw MasterFileError(line: line, .badNumber, word: word.text)
        }
        return value
    }

    /// Seconds, plain or with units, up to `limit`.
    mutating func time(limit: UInt32 = .max) throws(MasterFileError) -> UInt32 {
        let word = try plain()
        guard let seconds = Self.seconds(word.text), seconds <= limit else {
            throw MasterFileError(line: line, .badTime, word: word.text)
        }
        return seconds
    }

    /// A character string of up to 255 bytes, quoted or not.
    mutating func characterString() throws(MasterFileError) -> [UInt8] {
        let word = try next()
        guard let string = Self.unescaped(word.text) else {
            throw MasterFileError(line: line, .badEscape, word: word.text)
        }
        guard string.count <= 255 else { throw MasterFileError(line: line, .stringTooLong) }
        return string
    }

    /// `3600`, or numbers each with a unit of s, m, h, d, w: `1h30m`.
    private static func seconds(_ text: ArraySlice<UInt8>) -> UInt32? {
        if let plain = Ascii.decimal(text, as: UInt32.self) { return plain }
        var total: UInt64 = 0
        var rest = text
        while !rest.isEmpty {
            let digits = rest.prefix(while: Ascii.isDigit)
            rest = rest.dropFirst(digits.count)
            guard let count = Ascii.decimal(digits, as: UInt32.self), let unit = rest.popFirst(),
                let length = length(ofUnit: unit)
            else { return nil }
            total += UInt64(count) * length
            guard total <= UInt32.max else { return nil }
        }
        return UInt32(total)
    }

    private static func length(ofUnit unit: UInt8) -> UInt64? {
        switch Ascii.lowercased(unit) {
        case UInt8(ascii: "s"): 1
        case UInt8(ascii: "m"): 60
        case UInt8(ascii: "h"): 3600
        case UInt8(ascii: "d"): 86_400
        case UInt8(ascii: "w"): 604_800
        default: nil
        }
    }

    private static func unescaped(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        var string: [UInt8] = []
        var rest = text
        while let byte = rest.popFirst() {
            if byte != Ascii.backslash {
                string.append(byte)
            } else if let next = rest.first, Ascii.isDigit(next) {
                let digits = rest.prefix(3)
                guard digits.count == 3, let value = Ascii.decimal(digits, as: UInt8.self) else {
                    return nil
                }
                string.append(value)
                rest = rest.dropFirst(3)
            } else if let next = rest.popFirst() {
                string.append(next)
            } else {
                return nil
            }
        }
        return string
    }
}
