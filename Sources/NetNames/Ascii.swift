/// The ASCII bytes that names and addresses are made of.
///
/// Text from outside is compared byte by byte: in Swift CR LF is one `Character`, and the Kelvin
/// sign equals `K`.
package enum Ascii {
    package static let tab = UInt8(ascii: "\t")
    package static let lineFeed = UInt8(ascii: "\n")
    package static let carriageReturn = UInt8(ascii: "\r")
    package static let space = UInt8(ascii: " ")
    package static let quote = UInt8(ascii: "\"")
    package static let percent = UInt8(ascii: "%")
    package static let openParenthesis = UInt8(ascii: "(")
    package static let closeParenthesis = UInt8(ascii: ")")
    package static let hyphen = UInt8(ascii: "-")
    package static let dot = UInt8(ascii: ".")
    package static let slash = UInt8(ascii: "/")
    package static let zero = UInt8(ascii: "0")
    package static let colon = UInt8(ascii: ":")
    package static let semicolon = UInt8(ascii: ";")
    package static let openBracket = UInt8(ascii: "[")
    package static let backslash = UInt8(ascii: "\\")
    package static let closeBracket = UInt8(ascii: "]")
    package static let underscore = UInt8(ascii: "_")

    package static func isDigit(_ byte: UInt8) -> Bool {
        byte &- zero < 10
    }

    package static func isLetter(_ byte: UInt8) -> Bool {
        (byte | 0x20) &- UInt8(ascii: "a") < 26
    }

    package static func lowercased(_ byte: UInt8) -> UInt8 {
        byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte
    }

    package static func hexValue(_ byte: UInt8) -> UInt8? {
        if isDigit(byte) { return byte - zero }
        let letter = (byte | 0x20) &- UInt8(ascii: "a")
        return letter < 6 ? letter + 10 : nil
    }

    /// Whether the byte stands for itself on every terminal: 0x20 to 0x7E.
    package static func isPrintable(_ byte: UInt8) -> Bool {
        byte &- 0x20 < 0x5f
    }

    /// Writes a number in decimal, without leading zeros.
    package static func appendDecimal(_ octet: UInt8, to text: inout [UInt8]) {
        if octet >= 100 { text.append(zero + octet / 100) }
        if octet >= 10 { text.append(zero + octet / 10 % 10) }
        text.append(zero + octet % 10)
    }

    /// Reads an unsigned decimal of ASCII digits only; nil when empty, signed or too large.
    package static func decimal<Value: FixedWidthInteger>(
        _ text: some Collection<UInt8>, as: Value.Type = Value.self
    ) -> Value? {
        guard !text.isEmpty else { return nil }
        var value: Value = 0
        for byte in text {
            guard isDigit(byte) else { return nil }
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, overflowed) = product.addingReportingOverflow(Value(byte - zero))
            guard !overflow, !overflowed else { return nil }
            value = sum
        }
        return value
    }
}
