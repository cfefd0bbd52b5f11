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

    /// Reads a mnemonic in any case, or `RCODE12`.
    package init?(_ text: String) {
        let word = text.uppercased()
        if let known = Self.mnemonics.first(where: { $0.1 == word }) {
            self = known.0
        } else if word.hasPrefix("RCODE"), let number = UInt16(word.dropFirst(5)), number < 4096 {
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
