import NetNames

/// The numbers of a $GENERATE line: `start-stop` or `start-stop/step`.
struct GenerateRange {
    let numbers: StrideThrough<Int>
    let count: Int

    init(_ word: MasterFileLexer.Word) throws(MasterFileError) {
        let parts = word.text.split(separator: Ascii.slash, omittingEmptySubsequences: false)
        let ends = parts[0].split(separator: Ascii.hyphen, omittingEmptySubsequences: false)
        let step = parts.count == 2 ? Ascii.decimal(parts[1], as: Int32.self) : 1
        guard parts.count <= 2, ends.count == 2, let step, step > 0,
            let start = Ascii.decimal(ends[0], as: Int32.self),
            let stop = Ascii.decimal(ends[1], as: Int32.self), start <= stop
        else { throw MasterFileError(line: word.line, .badRange, word: word.text) }
        numbers = stride(from: Int(start), through: Int(stop), by: Int(step))
        count = (Int(stop) - Int(start)) / Int(step) + 1
    }
}

/// One word of a $GENERATE line, in which `$` stands for the number.
///
/// `${offset,width,base}` shifts and formats it; width and base may be left out. Bases are d, o, x,
/// X, and n or N for hex nibbles in reverse order with dots, as ip6.arpa names have them. `$$` and
/// `\$` are a dollar sign.
struct GenerateTemplate {
    private enum Piece {
        case literal([UInt8])
        case number(offset: Int, width: Int, base: UInt8)
    }

    private var pieces: [Piece] = []
    private let source: MasterFileLexer.Word

    init(_ word: MasterFileLexer.Word) throws(MasterFileError) {
        source = word
        var literal: [UInt8] = []
        var rest = word.text
        while let byte = rest.popFirst() {
            if byte == Ascii.backslash {
                literal.append(byte)
                if let protected = rest.popFirst() { literal.append(protected) }
            } else if byte != Self.dollar {
                literal.append(byte)
            } else if rest.first == Self.dollar {
                literal += [Ascii.backslash, Self.dollar]
                rest = rest.dropFirst()
            } else {
                pieces.append(.literal(literal))
                literal = []
                pieces.append(try Self.number(from: &rest, of: word))
            }
        }
        pieces.append(.literal(literal))
    }

    /// The word for one number, with escapes as they were written.
    func word(for number: Int) throws(MasterFileError) -> MasterFileLexer.Word {
        var text: [UInt8] = []
        for piece in pieces {
            switch piece {
            case .literal(let bytes):
                text += bytes
            case .number(let offset, let width, let base):
                guard number + offset >= 0 else {
                    throw MasterFileError(line: source.line, .negativeCounter, word: source.text)
                }
                text += Self.digits(of: number + offset, width: width, base: base)
            }
            guard text.count <= MasterFileLimits.generatedBytes else {
                throw MasterFileError(line: source.line, .generatedTooLong, word: source.text)
            }
        }
        return MasterFileLexer.Word(text: text[...], isQuoted: source.isQuoted, line: source.line)
    }

    private static let dollar = UInt8(ascii: "$")
    private static let comma = UInt8(ascii: ",")

    /// What follows a dollar sign: nothing, or the modifier in braces.
    private static func number(
        from rest: inout ArraySlice<UInt8>, of word: MasterFileLexer.Word
    ) throws(MasterFileError) -> Piece {
        let decimal = UInt8(ascii: "d")
        guard rest.first == UInt8(ascii: "{") else {
            return .number(offset: 0, width: 0, base: decimal)
        }
        let problem = MasterFileError(line: word.line, .badModifier, word: word.text)
        guard let end = rest.firstIndex(of: UInt8(ascii: "}")) else { throw problem }
        let fields = rest[(rest.startIndex + 1)..<end].split(
            separator: comma, omittingEmptySubsequences: false)
        rest = rest[(end + 1)...]
        let isNegative = fields[0].first == Ascii.hyphen
        let offset = Ascii.decimal(fields[0].dropFirst(isNegative ? 1 : 0), as: Int32.self)
        let width = fields.count > 1 ? Ascii.decimal(fields[1], as: Int.self) : 0
        let base = fields.count > 2 ? fields[2] : [decimal]
        guard fields.count <= 3, let offset, let width, width <= MasterFileLimits.generateWidth,
            base.count == 1, let letter = base.first, "doxXnN".utf8.contains(letter)
        else { throw problem }
        return .number(offset: isNegative ? -Int(offset) : Int(offset), width: width, base: letter)
    }

    private static func digits(of value: Int, width: Int, base: UInt8) -> [UInt8] {
        switch base {
        case UInt8(ascii: "n"): nibbles(of: value, width: width, uppercase: false)
        case UInt8(ascii: "N"): nibbles(of: value, width: width, uppercase: true)
        case UInt8(ascii: "x"): padded(String(value, radix: 16), width: width)
        case UInt8(ascii: "X"): padded(String(value, radix: 16, uppercase: true), width: width)
        case UInt8(ascii: "o"): padded(String(value, radix: 8), width: width)
        default: padded(String(value), width: width)
        }
    }

    private static func padded(_ digits: String, width: Int) -> [UInt8] {
        Array(repeating: Ascii.zero, count: max(0, width - digits.utf8.count)) + digits.utf8
    }

    /// Hex digits from the lowest up, a dot between two; the width counts dots too, as in BIND.
    private static func nibbles(of value: Int, width: Int, uppercase: Bool) -> [UInt8] {
        var text: [UInt8] = []
        var rest = value
        repeat {
            text += String(rest & 15, radix: 16, uppercase: uppercase).utf8
            rest >>= 4
            if text.count < width || rest != 0 { text.append(Ascii.dot) }
        } while text.count < width || rest != 0
        return text
    }
}
