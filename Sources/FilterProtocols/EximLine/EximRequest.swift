package import NetNames

/// Why a line is no request; the answer says so too.
package enum EximLineError: String, Error, Hashable, Sendable {
    /// The line does not begin with `check`.
    case unknownVerb = "unknown-verb"
    /// There is no `ip` that can be read, but something that is not NAME=VALUE.
    case malformedField = "malformed-field"
    case noAddress = "no-address"
    /// The connection ended before anything came.
    case empty = "empty"
}

/// One question of an Exim, or of anything else that can write a line.
///
///     check ip=192.0.2.1 helo=mail.example.org to=b@example.net id=1abc-2
///
/// Fields are separated by spaces and come in any order; `ip` is needed. A value is a word without
/// spaces, or in double quotes, in which a backslash takes the next byte as it is, but `\n` and
/// `\r` are line ends: what Exim's `${quote:…}` makes. The first of two equal fields counts, unknown
/// fields are ignored.
///
/// Whatever else stands in the line, a client whose `ip` can be read is judged: most values are
/// chosen by the client, and none may spare it. So every byte is data, a field that cannot be read
/// is passed over, and a quote that does not end takes the rest of the line.
package struct EximRequest: Hashable, Sendable {
    package let address: IPAddress
    /// Nil when the client sent none.
    ///
    /// Untrusted, like the fields that follow.
    package let helo: [UInt8]?
    package let recipient: [UInt8]?
    package let messageID: [UInt8]?

    /// Bytes of a line; of a longer one these are read.
    ///
    /// Exim takes commands of 16,384 bytes (smtp_in.c, SMTP_CMD_BUFFER_SIZE), and `${quote:…}` makes
    /// at most two bytes of one: HELO, a sender and a recipient of that length fit.
    package static let longestLine = 100_000
    /// Bytes kept of a value: no name or address that means anything has more.
    package static let text = 1_024

    package var isForPostmaster: Bool { recipient.map(PeerText.isPostmaster) ?? false }

    /// Reads a line without its LF.
    package init(parsing line: [UInt8]) throws(EximLineError) {
        let line = line.last == Ascii.carriageReturn ? line.dropLast() : line[...]
        guard !line.isEmpty else { throw .empty }
        var reader = FieldReader(rest: line)
        guard reader.word() == Array("check".utf8)[...] else { throw .unknownVerb }
        var values: [[UInt8]: [UInt8]] = [:]
        while let (name, value) = reader.next() {
            if values[name] == nil { values[name] = value }
        }
        let value = { (name: String) -> [UInt8]? in
            values[Array(name.utf8)].flatMap { $0.isEmpty ? nil : $0 }
        }
        guard let address = value("ip").flatMap(PeerText.address) else {
            throw reader.hasSkipped ? .malformedField : .noAddress
        }
        self.address = address
        helo = value("helo")
        recipient = value("to")
        messageID = value("id")
    }
}

/// The fields of a line, from the left.
private struct FieldReader {
    var rest: ArraySlice<UInt8>
    /// Whether something was passed over because it is no field.
    private(set) var hasSkipped = false

    init(rest: ArraySlice<UInt8>) {
        self.rest = rest
    }

    mutating func next() -> (name: [UInt8], value: [UInt8])? {
        while true {
            rest = rest.drop { $0 == Ascii.space }
            guard !rest.isEmpty else { return nil }
            let name = rest.prefix(while: Self.isNameByte)
            rest = rest.dropFirst(name.count)
            guard !name.isEmpty, rest.first == UInt8(ascii: "=") else {
                hasSkipped = true
                _ = word()
                continue
            }
            rest = rest.dropFirst()
            return (Array(name), Array(value().prefix(EximRequest.text)))
        }
    }

    /// Everything up to the next space.
    mutating func word() -> ArraySlice<UInt8> {
        let word = rest.prefix { $0 != Ascii.space }
        rest = rest.dropFirst(word.count)
        return word
    }

    private mutating func value() -> ArraySlice<UInt8> {
        guard rest.first == Ascii.quote else { return word() }
        rest = rest.dropFirst()
        var value: [UInt8] = []
        while let byte = rest.popFirst(), byte != Ascii.quote {
            value.append(byte == Ascii.backslash ? escaped(rest.popFirst()) : byte)
        }
        // Nothing that `${quote:…}` made.
        if !word().isEmpty { hasSkipped = true }
        return value[...]
    }

    private func escaped(_ byte: UInt8?) -> UInt8 {
        switch byte {
        case UInt8(ascii: "n"): Ascii.lineFeed
        case UInt8(ascii: "r"): Ascii.carriageReturn
        case let byte?: byte
        case nil: Ascii.backslash
        }
    }

    /// Of names that we do not know yet, too.
    private static func isNameByte(_ byte: UInt8) -> Bool {
        Ascii.isLetter(byte) || Ascii.isDigit(byte) || byte == Ascii.hyphen
            || byte == Ascii.underscore
    }
}
