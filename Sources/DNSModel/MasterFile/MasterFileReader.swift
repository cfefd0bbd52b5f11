package import NetNames

/// The records of one master file, in its order.
package struct MasterFile: Hashable, Sendable {
    package struct Entry: Hashable, Sendable {
        package let record: ResourceRecord
        /// Where the record's entry begins, counted from 1.
        package let line: Int
        /// The origin in force there: by convention the zone that the author had in mind.
        package let origin: DomainName
    }

    package let entries: [Entry]

    init(entries: [Entry]) {
        self.entries = entries
    }

    /// Takes records that a program made; their place in the list stands for the line.
    package init(records: [ResourceRecord]) {
        entries = records.enumerated().map { Entry(record: $1, line: $0 + 1, origin: .root) }
    }
}

/// Reads master files (RFC 1035 §5.1) of class IN.
///
/// 1. `$ORIGIN`, `$TTL` (RFC 2308 §4) and BIND's `$GENERATE` work; `$INCLUDE` is refused, because
///    reading one file must not open another.
/// 2. An entry is `[owner] [TTL] [IN] type data`, TTL and class in either order. An entry that
///    begins with a blank has the owner of the one above.
/// 3. A TTL that is left out is that of `$TTL`, else the last one written, else the SOA's
///    minimum, else ``MasterFileLimits/assumedTTL``.
/// 4. Without `$ORIGIN`, relative names hang on the origin given here, by default the root.
package struct MasterFileReader {
    private var lexer: MasterFileLexer
    private var origin: DomainName
    private var owner: DomainName?
    private var defaultTTL: UInt32?
    private var lastTTL: UInt32?
    private var stepsLeft = MasterFileLimits.generateSteps
    private var entries: [MasterFile.Entry] = []

    package static func read(
        _ bytes: [UInt8], origin: DomainName = .root
    ) throws(MasterFileError) -> MasterFile {
        guard bytes.count <= MasterFileLimits.fileBytes else {
            throw MasterFileError(line: 1, .fileTooLarge)
        }
        var reader = MasterFileReader(lexer: MasterFileLexer(bytes[...]), origin: origin)
        while let entry = try reader.lexer.next() { try reader.read(entry) }
        return MasterFile(entries: reader.entries)
    }

    private init(lexer: MasterFileLexer, origin: DomainName) {
        self.lexer = lexer
        self.origin = origin
    }

    private mutating func read(_ entry: MasterFileLexer.Entry) throws(MasterFileError) {
        var words = MasterFileWords(entry.words[...], line: entry.line)
        if !entry.hasBlankOwner, let first = words.first, !first.isQuoted,
            first.text.first == UInt8(ascii: "$")
        {
            return try readDirective(&words)
        }
        if !entry.hasBlankOwner { owner = try words.name(below: origin) }
        guard let owner else { throw MasterFileError(line: entry.line, .missingOwner) }
        let header = try readHeader(&words)
        let data = try RecordData(header.type, from: &words, below: origin)
        try append(owner, data, ttl: header.ttl, line: entry.line)
    }

    private mutating func readDirective(
        _ words: inout MasterFileWords
    ) throws(MasterFileError) {
        let directive = try words.plain()
        switch String(decoding: directive.text.map(Ascii.lowercased), as: UTF8.self) {
        case "$origin":
            origin = try words.name(below: origin)
            try words.end()
        case "$ttl":
            defaultTTL = try words.time(limit: MasterFileLimits.ttl)
            try words.end()
        case "$generate":
            try generate(&words, line: directive.line)
        case "$include":
            throw MasterFileError(line: directive.line, .includeRefused)
        default:
            throw MasterFileError(
                line: directive.line, .unknownDirective, word: directive.text)
        }
    }

    private struct Header {
        var ttl: UInt32?
        let type: RecordType
    }

    /// Reads TTL, class and type; a word that begins with a digit is the TTL.
    private mutating func readHeader(
        _ words: inout MasterFileWords
    ) throws(MasterFileError) -> Header {
        var ttl: UInt32?
        var hasClass = false
        while true {
            if ttl == nil, let digit = words.first?.text.first, Ascii.isDigit(digit) {
                ttl = try words.time(limit: MasterFileLimits.ttl)
                continue
            }
            let word = try words.plain()
            let text = String(decoding: word.text.map(Ascii.lowercased), as: UTF8.self)
            switch text {
            case "in" where !hasClass, "class1" where !hasClass:
                hasClass = true
            case "ch", "hs", "cs", "class3", "class4":
                throw MasterFileError(line: word.line, .unsupportedClass, word: word.text)
            default:
                guard let type = RecordType(text) else {
                    throw MasterFileError(line: word.line, .unknownType, word: word.text)
                }
                guard type.isZoneData else {
                    throw MasterFileError(line: word.line, .typeNotInZones, word: word.text)
                }
                return Header(ttl: ttl, type: type)
            }
        }
    }

    private mutating func append(
        _ owner: DomainName, _ data: RecordData, ttl stated: UInt32?, line: Int
    ) throws(MasterFileError) {
        guard entries.count < MasterFileLimits.records else {
            throw MasterFileError(line: line, .tooManyRecords)
        }
        if let stated { lastTTL = stated }
        if case .soa(let soa) = data, defaultTTL == nil, lastTTL == nil {
            lastTTL = min(soa.minimum, MasterFileLimits.ttl)
        }
        let ttl = stated ?? defaultTTL ?? lastTTL ?? MasterFileLimits.assumedTTL
        let record = ResourceRecord(name: owner, ttl: ttl, data: data)
        entries.append(MasterFile.Entry(record: record, line: line, origin: origin))
    }
}

extension MasterFileReader {
    /// `$GENERATE range owner [TTL] [class] type data`: the rest once for every number in range.
    ///
    /// A quoted text is cut into words for every type but TXT, as BIND's own example `"0 ."` needs.
    private mutating func generate(
        _ words: inout MasterFileWords, line: Int
    ) throws(MasterFileError) {
        let range = try GenerateRange(try words.plain())
        let ownerWord = try words.plain()
        let header = try readHeader(&words)
        let ownerTemplate = try GenerateTemplate(ownerWord)
        var dataTemplates: [GenerateTemplate] = []
        for word in words.remaining { dataTemplates.append(try GenerateTemplate(word)) }
        guard !dataTemplates.isEmpty else { throw MasterFileError(line: line, .missingField) }
        guard range.count <= stepsLeft else { throw MasterFileError(line: line, .tooManySteps) }
        stepsLeft -= range.count
        for number in range.numbers {
            let owner = try MasterFileWords.name(try ownerTemplate.word(for: number), below: origin)
            var made: [MasterFileLexer.Word] = []
            for template in dataTemplates {
                let word = try template.word(for: number)
                guard word.isQuoted, header.type != .txt else {
                    made.append(word)
                    continue
                }
                var inner = MasterFileLexer(word.text, line: line)
                while let entry = try inner.next() { made += entry.words }
            }
            var data = MasterFileWords(made[...], line: line)
            try append(
                owner, try RecordData(header.type, from: &data, below: origin), ttl: header.ttl,
                line: line)
            self.owner = owner
        }
    }
}
