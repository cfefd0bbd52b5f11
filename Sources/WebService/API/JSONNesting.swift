import NetNames

/// How deep a JSON text is nested, told by its bytes before anything decodes it.
enum JSONNesting {
    /// A pool is three levels deep, an object with a list of objects.
    ///
    /// A decoder calls itself for each level, and Foundation's own limit of 512 is that of a stack, not
    /// of what anybody means.
    static let deepest = 32

    /// Whether lists and objects in a text are nested deeper than ``deepest``.
    ///
    /// The text is UTF-8; whether it is JSON at all is the decoder's business.
    static func isTooDeep(_ text: some Sequence<UInt8>) -> Bool {
        var depth = 0
        var isText = false
        var isEscaped = false
        for byte in text {
            if isText {
                if isEscaped {
                    isEscaped = false
                } else if byte == Ascii.backslash {
                    isEscaped = true
                } else if byte == Ascii.quote {
                    isText = false
                }
                continue
            }
            switch byte {
            case Ascii.quote: isText = true
            case Ascii.openBracket, UInt8(ascii: "{"):
                depth += 1
                if depth > deepest { return true }
            case Ascii.closeBracket, UInt8(ascii: "}"): depth -= 1
            default: break
            }
        }
        return false
    }
}
