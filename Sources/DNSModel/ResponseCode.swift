import NetNames

/// A DNS response code, EDNS extension bits included (RFC 1035 §4.1.1, RFC 6891 §6.1.3).
package struct ResponseCode: Hashable, Sendable, RawRepresentable {
    package let rawValue: UInt16

    package init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    package static let noError = ResponseCode(rawValue: 0)
    package static let formatError = ResponseCode(rawValue: 1)
    package static let serverFailure = ResponseCode(rawValue: 2)
    package static let noSuchName = ResponseCode(rawValue: 3)
    package static let notImplemented = ResponseCode(rawValue: 4)
    package static let refused = ResponseCode(rawValue: 5)
    package static let badVersion = ResponseCode(rawValue: 16)

    private static let mnemonics: [(ResponseCode, String)] = [
        (.noError, "NOERROR"), (.formatError, "FORMERR"), (.serverFailure, "SERVFAIL"),
        (.noSuchName, "NXDOMAIN"), (.notImplemented, "NOTIMP"), (.refused, "REFUSED"),
        (.badVersion, "BADVERS"),
    ]

    /// Reads a mnemonic in any ASCII case, or `RCODE12`.
    package init?(_ text: String) {
        let word = text.utf8.map(Ascii.lowercased)
        let isWord = { (known: String) in known.utf8.map(Ascii.lowercased) == word }
        if let known = Self.mnemonics.first(where: { isWord($0.1) }) {
            self = known.0
        } else if word.starts(with: "rcode".utf8),
            let number = Ascii.decimal(word[5...], as: UInt16.self), number < 4096
        {
            self.init(rawValue: number)
        } else {
            return nil
        }
    }
}

extension ResponseCode: CustomStringConvertible {
    package var description: String {
        Self.mnemonics.first { $0.0 == self }?.1 ?? "RCODE\(rawValue)"
    }
}
