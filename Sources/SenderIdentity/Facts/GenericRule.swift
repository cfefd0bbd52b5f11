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
        let runs = DigitRuns(name)
        switch client {
        case .v4(let value):
            if runs.holdOctets(of: value) { return .octetsInName }
            if runs.hexDigits.contains(where: { $0 == value || $0 == value.byteSwapped }) {
                return .hexInName
            }
        case .v6(_, let low):
            if runs.longHex.contains(low) { return .nibblesInName }
        }
        return hasAccessLineWord(name) ? .accessLineWord : nil
    }

    private static let words: [[UInt8]] = [
        "adsl", "broadband", "cable", "dhcp", "dial", "dialin", "dialup", "dsl", "dyn", "dynamic",
        "dynip", "ppp", "pppoe", "vdsl",
    ].map { Array($0.utf8) }

    /// Looks in front of the registrable domain's last two labels: `dyn.example.org` yes, `dyn.com` no.
    private static func hasAccessLineWord(_ name: DomainName) -> Bool {
        for label in name.labels.dropLast(2) {
            var start = label.startIndex
            var index = label.startIndex
            while index <= label.endIndex {
                if index == label.endIndex || !Ascii.isLetter(label[index]) {
                    if index - start >= 3, isWord(label[start..<index]) { return true }
                    start = index + 1
                }
                index += 1
            }
        }
        return false
    }

    private static func isWord(_ part: ArraySlice<UInt8>) -> Bool {
        words.contains { word in
            word.count == part.count
                && zip(word, part).allSatisfy { $0 == Ascii.lowercased($1) }
        }
    }
}

/// The numbers that stand in a name.
private struct DigitRuns {
    /// Decimal runs in order; longer than a padded octet counts as no octet.
    private var decimals: [UInt32?] = []
    /// Runs of twelve digits, read as four padded octets.
    private var padded: [UInt32] = []
    private(set) var hexDigits: [UInt32] = []
    private(set) var longHex: [UInt64] = []

    init(_ name: DomainName) {
        let wire = name.wire
        var index = 0
        // Length bytes below 48 are no digits, and those above are never '0'-'9' of a short label;
        // so labels are walked apart.
        while wire[index] != 0 {
            let end = index + 1 + Int(wire[index])
            read(wire[(index + 1)..<end])
            index = end
        }
        readLongHex(name)
    }

    private mutating func read(_ label: ArraySlice<UInt8>) {
        var index = label.startIndex
        while index < label.endIndex {
            guard Ascii.hexValue(label[index]) != nil else {
                index += 1
                continue
            }
            var end = index
            var isDecimal = true
            var hex: UInt32 = 0
            while end < label.endIndex, let value = Ascii.hexValue(label[end]) {
                isDecimal = isDecimal && Ascii.isDigit(label[end])
                hex = hex << 4 | UInt32(value)
                end += 1
            }
            if end - index == 8 { hexDigits.append(hex) }
            if isDecimal { addDecimal(label[index..<end]) } else { addMixed(label[index..<end]) }
            index = end
        }
    }

    private mutating func addDecimal(_ run: ArraySlice<UInt8>) {
        if run.count == 12 {
            var value: UInt32 = 0
            for start in stride(from: run.startIndex, to: run.endIndex, by: 3) {
                let octet = Ascii.decimal(run[start..<(start + 3)], as: UInt32.self) ?? 256
                guard octet < 256 else { return }
                value = value << 8 | octet
            }
            padded.append(value)
        }
        decimals.append(run.count <= 3 ? Ascii.decimal(run, as: UInt32.self) : nil)
    }

    /// Digits that touch the letters a to f, as in `host192a`: the digits alone still count.
    private mutating func addMixed(_ run: ArraySlice<UInt8>) {
        for part in run.split(whereSeparator: { !Ascii.isDigit($0) }) { addDecimal(part) }
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

    /// Hexadecimal digits in a row, hyphens and label borders left out, in windows of sixteen.
    private mutating func readLongHex(_ name: DomainName) {
        guard name.wire.count > 17 else { return }
        var window: UInt64 = 0
        var length = 0
        for label in name.labels {
            for byte in label where byte != Ascii.hyphen {
                if let value = Ascii.hexValue(byte) {
                    window = window << 4 | UInt64(value)
                    length += 1
                    if length >= 16 { longHex.append(window) }
                } else {
                    length = 0
                }
            }
        }
    }
}
