import NetNames

extension SPFRecord {
    /// Reads a record that begins with the version, each byte once.
    /// - Throws: ``SPFSyntaxError``, the first fault anywhere in it.
    init(parsing text: [UInt8]) throws(SPFSyntaxError) {
        var directives: [Directive] = []
        var hasAll = false
        var redirect: Modifier?
        var explanation: Modifier?
        var start = version1.count
        while start < text.count {
            guard text[start] != Ascii.space else {
                start += 1
                continue
            }
            let end = text[start...].firstIndex(of: Ascii.space) ?? text.count
            let term = text[start..<end]
            do throws(SPFSyntaxError.Kind) {
                switch try Term(parsing: term) {
                case .directive(let result, let mechanism):
                    // What stands behind `all` is never tested (RFC 7208 §5.1).
                    if !hasAll {
                        directives.append(
                            Directive(result: result, mechanism: mechanism, place: start..<end))
                    }
                    if mechanism == .all { hasAll = true }
                case .redirect(let domain):
                    guard redirect == nil else { throw .repeatedModifier }
                    redirect = Modifier(domain: domain, place: start..<end)
                case .explanation(let domain):
                    guard explanation == nil else { throw .repeatedModifier }
                    explanation = Modifier(domain: domain, place: start..<end)
                case .unknownModifier: break
                }
            } catch {
                throw SPFSyntaxError(error, in: term)
            }
            start = end
        }
        self.text = text
        self.directives = directives
        self.redirect = hasAll ? nil : redirect
        self.explanation = explanation
    }
}

/// One term of a record (RFC 7208 §4.6.1).
private enum Term {
    case directive(SPFResult, SPFRecord.Mechanism)
    case redirect(MacroString)
    case explanation(MacroString)
    case unknownModifier

    init(parsing term: ArraySlice<UInt8>) throws(SPFSyntaxError.Kind) {
        guard term.allSatisfy({ $0 &- 0x21 < 0x5e }) else { throw .badCharacter }
        var rest = term
        var qualifier: SPFResult?
        switch rest.first {
        case UInt8(ascii: "+"): qualifier = .pass
        case UInt8(ascii: "-"): qualifier = .fail
        case UInt8(ascii: "~"): qualifier = .softfail
        case UInt8(ascii: "?"): qualifier = .neutral
        default: break
        }
        if qualifier != nil { rest = rest.dropFirst() }
        let name = rest.prefix { byte in
            Ascii.isLetter(byte) || Ascii.isDigit(byte) || byte == Ascii.hyphen
                || byte == Ascii.underscore || byte == Ascii.dot
        }
        guard let first = name.first, Ascii.isLetter(first) else { throw .unknownMechanism }
        rest = rest[name.endIndex...]
        if qualifier == nil, rest.first == UInt8(ascii: "=") {
            self = try Self.modifier(name, rest.dropFirst())
        } else {
            self = .directive(qualifier ?? .pass, try .init(name: name, argument: rest))
        }
    }

    private static func modifier(
        _ name: ArraySlice<UInt8>, _ value: ArraySlice<UInt8>
    ) throws(SPFSyntaxError.Kind) -> Term {
        if isWord(name, "redirect") { return .redirect(try domain(value)) }
        if isWord(name, "exp") { return .explanation(try domain(value)) }
        _ = try MacroString(parsing: value, as: .unknownModifier)
        return .unknownModifier
    }
}

extension SPFRecord.Mechanism {
    fileprivate init(
        name: ArraySlice<UInt8>, argument: ArraySlice<UInt8>
    ) throws(SPFSyntaxError.Kind) {
        if isWord(name, "all") {
            guard argument.isEmpty else { throw .unexpectedArgument }
            self = .all
        } else if isWord(name, "include") {
            self = .include(try domain(behindColon(argument)))
        } else if isWord(name, "a") {
            let (domain, lengths) = try domainAndLengths(argument)
            self = .a(domain, lengths)
        } else if isWord(name, "mx") {
            let (domain, lengths) = try domainAndLengths(argument)
            self = .mx(domain, lengths)
        } else if isWord(name, "ptr") {
            self = .ptr(argument.isEmpty ? nil : try domain(behindColon(argument)))
        } else if isWord(name, "ip4") {
            self = try networkMechanism(behindColon(argument), .v4)
        } else if isWord(name, "ip6") {
            self = try networkMechanism(behindColon(argument), .v6)
        } else if isWord(name, "exists") {
            self = .exists(try domain(behindColon(argument)))
        } else {
            throw .unknownMechanism
        }
    }
}

