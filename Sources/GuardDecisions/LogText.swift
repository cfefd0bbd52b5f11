import NetNames

/// The encoder for values in log lines: one value stays one value, and one line one line.
package enum LogText {
    /// The value as it stands, or in quotes where it has other bytes than a plain word's.
    package static func append(_ value: some Collection<UInt8>, to line: inout [UInt8]) {
        let isPlain = !value.isEmpty && value.allSatisfy(isWordByte)
        if isPlain { line += value } else { appendQuoted(value, to: &line) }
    }

    /// In double quotes: `"` and backslashes escaped, everything but printable ASCII as `\xHH`.
    package static func quoted(_ value: some Collection<UInt8>) -> [UInt8] {
        var text: [UInt8] = []
        appendQuoted(value, to: &text)
        return text
    }

    private static func appendQuoted(_ value: some Collection<UInt8>, to line: inout [UInt8]) {
        line.append(Ascii.quote)
        for byte in value {
            switch byte {
            case Ascii.quote, Ascii.backslash:
                line.append(Ascii.backslash)
                line.append(byte)
            case _ where Ascii.isPrintable(byte):
                line.append(byte)
            default:
                line.append(Ascii.backslash)
                line.append(UInt8(ascii: "x"))
                line.append(digits[Int(byte >> 4)])
                line.append(digits[Int(byte & 15)])
            }
        }
        line.append(Ascii.quote)
    }

    private static let digits = Array("0123456789abcdef".utf8)

    /// Letters, digits and what addresses and names are written with.
    private static func isWordByte(_ byte: UInt8) -> Bool {
        if Ascii.isLetter(byte) || Ascii.isDigit(byte) { return true }
        switch byte {
        case Ascii.dot, Ascii.hyphen, Ascii.underscore, Ascii.colon, Ascii.slash,
            Ascii.openBracket, Ascii.closeBracket, UInt8(ascii: "@"), UInt8(ascii: "+"),
            UInt8(ascii: ","):
            return true
        default: return false
        }
    }
}
