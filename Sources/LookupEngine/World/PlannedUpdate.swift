package import DNSModel
package import NetNames

/// An update as nsupdate reads it (RFC 2136), to be laid over a source of answers.
///
/// 1. `update add NAME TTL TYPE DATA` and `update delete NAME [TYPE [DATA]]`; `add`, `delete` and
///    `del` alone mean the same. Names are absolute, with or without their closing dot.
/// 2. Lines that say where the update goes, by which key, or what to show of it, are passed over.
/// 3. A prerequisite is refused: whether it holds is the server's to say.
package struct PlannedUpdate: Sendable {
    package enum Change: Hashable, Sendable {
        case add(ResourceRecord)
        case deleteRecord(DomainName, RecordData)
        case deleteSet(DomainName, RecordType)
        case deleteName(DomainName)
    }

    package let changes: [Change]
    /// The records that are added and not deleted again, with their lines.
    let added: [SourcedRecord]

    /// Whether the file is such a script: a line begins with `update add` or `update delete`, which
    /// no line of a master file can.
    package static func isUpdate(_ bytes: [UInt8]) -> Bool {
        lines(of: bytes).contains { line in
            let words = words(of: line)
            return words.count > 1 && words[0].matches("update")
                && ["add", "delete", "del"].contains { words[1].matches($0) }
        }
    }

    /// Reads the script.
    /// - Parameters:
    ///   - name: The file's name for error messages.
    ///   - bytes: The whole file.
    /// - Throws: ``WorldError`` with the line and the reason.
    package init(name: String, bytes: [UInt8]) throws(WorldError) {
        var changes: [Change] = []
        var added: [SourcedRecord] = []
        for (index, line) in Self.lines(of: bytes).enumerated() {
            var words = Self.words(of: line)
            if words.first?.matches("update") == true { words.removeFirst() }
            guard let command = words.first, command.first != Ascii.semicolon else { continue }
            if Self.passedOver.contains(where: { command.matches($0) }) { continue }
            let number = index + 1
            let rest = line[command.endIndex...]
            do throws(WorldError.Reason) {
                if command.matches("add") {
                    let record = try Self.record(rest, number)
                    changes.append(.add(record))
                    added.append(SourcedRecord(record: record, file: name, line: number))
                } else if command.matches("delete") || command.matches("del") {
                    let change = try Self.deletion(rest, number)
                    changes.append(change)
                    added.removeAll { Self.deletes(change, $0.record) }
                } else {
                    throw .notAnUpdate(word: Array(command))
                }
            } catch {
                throw WorldError(file: name, line: number, reason: error)
            }
        }
        self.changes = changes
        self.added = added
    }

    /// Commands that change nothing in the zones.
    private static let passedOver = [
        "answer", "class", "debug", "gsstsig", "key", "local", "oldgsstsig", "realm", "send",
        "server", "show", "ttl", "zone",
    ]

    private static func record(
        _ text: ArraySlice<UInt8>, _ number: Int
    ) throws(WorldError.Reason) -> ResourceRecord {
        // A blank at the beginning would mean the owner above, a `$` is a directive.
        let line = Array(text.drop(while: isBlank))
        guard let first = line.first, first != UInt8(ascii: "$") else {
            throw .notAnUpdate(word: line)
        }
        let entries: [MasterFile.Entry]
        do {
            entries = try MasterFileReader.read(line).entries
        } catch {
            throw .syntax(MasterFileError(line: number, error.reason, word: error.word))
        }
        guard entries.count == 1 else { throw .notAnUpdate(word: line) }
        return entries[0].record
    }

    private static func deletion(
        _ text: ArraySlice<UInt8>, _ number: Int
    ) throws(WorldError.Reason) -> Change {
        var words = words(of: text)
        guard let word = words.first else { throw .notAnUpdate(word: Array(text)) }
        words.removeFirst()
        let owner: DomainName
        do {
            owner = try DomainName(parsing: word)
        } catch {
            throw .syntax(MasterFileError(line: number, .badName(error), word: word))
        }
        // A TTL and a class may stand there, and mean nothing.
        if let ttl = words.first, ttl.allSatisfy(Ascii.isDigit) { words.removeFirst() }
        if let word = words.first, ["in", "any", "none"].contains(where: { word.matches($0) }),
            !(words.count == 1 && word.matches("any"))
        {
            words.removeFirst()
        }
        guard let word = words.first, !word.matches("any") else { return .deleteName(owner) }
        guard let type = RecordType(String(decoding: word, as: UTF8.self)) else {
            throw .notAnUpdate(word: Array(word))
        }
        words.removeFirst()
        guard let data = words.first else { return .deleteSet(owner, type) }
        let line = Array("\(owner.absolute) 0 IN \(type) ".utf8) + text[data.startIndex...]
        return .deleteRecord(owner, try record(line[...], number).data)
    }

    private static func deletes(_ change: Change, _ record: ResourceRecord) -> Bool {
        switch change {
        case .add: false
        case .deleteRecord(let owner, let data): record.name == owner && record.data == data
        case .deleteSet(let owner, let type): record.name == owner && record.type == type
        case .deleteName(let owner): record.name == owner
        }
    }

    // MARK: Words

    /// The lines; one that ends in CR LF without its CR.
    private static func lines(of bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        bytes.split(separator: Ascii.lineFeed, omittingEmptySubsequences: false).map { line in
            line.last == Ascii.carriageReturn ? line.dropLast() : line
        }
    }

    private static func words(of line: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        line.split(whereSeparator: isBlank)
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == Ascii.space || byte == Ascii.tab
    }
}

extension ArraySlice<UInt8> {
    /// Whether it is this word of lower-case letters, in any case.
    fileprivate func matches(_ word: String) -> Bool {
        map(Ascii.lowercased).elementsEqual(word.utf8)
    }
}
