import NetNames

/// What macros stand for in one place of an evaluation (RFC 7208 §7.3).
struct MacroValues {
    let request: SPFRequest
    /// The domain whose record is evaluated.
    let domain: DomainName
    /// The client's validated name, where the text asks for it.
    let validatedName: [UInt8]?

    /// The text with its macros replaced, of which the last `limit` bytes and no less are right.
    ///
    /// It is put together from its end, and no further than needed: a record of thousands of macros
    /// costs no more than a name. nil when a local part in UTF-8 would go into it, which never
    /// matches anything (RFC 8616 §4).
    func expansion(of text: MacroString, last limit: Int) -> [UInt8]? {
        var pieces: [[UInt8]] = []
        var count = 0
        for part in text.parts.reversed() where count <= limit {
            guard let piece = piece(part) else { return nil }
            count += piece.count
            pieces.append(piece)
        }
        return Array(pieces.reversed().joined())
    }

    /// The text with its macros replaced, cut behind `limit` bytes.
    func beginning(of text: MacroString, first limit: Int) -> [UInt8]? {
        var expanded: [UInt8] = []
        for part in text.parts where expanded.count < limit {
            guard let piece = piece(part) else { return nil }
            expanded += piece
        }
        return Array(expanded.prefix(limit))
    }

    /// The name that a domain-spec stands for; nil when it is no name.
    func name(_ text: MacroString) -> DomainName? {
        guard var expanded = expansion(of: text, last: SPFLimits.domainText + 2) else { return nil }
        if expanded.last == Ascii.dot { expanded.removeLast() }
        if expanded.count > SPFLimits.domainText {
            let from = expanded.count - SPFLimits.domainText - 1
            guard let dot = expanded[from...].firstIndex(of: Ascii.dot) else { return nil }
            expanded.removeFirst(dot + 1)
        }
        return domainName(of: expanded)
    }

    private func piece(_ part: MacroString.Part) -> [UInt8]? {
        switch part {
        case .literal(let literal): return literal
        case .macro(let macro):
            guard let value = value(of: macro.letter) else { return nil }
            let parts = transformed(value, by: macro)
            return macro.isEscaped ? escapedForURL(parts) : parts
        }
    }

    private func value(of letter: MacroString.Letter) -> [UInt8]? {
        switch letter {
        case .sender:
            isASCII(request.localPart)
                ? request.localPart + [UInt8(ascii: "@")] + request.domainText : nil
        case .localPart: isASCII(request.localPart) ? request.localPart : nil
        case .senderDomain: request.domainText
        case .domain: bytes(of: domain)
        case .address: dotted(request.client)
        case .validatedName: validatedName ?? Self.unknown
        case .addressFamily: Array((request.isVersion4 ? "in-addr" : "ip6").utf8)
        case .helo: request.heloText
        case .readableAddress: Array(request.client.description.utf8)
        // Nobody receives here; the RFC has this word for it (RFC 7208 §7.3).
        case .receiver: Self.unknown
        case .time: Array(String(request.time).utf8)
        }
    }

    static let unknown = Array("unknown".utf8)
}

/// The labels with dots between them, unescaped: what macros are made of.
func bytes(of name: DomainName) -> [UInt8] {
    Array(name.labels.joined(separator: [Ascii.dot]))
}

private func isASCII(_ text: [UInt8]) -> Bool { text.allSatisfy { $0 < 0x80 } }

/// Dotted decimal, or the nibbles of an IPv6 address with dots between them.
private func dotted(_ address: IPAddress) -> [UInt8] {
    guard address.family == .v6 else { return Array(address.description.utf8) }
    let digits = Array("0123456789abcdef".utf8)
    let nibbles = address.bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    return Array(nibbles.map { [$0] }.joined(separator: [Ascii.dot]))
}

private func transformed(_ value: [UInt8], by macro: MacroString.Macro) -> [UInt8] {
    if macro.kept == nil, !macro.isReversed, macro.delimiters.isEmpty { return value }
    var parts = value.split(omittingEmptySubsequences: false) { byte in
        macro.delimiters.isEmpty ? byte == Ascii.dot : macro.delimiters.contains(byte)
    }
    if macro.isReversed { parts.reverse() }
    if let kept = macro.kept { parts = parts.suffix(kept) }
    return Array(parts.joined(separator: [Ascii.dot]))
}

/// Everything but letters, digits and `-._~` as `%XX` (RFC 3986 §2.3).
private func escapedForURL(_ text: [UInt8]) -> [UInt8] {
    let digits = Array("0123456789ABCDEF".utf8)
    return text.flatMap { byte -> [UInt8] in
        let isUnreserved =
            Ascii.isLetter(byte) || Ascii.isDigit(byte) || byte == Ascii.hyphen
            || byte == Ascii.dot || byte == Ascii.underscore || byte == UInt8(ascii: "~")
        if isUnreserved { return [byte] }
        return [Ascii.percent, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
}
