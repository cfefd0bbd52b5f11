internal import NetNames

/// A field to add to a message: a name, and a value in the lines it is folded to.
package struct HeaderField: Hashable, Sendable {
    package let name: [UInt8]
    /// Printable ASCII, at least one line, none of them empty.
    package let lines: [[UInt8]]

    /// A line of a message has at most 998 octets (RFC 5322 §2.1.1); this is its name and value.
    package static let longest = 998
    package static let longestName = 76

    /// Is nil for a name that is none (RFC 5322 §2.2), an empty value, or a field too long.
    package init?(name: String, lines: [[UInt8]]) {
        let name = Array(name.utf8)
        guard !name.isEmpty, name.count <= Self.longestName else { return nil }
        guard name.allSatisfy({ $0 > Ascii.space && $0 < 0x7f && $0 != Ascii.colon }) else {
            return nil
        }
        guard !lines.isEmpty else { return nil }
        let isVisible = { (byte: UInt8) in byte > Ascii.space && byte < 0x7f }
        for line in lines {
            // A line of spaces alone ends the header for some readers.
            guard line.contains(where: isVisible), line.allSatisfy(Ascii.isPrintable) else {
                return nil
            }
        }
        self.name = name
        self.lines = lines
        guard name.count + 2 + unfolded.count <= Self.longest else { return nil }
    }

    /// The value on one line.
    package var unfolded: [UInt8] { Array(lines.joined(separator: [Ascii.space])) }

    /// The value with a line feed before each space that begins a line, as milters write it: the
    /// server makes CR LF of it.
    package var folded: [UInt8] {
        Array(lines.joined(separator: [Ascii.lineFeed, Ascii.space]))
    }
}
