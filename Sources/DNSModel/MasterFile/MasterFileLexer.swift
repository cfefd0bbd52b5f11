import NetNames

/// Cuts a master file into entries: the words of one line, or of several held by parentheses.
///
/// Comments, blanks and parentheses are gone; escapes are still as written, because only the
/// reader of a field knows what they mean there (RFC 1035 §5.1).
struct MasterFileLexer {
    struct Word {
        let text: ArraySlice<UInt8>
        let isQuoted: Bool
        let line: Int
    }

    struct Entry {
        var words: [Word]
        let line: Int
        /// The entry begins with a blank: its owner is the one above.
        let hasBlankOwner: Bool
    }

    private let bytes: ArraySlice<UInt8>
    private var index: Int
    private var line: Int

    init(_ bytes: ArraySlice<UInt8>, line: Int = 1) {
        self.bytes = bytes
        self.line = line
        index = bytes.startIndex
        // Some editors begin a UTF-8 file with a byte order mark.
        if bytes.starts(with: [0xef, 0xbb, 0xbf]) { index += 3 }
    }

    /// The next entry that has words; nil at the end of the file.
    mutating func next() throws(MasterFileError) -> Entry? {
        while index < bytes.endIndex {
            let entry = try logicalLine()
            if !entry.words.isEmpty { return entry }
        }
        return nil
    }

    private mutating func logicalLine() throws(MasterFileError) -> Entry {
        let start = index
        var entry = Entry(words: [], line: line, hasBlankOwner: isBlank(bytes[index]))
        var openedAt: [Int] = []
        while index < bytes.endIndex {
            guard index - start <= MasterFileLimits.entryBytes else {
                throw MasterFileError(line: entry.line, .entryTooLong)
            }
            switch bytes[index] {
            case Ascii.lineFeed:
                index += 1
                line += 1
                if openedAt.isEmpty { return entry }
            case let byte where isBlank(byte):
                index += 1
            case Ascii.semicolon:
                index = bytes[index...].firstIndex(of: Ascii.lineFeed) ?? bytes.endIndex
            case Ascii.openParenthesis:
                guard openedAt.count < MasterFileLimits.nesting else {
                    throw MasterFileError(line: line, .nestedTooDeep)
                }
                openedAt.append(line)
                index += 1
            case Ascii.closeParenthesis:
                guard openedAt.popLast() != nil else {
                    throw MasterFileError(line: line, .unexpectedParenthesis)
                }
                index += 1
            case Ascii.quote:
                entry.words.append(try quotedWord())
            default:
                entry.words.append(try plainWord())
            }
        }
        if let opened = openedAt.last { throw MasterFileError(line: opened, .unclosedParenthesis) }
        return entry
    }

    private mutating func plainWord() throws(MasterFileError) -> Word {
        let start = index
        while index < bytes.endIndex, !isDelimiter(bytes[index]) {
            if bytes[index] == Ascii.quote {
                throw MasterFileError(line: line, .unexpectedQuote, word: bytes[start...index])
            }
            try step()
        }
        return Word(text: bytes[start..<index], isQuoted: false, line: line)
    }

    private mutating func quotedWord() throws(MasterFileError) -> Word {
        index += 1
        let start = index
        while index < bytes.endIndex, bytes[index] != Ascii.quote {
            guard bytes[index] != Ascii.lineFeed else { break }
            if isBlank(bytes[index]) { index += 1 } else { try step() }
        }
        guard index < bytes.endIndex, bytes[index] == Ascii.quote else {
            throw MasterFileError(line: line, .unclosedQuote, word: bytes[start..<index])
        }
        let text = bytes[start..<index]
        index += 1
        guard index == bytes.endIndex || isDelimiter(bytes[index]) else {
            throw MasterFileError(line: line, .unexpectedQuote, word: text)
        }
        return Word(text: text, isQuoted: true, line: line)
    }

    /// Steps over one byte, or over a backslash and the byte it protects.
    private mutating func step() throws(MasterFileError) {
        if bytes[index] == Ascii.backslash {
            index += 1
            guard index < bytes.endIndex, bytes[index] != Ascii.lineFeed,
                bytes[index] != Ascii.carriageReturn
            else { throw MasterFileError(line: line, .unfinishedEscape) }
        }
        let byte = bytes[index]
        // A stray control byte means UTF-16 or a binary file, and would hide in a name.
        guard byte >= 0x20, byte != 0x7f else {
            throw MasterFileError(line: line, .unexpectedByte(byte))
        }
        index += 1
    }

    private func isBlank(_ byte: UInt8) -> Bool {
        byte == Ascii.space || byte == Ascii.tab || byte == Ascii.carriageReturn
    }

    private func isDelimiter(_ byte: UInt8) -> Bool {
        switch byte {
        case Ascii.lineFeed, Ascii.semicolon, Ascii.openParenthesis, Ascii.closeParenthesis: true
        default: isBlank(byte)
        }
    }
}
