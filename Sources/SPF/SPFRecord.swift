package import DNSModel
import NetNames

/// A record of version 1, read and valid as a whole (RFC 7208 §4.6).
package struct SPFRecord: Hashable, Sendable {
    /// The record as published, its strings joined.
    package let text: [UInt8]
    /// In the order published, to the first `all`: what follows it is never tested.
    let directives: [Directive]
    /// Where to go on when nothing matches; nil where an `all` makes that impossible.
    let redirect: Modifier?
    let explanation: Modifier?

    /// A mechanism with its qualifier.
    struct Directive: Hashable, Sendable {
        /// The result when the mechanism matches.
        let result: SPFResult
        let mechanism: Mechanism
        /// Where it stands in the record's text.
        let place: Range<Int>
    }

    struct Modifier: Hashable, Sendable {
        let domain: MacroString
        let place: Range<Int>
    }

    /// A way to match the client (RFC 7208 §5).
    enum Mechanism: Hashable, Sendable {
        case all
        case include(MacroString)
        /// Without a domain the record's own.
        case a(MacroString?, PrefixLengths)
        case mx(MacroString?, PrefixLengths)
        case ptr(MacroString?)
        /// `ip4` or `ip6`: the family is the network's.
        case network(IPAddress, prefixLength: Int)
        case exists(MacroString)

        /// Whether it counts among the ten (RFC 7208 §4.6.4).
        var asksDNS: Bool {
            switch self {
            case .all, .network: false
            case .include, .a, .mx, .ptr, .exists: true
            }
        }
    }

    /// How much of an address has to agree, for both families (RFC 7208 §5.6).
    struct PrefixLengths: Hashable, Sendable {
        var version4 = 32
        var version6 = 128
    }
}

/// What the TXT records of one domain have for SPF (RFC 7208 §4.5).
package indirect enum SPFSelection: Hashable, Sendable {
    case none
    case several(Int)
    case record(SPFRecord)
    case broken(SPFSyntaxError, text: [UInt8])

    /// Selects the records that begin with the version, and reads the only one.
    ///
    /// The strings of a record are joined without anything between them (RFC 7208 §3.3).
    package init(data: [RecordData]) {
        let texts = data.compactMap(Self.text)
        guard let text = texts.first else {
            self = .none
            return
        }
        guard texts.count == 1 else {
            self = .several(texts.count)
            return
        }
        do {
            self = .record(try SPFRecord(parsing: text))
        } catch {
            self = .broken(error, text: text)
        }
    }

    /// Whether the data are a TXT record that begins with the version.
    package static func isRecord(_ data: RecordData) -> Bool { text(of: data) != nil }

    /// The joined strings of such a record; nil for any other.
    package static func text(of data: RecordData) -> [UInt8]? {
        guard case .txt(let strings) = data else { return nil }
        let text = Array(strings.joined())
        return isVersion1(text) ? text : nil
    }
}

/// The version that stands in front of every record, in any case (RFC 7208 §4.5, RFC 5234 §2.3).
let version1 = Array("v=spf1".utf8)

private func isVersion1(_ text: [UInt8]) -> Bool {
    text.count >= version1.count
        && zip(text, version1).allSatisfy { Ascii.lowercased($0) == $1 }
        && (text.count == version1.count || text[version1.count] == Ascii.space)
}
