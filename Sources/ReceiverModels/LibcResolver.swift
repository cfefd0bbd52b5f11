import NetNames
import SenderIdentity

/// What glibc's getnameinfo and getaddrinfo make of DNS, as servers built on them see it.
///
/// One PTR name, the first; names outside `[A-Za-z0-9_.-]` or with a leading hyphen are no name;
/// NXDOMAIN, NODATA and FORMERR are permanent, every other failure is temporary (glibc 2.36).
enum LibcResolver {
    enum ReverseStatus {
        case name(PointerNameFacts)
        case permanent
        case temporary
    }

    /// Whether a failed look-up is one that the C library reports as «no such name».
    static func isPermanent(_ failure: LookupFailure) -> Bool {
        failure == .formatError
    }

    /// Whether a PTR name gets through glibc and through Postfix's and Sendmail's own test.
    ///
    /// Both refuse a name that is all digits and dots.
    static func isUsable(_ name: PointerNameFacts) -> Bool {
        if name.name.isRoot { return false }
        for label in name.name.labels {
            if label.first == Ascii.hyphen { return false }
            for byte in label
            where !Ascii.isLetter(byte) && !Ascii.isDigit(byte) && byte != Ascii.hyphen
                && byte != Ascii.underscore
            {
                return false
            }
        }
        return name.defect != .numeric
            || name.name.labels.contains { label in
                label.contains(where: Ascii.isLetter)
            }
    }
}
