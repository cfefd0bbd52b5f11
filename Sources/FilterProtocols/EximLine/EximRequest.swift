package import NetNames

/// Why a line is no request; the answer says so too.
package enum EximLineError: String, Error, Hashable, Sendable {
    case lineTooLong = "line-too-long"
    case containsControl = "control-character"
    /// The line does not begin with `check`.
    case unknownVerb = "unknown-verb"
    /// A field is not NAME=VALUE, or a quoted value does not end.
    case malformedField = "malformed-field"
    case noAddress = "no-address"
    /// The connection ended before anything came.
    case empty = "empty"
}

/// One question of an Exim, or of anything else that can write a line.
///
///     check ip=192.0.2.1 helo=mail.example.org from=a@example.org to=b@example.net id=1abc-2
///
/// Fields are separated by spaces and come in any order; `ip` is needed. A value is a word without
/// spaces and quotes, or in double quotes, in which a backslash takes the next byte as it is: what
/// Exim's `${quote:…}` makes. The first of two equal fields counts, unknown fields are ignored.
package struct EximRequest: Hashable, Sendable {
    package let address: IPAddress
    /// Nil when the client sent none.
    ///
    /// Untrusted, like the fields that follow.
    package let helo: [UInt8]?
    package let sender: [UInt8]?
    package let recipient: [UInt8]?
    package let messageID: [UInt8]?

    /// A HELO name, sender and recipient have at most 512 bytes each in SMTP (RFC 5321 §4.5.3.1).
    package static let longestLine = 4_096

    package var isForPostmaster: Bool { recipient.map(PeerText.isPostmaster) ?? false }

    /// Reads a line without its LF.
    package init(parsing line: [UInt8]) throws(EximLineError) {
        let line = line.last == Ascii.carriageReturn ? line.dropLast() : line[...]
        guard !line.isEmpty else { throw .empty }
        guard line.allSatisfy({ $0 >= Ascii.space && $0 != 0x7f }) else { throw .containsControl }
        var rest = line
        let verb = rest.prefix { $0 != Ascii.space }
        guard Array(verb) == Array("check".utf8) else { throw .unknownVerb }
        rest = rest.dropFirst(verb.count)

        var fields: [[UInt8]: [UInt8]] = [:]
        while true {
            rest = rest.drop { $0 == Ascii.space }
            guard !rest.isEmpty else { break }
            let name = rest.prefix(while: Self.isNameByte)
            rest = rest.dropFirst(name.count)
            guard !name.isEmpty, rest.popFirst() == UInt8(ascii: "=") else { throw .malformedField }
            let value = try Self.value(&rest)
            if fields[Array(name)] == nil { fields[Array(name)] = value }
        }
        let text = { (name: String) -> [UInt8]? in
            fields[Array(name.utf8)].flatMap { $0.isEmpty ? nil : $0 }
        }
        guard let address = text("ip").flatMap(PeerText.address) else { throw .noAddress }
        self.address = address
        helo = text("helo")
        sender = text("from")
        recipient = text("to")
        messageID = text("id")
    }

    /// Of names that we do not know yet, too.
    private static func isNameByte(_ byte: UInt8) -> Bool {
        Ascii.isLetter(byte) || Ascii.isDigit(byte) || byte == Ascii.hyphen
            || byte == Ascii.underscore
    }

    private static func value(_ rest: inout ArraySlice<UInt8>) throws(EximLineError) -> [UInt8] {
        guard rest.first == Ascii.quote else {
            let word = rest.prefix { $0 != Ascii.space }
            guard !word.contains(Ascii.quote) else { throw .malformedField }
            rest = rest.dropFirst(word.count)
            return Array(word)
        }
        rest = rest.dropFirst()
        var value: [UInt8] = []
        while let byte = rest.popFirst() {
            switch byte {
            case Ascii.quote:
                guard rest.first ?? Ascii.space == Ascii.space else { throw .malformedField }
                return value
            case Ascii.backslash:
                guard let next = rest.popFirst() else { throw .malformedField }
                value.append(next)
            default: value.append(byte)
            }
        }
        throw .malformedField
    }
}
