package import NetNames

/// The header field Authentication-Results, as it is written (RFC 8601 §2.2).
///
/// Values that came from a peer are a token or a quoted-string, comments are escaped, and whatever
/// is not printable ASCII becomes a question mark, so no peer can add a result of its own.
package struct AuthenticationResults: Hashable, Sendable {
    /// RFC 8601 §2.7.3 has these four for iprev.
    package enum Outcome: String, Hashable, Sendable, CaseIterable {
        case pass
        case fail
        /// The DNS did not answer: asking later may help.
        case temperror
        /// There is no PTR record, or one that cannot be used.
        case permerror
    }

    /// A name that is written as it stands: letters, digits and hyphens.
    package struct Keyword: Hashable, Sendable {
        package let text: String

        package init?(_ text: String) {
            let isFine = text.utf8.allSatisfy {
                Ascii.isLetter($0) || Ascii.isDigit($0) || $0 == Ascii.hyphen
            }
            guard isFine, !text.isEmpty, text.utf8.count <= 40 else { return nil }
            self.text = text
        }

        fileprivate init(_ text: StaticString) {
            self.text = "\(text)"
        }

        /// The method that compares PTR and address records.
        package static let iprev = Keyword("iprev" as StaticString)
        package static let policy = Keyword("policy" as StaticString)
        package static let smtp = Keyword("smtp" as StaticString)
        package static let helo = Keyword("helo" as StaticString)
    }

    /// What a result rests on, as `policy.iprev=192.0.2.1`.
    package struct Property: Hashable, Sendable {
        package let type: Keyword
        package let name: Keyword
        package let value: [UInt8]

        package init(_ type: Keyword, _ name: Keyword, _ value: [UInt8]) {
            self.type = type
            self.name = name
            self.value = value
        }

        /// The client's address, as RFC 8601 §2.7.3 registers it.
        package static func client(_ address: IPAddress) -> Property {
            Property(.policy, .iprev, Array(address.description.utf8))
        }

        /// What the client said in HELO or EHLO.
        package static func helo(_ name: [UInt8]) -> Property {
            Property(.smtp, .helo, name)
        }
    }

    /// One method and its result.
    package struct Statement: Hashable, Sendable {
        package let method: Keyword
        package let outcome: Outcome
        /// Shown in parentheses; may be empty.
        package let comment: [UInt8]
        package let properties: [Property]

        package init(
            _ method: Keyword, _ outcome: Outcome, comment: [UInt8] = [], _ properties: [Property]
        ) {
            self.method = method
            self.outcome = outcome
            self.comment = comment
            self.properties = properties
        }
    }

    package static let name = "Authentication-Results"
    /// Lines are folded to this many bytes where words allow it (RFC 5322 §2.1.1).
    package static let width = 78
    /// What is longer is cut: no name of a host is (RFC 1035 §2.3.4), and two fit in a line.
    package static let longestValue = 255

    /// The name of the server that checked, under which readers trust the results.
    package let server: [UInt8]
    package let statements: [Statement]

    /// Is nil for a server's name that is empty, too long, or not printable ASCII without spaces.
    package init?(server: [UInt8], _ statements: [Statement]) {
        guard !server.isEmpty, server.count <= Self.longestValue else { return nil }
        guard server.allSatisfy({ $0 > Ascii.space && $0 < 0x7f }) else { return nil }
        self.server = server
        self.statements = statements
    }

    /// The field, folded; nil when it is longer than a header may be.
    package var field: HeaderField? {
        var lines = FoldedLines(width: Self.width, used: Self.name.utf8.count + 2)
        var words = [Self.value(server)]
        for statement in statements {
            words[words.count - 1].append(Ascii.semicolon)
            words += Self.words(of: statement)
        }
        if statements.isEmpty {
            words[words.count - 1].append(Ascii.semicolon)
            words.append(Array("none".utf8))
        }
        for word in words { lines.append(word) }
        return HeaderField(name: Self.name, lines: lines.all)
    }

    private static func words(of statement: Statement) -> [[UInt8]] {
        var words = [Array("\(statement.method.text)=\(statement.outcome.rawValue)".utf8)]
        words += comment(statement.comment)
        for property in statement.properties {
            let name = Array("\(property.type.text).\(property.name.text)=".utf8)
            words.append(name + value(Array(property.value.prefix(longestValue))))
        }
        return words
    }

    /// A comment in words, between which a line may end: RFC 5322 §3.2.2, without nesting.
    private static func comment(_ text: [UInt8]) -> [[UInt8]] {
        let safe = text.prefix(longestValue).map(ReplyText.safe)
        var words = safe.split(separator: Ascii.space).map { word in
            word.flatMap { byte -> [UInt8] in
                let isSpecial =
                    byte == Ascii.openParenthesis || byte == Ascii.closeParenthesis
                    || byte == Ascii.backslash
                return isSpecial ? [Ascii.backslash, byte] : [byte]
            }
        }
        guard !words.isEmpty else { return [] }
        words[0].insert(Ascii.openParenthesis, at: 0)
        words[words.count - 1].append(Ascii.closeParenthesis)
        return words
    }

    /// A value as RFC 8601 §2.2 has it: a token of RFC 2045 §5.1 where it is one, else a
    /// quoted-string.
    ///
    /// An IPv6 address is none, since a colon is special there.
    private static func value(_ text: [UInt8]) -> [UInt8] {
        let safe = text.map(ReplyText.safe)
        if !safe.isEmpty, safe.allSatisfy(isTokenByte) { return safe }
        let escaped = safe.flatMap { byte in
            byte == Ascii.quote || byte == Ascii.backslash ? [Ascii.backslash, byte] : [byte]
        }
        return [Ascii.quote] + escaped + [Ascii.quote]
    }

    static func isTokenByte(_ byte: UInt8) -> Bool {
        byte > Ascii.space && byte < 0x7f && !specials.contains(byte)
    }

    private static let specials = Set("()<>@,;:\\\"/[]?=".utf8)
}

/// Words put into lines of a width, as many as fit; a word that is longer has a line of its own.
private struct FoldedLines {
    let width: Int
    /// Bytes of the current line, with what stands before it.
    private var used: Int
    private(set) var all: [[UInt8]] = [[]]

    init(width: Int, used: Int) {
        self.width = width
        self.used = used
    }

    mutating func append(_ word: [UInt8]) {
        let last = all.count - 1
        if all[last].isEmpty {
            all[last] = word
            used += word.count
        } else if used + 1 + word.count <= width {
            all[last].append(Ascii.space)
            all[last] += word
            used += 1 + word.count
        } else {
            all.append(word)
            // The space that folding leaves at the start of the line.
            used = 1 + word.count
        }
    }
}
