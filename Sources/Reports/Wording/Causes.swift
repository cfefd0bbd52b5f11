import DNSModel
import NetNames
import SenderIdentity

/// Short phrases for causes, as they stand behind a colon.
enum Causes {
    static func phrase(_ failure: LookupFailure) -> String {
        switch failure {
        case .serverFailure: "SERVFAIL"
        case .bogus: "SERVFAIL, DNSSEC validation failed"
        case .refused: "REFUSED"
        case .formatError: "FORMERR"
        case .notImplemented: "NOTIMP"
        case .unexpectedCode: "an unexpected response code"
        case .timeout: "no answer in time"
        case .lame: "the server does not know the zone (lame)"
        case .malformed: "the answer is malformed"
        case .aliasLoop: "the aliases (CNAME) form a loop"
        case .aliasChainTooLong: "more than \(EvidenceLimits.aliases) aliases (CNAME) in a row"
        case .truncated: "the answer is cut off and cannot be had over TCP"
        case .withheld: "the resolver calls its answer stale, blocked or filtered"
        case .budgetExhausted: "the packets allowed for this check were spent"
        case .unreachable: "the server cannot be reached"
        case .specialPurpose:
            "it is, or leads to, the name of a special-purpose address, which is not asked about"
        case .notRecorded: "the saved evidence does not hold it"
        }
    }

    /// What to do where nobody but this program kept a name from being known.
    static func again(_ name: DomainName, _ failure: LookupFailure) -> String? {
        switch failure {
        case .budgetExhausted:
            "run it again later: the packets allowed for this check were spent before \(name) was"
                + " known, which is no fault of its keeper"
        case .specialPurpose:
            "use a public name: \(name) is, or leads to, the name of a special-purpose address,"
                + " which is not asked about"
        case .notRecorded: "run it live: the saved evidence does not hold \(name)"
        default: nil
        }
    }

    static func phrase(_ absence: LookupOutcome) -> String {
        switch absence {
        case .noSuchName(let absence) where !absence.aliases.isEmpty:
            "NXDOMAIN behind an alias"
        case .noData(let absence) where !absence.aliases.isEmpty:
            "NODATA behind an alias"
        case .noSuchName: "NXDOMAIN"
        case .noData: "NODATA"
        case .answers: "found"
        case .failed(let failure): phrase(failure)
        }
    }

    static func phrase(_ absence: Finding.AddressAbsence) -> String {
        switch absence {
        case .noSuchName: "NXDOMAIN"
        case .noAddress: "NODATA"
        case .noneOfFamily(.v4): "no A record"
        case .noneOfFamily(.v6): "no AAAA record"
        }
    }

    static func phrase(_ defect: HostnameDefect) -> String {
        switch defect {
        case .root: "it is the root"
        case .localhost: "it is localhost"
        case .singleLabel: "it has no domain"
        case .numeric: "it is digits and dots"
        case .hyphenAtEdge: "a label begins or ends with a hyphen"
        case .character(let byte): "it contains \(name(of: byte))"
        }
    }

    static func phrase(_ defect: HELOArgument.Defect) -> String {
        switch defect {
        case .empty: "it is empty"
        case .emptyLabel: "it has an empty label"
        case .labelTooLong: "a label is longer than 63 bytes"
        case .nameTooLong: "it is longer than 253 bytes"
        case .trailingDot: "it ends in a dot"
        case .underscore: "it contains an underscore"
        case .hyphenAtEdge: "a label begins or ends with a hyphen"
        case .numeric: "its last label is digits only"
        case .character(let byte): "it contains \(name(of: byte))"
        case .brokenLiteral: "its address literal is broken"
        case .untaggedLiteral: "its IPv6 literal lacks the tag IPv6:"
        }
    }

    static func phrase(_ rule: GenericRule) -> String {
        switch rule {
        case .octetsInName: "the address stands in it"
        case .hexInName: "the address stands in it as hexadecimal digits"
        case .nibblesInName: "the address stands in it as nibbles"
        case .accessLineWord: "a word for access lines stands in it"
        }
    }

    static func phrase(_ kind: SpecialPurpose.Kind) -> String {
        kind.rawValue
    }

    /// The HELO argument for display; an empty one as empty quotes.
    static func shown(_ helo: HELOArgument?) -> String {
        guard let helo else { return "?" }
        return helo.raw.isEmpty ? "\"\"" : helo.text
    }

    /// Up to three addresses, and how many more.
    static func list(_ addresses: [IPAddress]) -> String {
        let shown = addresses.prefix(3).map(\.description).joined(separator: ", ")
        return addresses.count > 3 ? "\(shown) and \(addresses.count - 3) more" : shown
    }

    private static func name(of byte: UInt8) -> String {
        switch byte {
        case Ascii.underscore: "an underscore"
        case Ascii.slash: "a slash"
        case Ascii.space: "a space"
        case Ascii.dot: "a dot inside a label"
        case let byte where Ascii.isPrintable(byte):
            "the character \(String(decoding: [byte], as: UTF8.self))"
        default: "the byte 0x\(hex(byte))"
        }
    }

    private static func hex(_ byte: UInt8) -> String {
        (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
}
