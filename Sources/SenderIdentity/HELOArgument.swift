package import NetNames

/// The argument of HELO or EHLO, read as RFC 5321 §4.1.1.1 and §4.1.3 define it.
///
/// Anything a client may send is a value here; what is wrong with it is a finding, not an error.
package struct HELOArgument: Hashable, Sendable {
    /// The bytes as the client sent them; longer ones are cut at ``longest``.
    package let raw: [UInt8]
    package let form: Form
    /// The name a receiver could look up, also where the form is not what the RFC wants.
    package let name: DomainName?

    /// SMTP command lines end at 512 bytes (RFC 5321 §4.5.3.1.4).
    package static let longest = 512

    package enum Form: Hashable, Sendable {
        /// A fully-qualified domain name.
        case name
        /// A name of one label, such as `mail`.
        case singleLabel
        /// `localhost` or a name below `localhost` or `localdomain`.
        case localhost
        /// An address without brackets.
        case bareAddress(IPAddress)
        /// `[192.0.2.1]` or `[IPv6:2001:db8::1]`.
        case literal(IPAddress)
        case malformed(Defect)
    }

    package enum Defect: Hashable, Sendable {
        case empty
        case emptyLabel
        case labelTooLong
        case nameTooLong
        case trailingDot
        case underscore
        case hyphenAtEdge
        /// The last label is all digits, so that the whole looks like a cut-off address.
        case numeric
        case character(UInt8)
        case brokenLiteral
        /// An IPv6 literal without its `IPv6:` tag (RFC 5321 §4.1.3).
        case untaggedLiteral(IPAddress)
    }

    package init(_ argument: some Collection<UInt8>) {
        let raw = Array(argument.prefix(Self.longest))
        self.raw = raw
        guard raw.first != Ascii.openBracket else {
            form = literalForm(of: raw)
            name = nil
            return
        }
        if let address = try? IPAddress(parsing: raw) {
            form = .bareAddress(address)
            name = nil
            return
        }
        if let defect = defect(of: raw) {
            form = .malformed(defect)
            name = defect.allowsLookup ? lookupName(of: raw) : nil
            return
        }
        let name = lookupName(of: raw)
        self.name = name
        form = name.map(nameForm) ?? .malformed(.nameTooLong)
    }

    package init(_ text: String) {
        self.init(text.utf8)
    }

    /// For display: printable ASCII as it is, every other byte and the backslash as `\DDD`.
    package var text: String {
        String(decoding: escaped(raw), as: UTF8.self)
    }
}

extension HELOArgument.Defect {
    /// Whether real receivers would still look the name up: Postfix asks for an underscore, Exim
    /// for a trailing dot.
    fileprivate var allowsLookup: Bool {
        switch self {
        case .trailingDot, .underscore, .hyphenAtEdge, .numeric: true
        case .empty, .emptyLabel, .labelTooLong, .nameTooLong, .character, .brokenLiteral,
            .untaggedLiteral:
            false
        }
    }
}

private func literalForm(of raw: [UInt8]) -> HELOArgument.Form {
    guard raw.count > 2, raw.last == Ascii.closeBracket else { return .malformed(.brokenLiteral) }
    let inner = raw[1..<(raw.count - 1)]
    let tag = Array("ipv6:".utf8)
    if inner.prefix(tag.count).map(Ascii.lowercased) == tag {
        let text = inner.dropFirst(tag.count)
        guard text.contains(Ascii.colon), let address = try? IPAddress(parsing: text) else {
            return .malformed(.brokenLiteral)
        }
        return .literal(address)
    }
    guard let address = try? IPAddress(parsing: inner) else { return .malformed(.brokenLiteral) }
    return inner.contains(Ascii.colon) ? .malformed(.untaggedLiteral(address)) : .literal(address)
}

/// The first thing that keeps the bytes from being a domain name of RFC 5321 §4.1.2.
///
/// In one go over the bytes: it is asked for every mail.
private func defect(of raw: [UInt8]) -> HELOArgument.Defect? {
    guard !raw.isEmpty else { return .empty }
    let hasTrailingDot = raw.count > 1 && raw.last == Ascii.dot
    let end = raw.count - (hasTrailingDot ? 1 : 0)
    var hasEmptyLabel = false
    var hasLongLabel = false
    var hasHyphenAtEdge = false
    var hasUnderscore = false
    var isNumeric = false
    var start = 0
    for index in 0...end {
        if index < end, raw[index] != Ascii.dot {
            let byte = raw[index]
            if index == start { isNumeric = true }
            if Ascii.isDigit(byte) { continue }
            isNumeric = false
            if Ascii.isLetter(byte) || byte == Ascii.hyphen { continue }
            guard byte == Ascii.underscore else { return .character(byte) }
            hasUnderscore = true
            continue
        }
        if index == start {
            hasEmptyLabel = true
        } else {
            hasLongLabel = hasLongLabel || index - start > DomainName.longestLabel
            hasHyphenAtEdge =
                hasHyphenAtEdge || raw[start] == Ascii.hyphen || raw[index - 1] == Ascii.hyphen
        }
        start = index + 1
    }
    if hasEmptyLabel { return .emptyLabel }
    if hasLongLabel { return .labelTooLong }
    if end > DomainName.longestWire - 2 { return .nameTooLong }
    if hasHyphenAtEdge { return .hyphenAtEdge }
    if hasUnderscore { return .underscore }
    if isNumeric { return .numeric }
    return hasTrailingDot ? .trailingDot : nil
}

/// The bytes as labels; unlike in a master file a backslash would be a backslash.
private func lookupName(of raw: [UInt8]) -> DomainName? {
    let end = raw.last == Ascii.dot ? raw.count - 1 : raw.count
    var wire: [UInt8] = [0]
    wire.reserveCapacity(end + 2)
    var lengthAt = 0
    for byte in raw[..<end] {
        if byte == Ascii.dot {
            lengthAt = wire.count
            wire.append(0)
        } else {
            guard wire[lengthAt] < DomainName.longestLabel else { return nil }
            wire[lengthAt] += 1
            wire.append(byte)
        }
    }
    wire.append(0)
    return try? DomainName(wire: wire)
}

private func nameForm(of name: DomainName) -> HELOArgument.Form {
    if isLocalhost(name) { return .localhost }
    return name.labelCount == 1 ? .singleLabel : .name
}

private let localNames = ["localhost", "localdomain"].compactMap { DomainName($0) }

/// Whether the name stands for the machine itself (RFC 6761 §6.3), or is the usual placeholder.
package func isLocalhost(_ name: DomainName) -> Bool {
    // One letter, the fourth from the end, tells nearly every name from both.
    guard let letter = name.wire.dropLast(4).last.map(Ascii.lowercased),
        letter == UInt8(ascii: "h") || letter == UInt8(ascii: "m")
    else { return false }
    return localNames.contains { name.isSubdomain(of: $0) }
}

private func escaped(_ bytes: [UInt8]) -> [UInt8] {
    bytes.flatMap { byte -> [UInt8] in
        if Ascii.isPrintable(byte), byte != Ascii.backslash { return [byte] }
        return [
            Ascii.backslash, Ascii.zero + byte / 100, Ascii.zero + byte / 10 % 10,
            Ascii.zero + byte % 10,
        ]
    }
}
