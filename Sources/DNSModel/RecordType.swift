import NetNames

/// A resource record type; values without a name here are kept as they are (RFC 3597).
package struct RecordType: Hashable, Sendable, RawRepresentable {
    package let rawValue: UInt16

    package init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    package static let a = RecordType(rawValue: 1)
    package static let ns = RecordType(rawValue: 2)
    package static let cname = RecordType(rawValue: 5)
    package static let soa = RecordType(rawValue: 6)
    package static let ptr = RecordType(rawValue: 12)
    package static let mx = RecordType(rawValue: 15)
    package static let txt = RecordType(rawValue: 16)
    package static let aaaa = RecordType(rawValue: 28)
    package static let opt = RecordType(rawValue: 41)
    package static let any = RecordType(rawValue: 255)

    private static let mnemonics: [(RecordType, String)] = [
        (.a, "A"), (.ns, "NS"), (.cname, "CNAME"), (.soa, "SOA"), (.ptr, "PTR"), (.mx, "MX"),
        (.txt, "TXT"), (.aaaa, "AAAA"), (.opt, "OPT"), (.any, "ANY"),
    ]

    /// Reads a mnemonic in any ASCII case, or `TYPE123` (RFC 3597 §5).
    package init?(_ text: String) {
        let word = text.utf8.map(Ascii.lowercased)
        let isWord = { (known: String) in known.utf8.map(Ascii.lowercased) == word }
        if let known = Self.mnemonics.first(where: { isWord($0.1) }) {
            self = known.0
        } else if word.starts(with: "type".utf8),
            let number = Ascii.decimal(word[4...], as: UInt16.self)
        {
            self.init(rawValue: number)
        } else {
            return nil
        }
    }

    /// Whether records of the type stand in zones; the others belong to queries (RFC 6895 §3.1).
    package var isZoneData: Bool {
        rawValue != 0 && self != .opt && !(128...255).contains(rawValue)
    }
}

extension RecordType: CustomStringConvertible {
    package var description: String {
        Self.mnemonics.first { $0.0 == self }?.1 ?? "TYPE\(rawValue)"
    }
}
