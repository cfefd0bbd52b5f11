import NetNames
import SenderIdentity

/// What glibc's getnameinfo and getaddrinfo make of DNS, as servers built on them see it.
///
/// One PTR name, the first; NXDOMAIN, NODATA and FORMERR are permanent, every other failure is
/// temporary (glibc 2.36).
enum LibcResolver {
    /// Whether a failed look-up is one that the C library reports as «no such name».
    static func isPermanent(_ failure: LookupFailure) -> Bool {
        failure == .formatError
    }

    /// Whether glibc hands the name of a PTR record on: letters, digits, `.`, `-` and `_` only, and
    /// no hyphen at the very beginning.
    ///
    /// The root name passes, as an empty string.
    static func accepts(_ name: DomainName) -> Bool {
        let labels = name.labels
        return labels.first?.first != Ascii.hyphen
            && labels.allSatisfy { $0.allSatisfy(isHostByte) }
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        Ascii.isLetter(byte) || Ascii.isDigit(byte) || byte == Ascii.hyphen
            || byte == Ascii.underscore
    }
}

/// The forward look-up of one PTR name in the client's own family, as getaddrinfo reports it.
enum LibcForward {
    case confirmed
    /// Addresses or an authoritative absence, and not the client's address.
    case mismatch(FindingCode)
    case permanentFailure
    case temporaryFailure(LookupFailure)
    case notAsked

    init(_ match: AddressMatch) {
        switch match {
        case .confirmed: self = .confirmed
        case .elsewhere: self = .mismatch(.pointerPointsElsewhere)
        case .noSuchName, .noAddress, .otherFamilyUnknown:
            self = .mismatch(.pointerNameDoesNotExist)
        case .unknown(let failure) where LibcResolver.isPermanent(failure): self = .permanentFailure
        case .unknown(let failure): self = .temporaryFailure(failure)
        case .notAsked: self = .notAsked
        }
    }
}

extension LookupFailure {
    /// Whether the failure says something about us, not about DNS: a receiver would fare otherwise.
    var isOurOwn: Bool {
        switch self {
        case .budgetExhausted, .notRecorded, .unreachable, .aliasChainTooLong, .withheld,
            .specialPurpose:
            true
        case .serverFailure, .bogus, .refused, .formatError, .notImplemented, .unexpectedCode,
            .timeout, .lame, .malformed, .aliasLoop, .truncated:
            false
        }
    }
}
