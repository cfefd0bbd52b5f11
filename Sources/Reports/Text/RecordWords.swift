/// The words of a record in master-file form, for lines that are narrower than it.
///
/// What stands in quotes has to end on its line (RFC 1035 §5.1). A longer string is shown as several:
/// SPF joins them again, without anything between (RFC 7208 §3.3).
enum RecordWords {
    /// - Parameters:
    ///   - record: What stands behind the owner.
    ///   - width: Scalars on a line.
    /// - Returns: Lines of whole words; a word without quotes may be longer than a line.
    static func lines(of record: Substring, width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in words(of: record).flatMap({ pieces(of: $0, width: width) }) {
            if !line.isEmpty, line.unicodeScalars.count + 1 + word.unicodeScalars.count > width {
                lines.append(line)
                line = ""
            }
            line += line.isEmpty ? word : " " + word
        }
        return lines + [line]
    }

    /// Cut at the spaces that are not in quotes.
    private static func words(of record: Substring) -> [String] {
        var words: [String] = []
        var word = String.UnicodeScalarView()
        var isQuoted = false
        var isEscaped = false
        for scalar in record.unicodeScalars {
            if scalar == " ", !isQuoted {
                if !word.isEmpty { words.append(String(word)) }
                word = .init()
                continue
            }
            if scalar == "\"", !isEscaped { isQuoted.toggle() }
            isEscaped = scalar == "\\" && !isEscaped
            word.append(scalar)
        }
        return word.isEmpty ? words : words + [String(word)]
    }

    /// A quoted word as strings that fit, each cut behind a space where it has one.
    private static func pieces(of word: String, width: Int) -> [String] {
        guard word.hasPrefix("\""), word.unicodeScalars.count > width, width > narrowest else {
            return [word]
        }
        var pieces: [String] = []
        var rest = word.unicodeScalars.dropFirst().dropLast()
        while rest.count > width - 2 {
            let most = rest.prefix(width - 2)
            let cut = most.lastIndex(of: " ").map(rest.index(after:)) ?? end(of: most)
            pieces.append("\"\(String(String.UnicodeScalarView(rest[..<cut])))\"")
            rest = rest[cut...]
        }
        return pieces + ["\"\(String(String.UnicodeScalarView(rest)))\""]
    }

    /// Room for quotes and an escape.
    private static let narrowest = 8

    /// The end of a part, or the beginning of the escape (`\\"`, `\\032`) that it would cut.
    private static func end(
        of part: Substring.UnicodeScalarView
    ) -> Substring.UnicodeScalarView.Index {
        guard let slash = part.suffix(3).lastIndex(of: "\\") else { return part.endIndex }
        return slash
    }
}