private func isWord(_ name: ArraySlice<UInt8>, _ word: StaticString) -> Bool {
    guard name.count == word.utf8CodeUnitCount else { return false }
    return word.withUTF8Buffer { word in
        zip(name, word).allSatisfy { Ascii.lowercased($0) == $1 }
    }
}

private func behindColon(
    _ argument: ArraySlice<UInt8>
) throws(SPFSyntaxError.Kind) -> ArraySlice<UInt8> {
    guard let first = argument.first else { throw .missingDomain }
    guard first == Ascii.colon else { throw .unexpectedArgument }
    return argument.dropFirst()
}

private func domain(_ text: ArraySlice<UInt8>) throws(SPFSyntaxError.Kind) -> MacroString {
    guard !text.isEmpty else { throw .missingDomain }
    return try MacroString(parsing: text, as: .domain)
}

/// `[:domain][/length][//length]`: a slash may be part of the name, so lengths are cut off behind.
private func domainAndLengths(
    _ argument: ArraySlice<UInt8>
) throws(SPFSyntaxError.Kind) -> (MacroString?, SPFRecord.PrefixLengths) {
    var rest = argument
    var lengths = SPFRecord.PrefixLengths()
    if let digits = trailingLength(of: rest, slashes: 2) {
        lengths.version6 = try prefixLength(digits, of: .v6)
        rest = rest[..<(digits.startIndex - 2)]
    }
    if let digits = trailingLength(of: rest, slashes: 1) {
        lengths.version4 = try prefixLength(digits, of: .v4)
        rest = rest[..<(digits.startIndex - 1)]
    }
    guard !rest.isEmpty else { return (nil, lengths) }
    return (try domain(behindColon(rest)), lengths)
}

/// The digits at the end, when exactly so many slashes stand before them.
private func trailingLength(
    of text: ArraySlice<UInt8>, slashes: Int
) -> ArraySlice<UInt8>? {
    let before = text.lastIndex { !Ascii.isDigit($0) }
    guard let before, before + 1 < text.endIndex else { return nil }
    let run = text[...before].reversed().prefix { $0 == Ascii.slash }.count
    return run == slashes ? text[(before + 1)...] : nil
}

/// A number without leading zeros, no longer than the family's addresses.
private func prefixLength(
    _ digits: ArraySlice<UInt8>, of family: IPAddress.Family
) throws(SPFSyntaxError.Kind) -> Int {
    guard digits.count == 1 || digits.first != Ascii.zero,
        let length = Ascii.decimal(digits, as: Int.self), length <= (family == .v4 ? 32 : 128)
    else { throw .badPrefixLength }
    return length
}

private func networkMechanism(
    _ text: ArraySlice<UInt8>, _ family: IPAddress.Family
) throws(SPFSyntaxError.Kind) -> SPFRecord.Mechanism {
    let slash = text.firstIndex(of: Ascii.slash)
    let digits = slash.map { text[($0 + 1)...] }
    guard var base = try? IPAddress(parsing: text[..<(slash ?? text.endIndex)]) else {
        throw .badNetwork
    }
    if text[..<(slash ?? text.endIndex)].contains(Ascii.colon) {
        // A mapped address stays IPv6 here: such a client is an IPv4 one, and never matches it.
        if case .v4(let value) = base { base = .v6(high: 0, low: 0xffff_0000_0000 | UInt64(value)) }
    }
    guard base.family == family else { throw .badNetwork }
    let length = try digits.map { digits throws(SPFSyntaxError.Kind) in
        try prefixLength(digits, of: family)
    }
    return .network(base, prefixLength: length ?? (family == .v4 ? 32 : 128))
}
