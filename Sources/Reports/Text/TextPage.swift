/// Lines of text that never get wider than the terminal, with a style per span.
struct TextPage {
    /// Narrower terminals than this are treated as this wide: nothing could be read anyway.
    static let narrowest = 40

    let width: Int
    let isColored: Bool
    private(set) var text = ""

    init(width: Int, isColored: Bool) {
        self.width = max(width, Self.narrowest)
        self.isColored = isColored
    }

    struct Span {
        let text: String
        let style: Style

        init(_ text: String, _ style: Style = .plain) {
            self.text = text
            self.style = style
        }
    }

    enum Style {
        case plain, good, bad, doubtful, dim, strong

        fileprivate var code: String? {
            switch self {
            case .plain: nil
            case .good: "32"
            case .bad: "31;1"
            case .doubtful: "33"
            case .dim: "2"
            case .strong: "1"
            }
        }
    }

    mutating func blank() {
        text += "\n"
    }

    /// One line; what does not fit is cut and marked by `…`.
    mutating func line(_ spans: Span...) {
        let total = spans.reduce(0) { $0 + $1.text.unicodeScalars.count }
        var room = total > width ? width - 1 : width
        for span in spans where room > 0 {
            let scalars = span.text.unicodeScalars
            let part = String(String.UnicodeScalarView(scalars.prefix(room)))
            room -= min(room, scalars.count)
            write(part, span.style)
        }
        if total > width { text += "…" }
        while text.utf8.last == 0x20 { text.removeLast() }
        text += "\n"
    }

    /// A text broken at spaces; every line begins below the end of the lead.
    mutating func paragraph(_ lead: Span, _ words: String, _ style: Style = .plain) {
        var indent = lead.text.unicodeScalars.count
        var isFirst = true
        if width - indent < Self.narrowestText {
            // No room beside the lead: the text begins below it.
            line(lead)
            indent = Self.recordIndent
            isFirst = false
        }
        for line in Self.wrapped(words, to: width - indent) {
            let line = Self.withoutTrailingSpaces(line)
            if isFirst { write(lead.text, lead.style) } else { text += spaces(indent) }
            write(line, style)
            text += "\n"
            isFirst = false
        }
    }

    /// A record: whole where it fits, else in the parentheses of the master-file form.
    mutating func record(_ record: String, indent: Int) {
        guard record.utf8.count + indent > width, let cut = record.utf8.firstIndex(of: 0x20) else {
            text += spaces(indent) + record + "\n"
            return
        }
        // An IPv6 owner alone fills a line, so the parts begin further left.
        let owner = record[..<cut] + " ("
        let rest = record[record.utf8.index(after: cut)...] + " )"
        let width = width - 2 * Self.recordIndent
        for line in Self.broken(String(owner), to: width + Self.recordIndent) {
            text += spaces(Self.recordIndent) + line + "\n"
        }
        for line in RecordWords.lines(of: rest, width: width).flatMap({
            Self.broken($0, to: width)
        }) {
            text += spaces(2 * Self.recordIndent) + line + "\n"
        }
    }

    private static let recordIndent = 2
    /// Fewer columns than this hold no sentence.
    private static let narrowestText = 12

    private mutating func write(_ part: String, _ style: Style) {
        if isColored, let code = style.code, !part.isEmpty {
            text += "\u{1b}[\(code)m\(part)\u{1b}[0m"
        } else {
            text += part
        }
    }

    /// Breaks at spaces; a word longer than the line is broken hard.
    static func wrapped(_ words: String, to width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in words.split(separator: " ", omittingEmptySubsequences: false) {
            let length = line.unicodeScalars.count
            if !line.isEmpty, length + 1 + word.unicodeScalars.count > width {
                lines.append(line)
                line = ""
            }
            line += line.isEmpty ? String(word) : " " + word
            while line.unicodeScalars.count > width {
                let pieces = broken(line, to: width)
                lines += pieces.dropLast()
                line = pieces.last ?? ""
            }
        }
        lines.append(line)
        return lines
    }

    private static func withoutTrailingSpaces(_ line: String) -> String {
        var scalars = line.unicodeScalars[...]
        while scalars.last == " " { scalars.removeLast() }
        return String(String.UnicodeScalarView(scalars))
    }

    private static func broken(_ text: String, to width: Int) -> [String] {
        var pieces: [String] = []
        var rest = text.unicodeScalars[...]
        repeat {
            pieces.append(String(String.UnicodeScalarView(rest.prefix(width))))
            rest = rest.dropFirst(width)
        } while !rest.isEmpty
        return pieces
    }
}

func spaces(_ count: Int) -> String {
    String(repeating: " ", count: max(0, count))
}

/// The text and spaces behind it, to the given length; longer text is cut and marked.
func column(_ text: String, _ length: Int) -> String {
    let scalars = text.unicodeScalars
    guard scalars.count > length else { return text + spaces(length - scalars.count) }
    return String(String.UnicodeScalarView(scalars.prefix(length - 1))) + "…"
}
