import NetNames
import SenderIdentity

/// What a visitor typed, until it is a subject.
struct SubjectInput: Sendable {
    var address: String
    var helo: String

    /// Longer names cannot exist (RFC 1035 §2.3.4).
    private static let longestHELO = 255

    /// - Throws: ``WebError`` about the field that is wrong.
    func subject() throws(WebError) -> Subject {
        let text = Self.trimmed(address)
        guard !text.isEmpty else {
            throw .badInput("No IP address was given.", hint: Self.addressHint, field: "ip")
        }
        guard let parsed = try? IPAddress(parsing: text.utf8) else {
            throw .badInput(
                "This is not an IP address: \(Self.shown(text))", hint: Self.addressHint,
                field: "ip")
        }
        let name = Self.trimmed(helo)
        guard !name.isEmpty else { return Subject(address: parsed) }
        guard name.utf8.count <= Self.longestHELO else {
            throw .badInput(
                "The HELO name is longer than \(Self.longestHELO) bytes.",
                hint: "Give the name alone, such as mail.example.org.", field: "helo")
        }
        guard !name.utf8.contains(where: { $0 == 0 || $0 == 0x0a || $0 == 0x0d }) else {
            throw .badInput(
                "The HELO name holds a line break or a zero byte.",
                hint: "Give the name alone, such as mail.example.org.", field: "helo")
        }
        return Subject(address: parsed, helo: HELOArgument(Array(name.utf8)))
    }

    private static let addressHint =
        "Give one IPv4 or IPv6 address, such as 192.0.2.25 or 2001:db8::25."

    /// Without spaces around it: pasted text often has some.
    private static func trimmed(_ text: String) -> String {
        let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x09 }
        var bytes = Array(text.utf8.drop(while: isSpace))
        while let last = bytes.last, isSpace(last) { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The beginning, for an error line; its sink escapes it.
    private static func shown(_ text: String) -> String {
        text.unicodeScalars.count > 60
            ? String(String.UnicodeScalarView(text.unicodeScalars.prefix(60))) + "…" : text
    }
}
