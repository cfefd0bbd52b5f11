package import NetNames

/// Why a name looks as if the provider had made it: the rule that matched.
///
/// Receivers that refuse such names (GMX, T-Online, Mail.ru) publish no exact rule; these are the
/// signs common to the published filters: the address inside the name, and access-line words.
package enum GenericRule: String, Hashable, Sendable {
    /// All four octets, in either order, separated or zero-padded.
    case octetsInName = "octets-in-name"
    /// The IPv4 address as eight hexadecimal digits.
    case hexInName = "hex-in-name"
    /// The last sixteen nibbles of an IPv6 address.
    case nibblesInName = "nibbles-in-name"
    /// A label or a part of one is a word for access lines, such as `dyn` or `dsl`.
    case accessLineWord = "access-line-word"

    package static func matching(_ name: DomainName, client: IPAddress) -> GenericRule? {
        switch client {
        case .v4(let value):
            let runs = DigitRuns(name)
            if runs.holdOctets(of: value) { return .octetsInName }
            if runs.hexDigits.contains(where: { $0 == value || $0 == value.byteSwapped }) {
                return .hexInName
            }
        case .v6(_, let low):
            if holdsNibbles(name, of: low) { return .nibblesInName }
        }
        return hasAccessLineWord(name) ? .accessLineWord : nil
    }

    /// Each word as one number, so that comparing is cheap.
    private static let words = [
        "adsl", "broadband", "cable", "dhcp", "dial", "dialin", "dialup", "dsl", "dyn", "dynamic",
        "dynip", "ppp", "pppoe", "vdsl",
    ].map { number(of: $0.utf8) }

    private static let wordLengths = 3...9

    /// Looks in front of the registrable domain: `dyn.example.org` yes, `dyn.com`, `cable.co.uk` no.
    private static func hasAccessLineWord(_ name: DomainName) -> Bool {
        let wire = name.wire
        var label = 0
        for _ in 0..<max(0, name.labelCount - 2) {
            let end = label + 1 + Int(wire[label])
            var start = label + 1
            for index in start...end where index == end || !Ascii.isLetter(wire[index]) {
                if wordLengths.contains(index - start),
                    words.contains(number(of: wire[start..<index]))
                {
                    // The suffix list is asked only now: most names never get here.
                    let own = RegistrableDomain.of(name)?.wire.count ?? 0
                    return wire.count - label > own
                }
                start = index + 1
            }
            label = end
        }
        return false
    }

    /// Up to sixteen letters in lower case, eight bits each.
    private static func number(of letters: some Sequence<UInt8>) -> UInt128 {
        letters.reduce(0) { $0 << 8 | UInt128(Ascii.lowercased($1)) }
    }

    /// Whether the name holds the nibbles in a row, hyphens and label borders left out.
    private static func holdsNibbles(_ name: DomainName, of low: UInt64) -> Bool {
        var window: UInt64 = 0
        var length = 0
        for label in name.labels {
            for byte in label where byte != Ascii.hyphen {
                if let value = Ascii.hexValue(byte) {
                    window = window << 4 | UInt64(value)
                    length += 1
                    if length >= 16, window == low { return true }
                } else {
                    length = 0
                }
            }
        }
        return false
    }
}

/// The numbers of IPv4 addresses that stand in a name.
private struct DigitRuns {
    /// Decimal runs in order; longer than a padded octet counts as no octet.
    private var decimals: [UInt32?] = []
    /// Runs of twelve digits, read as four padded octets.
    private var padded: [UInt32] = []
    private(set) var hexDigits: [UInt32] = []

    init(_ name: DomainName) {
        let wire = name.wire
        var index = 0
        // Length bytes below 48 are no digits, and those above are never '0'-'9' of a short label;
        // so labels are walked apart.
        while wire[index] != 0 {
            let end = index + 1 + Int(wire[index])
            read(wire, (index + 1)..<end)
            index = end
        }
    }

    private mutating func read(_ wire: [UInt8], _ label: Range<Int>) {
        var index = label.lowerBound
        while index < label.upperBound {
            guard Ascii.hexValue(wire[index]) != nil else {
                index += 1
                continue
            }
            var end = index
            var digits = 0
            var hex: UInt32 = 0
            while end < label.upperBound, let value = Ascii.hexValue(wire[end]) {
                if Ascii.isDigit(wire[end]) { digits += 1 }
                hex = hex << 4 | UInt32(value)
                end += 1
            }
            if end - index == 8 { hexDigits.append(hex) }
            if digits == end - index {
                addDecimal(wire, index..<end)
            } else if digits > 0 {
                addMixed(wire, index..<end)
            }
            index = end
        }
    }

    private mutating func addDecimal(_ wire: [UInt8], _ run: Range<Int>) {
        if run.count == 12 {
            var value: UInt32 = 0
            for start in stride(from: run.lowerBound, to: run.upperBound, by: 3) {
                let octet = Self.number(wire, start..<(start + 3))
                guard octet < 256 else { return }
                value = value << 8 | octet
            }
            padded.append(value)
        }
        decimals.append(run.count <= 3 ? Self.number(wire, run) : nil)
    }

    /// Of at most three digits.
    private static func number(_ wire: [UInt8], _ run: Range<Int>) -> UInt32 {
        var value: UInt32 = 0
        for index in run { value = value * 10 + UInt32(wire[index] - Ascii.zero) }
        return value
    }

    /// Digits that touch the letters a to f, as in `host192a`: the digits alone still count.
    private mutating func addMixed(_ wire: [UInt8], _ run: Range<Int>) {
        var start = run.lowerBound
        for index in run.lowerBound...run.upperBound
        where index == run.upperBound || !Ascii.isDigit(wire[index]) {
            if index > start { addDecimal(wire, start..<index) }
            start = index + 1
        }
    }

    /// Whether four neighboring runs are the octets of the address, forwards or backwards.
    func holdOctets(of address: UInt32) -> Bool {
        if padded.contains(where: { $0 == address || $0 == address.byteSwapped }) { return true }
        guard decimals.count >= 4 else { return false }
        for start in 0...(decimals.count - 4) {
            var value: UInt32 = 0
            var isOctets = true
            for octet in decimals[start..<(start + 4)] {
                guard let octet, octet < 256 else {
                    isOctets = false
                    break
                }
                value = value << 8 | octet
            }
            if isOctets, value == address || value == address.byteSwapped { return true }
        }
        return false
    }
}
