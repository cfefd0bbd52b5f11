import ArgumentParser
import NetNames
import SenderIdentity

/// Whom to judge: the arguments that `check` and `letter` share.
struct SubjectArguments: ParsableArguments {
    // The usage names it, and the help has to fit a screen.
    @Argument(help: ArgumentHelp("The IP address that receivers see.", visibility: .hidden))
    var address: String?

    @Option(help: ArgumentHelp("The name the server says in HELO or EHLO.", valueName: "name"))
    var helo: String?

    @Option(
        help: ArgumentHelp("The address in MAIL FROM, for SPF; <> for none.", valueName: "address"))
    var mailFrom: String?

    /// Longer names cannot exist (RFC 1035 §2.3.4); a server's own oddities are for the library.
    private static let longestHELO = 255

    /// The subject, or nil when no address was given.
    /// - Throws: ``UserError`` with exit code 64; nothing was asked of DNS.
    func subject() throws -> Subject? {
        guard let address else {
            guard helo == nil, mailFrom == nil else {
                throw UserError.usage(
                    "\(helo == nil ? "--mail-from" : "--helo") needs the address it belongs to",
                    hint: "heloscope check ADDRESS --helo NAME")
            }
            return nil
        }
        let parsed: IPAddress
        do {
            parsed = try IPAddress(parsing: address.utf8)
        } catch {
            throw UserError.usage(
                "not an IP address: \(shownArgument(address)): \(Self.reason(error))",
                hint: "give one IPv4 or IPv6 address, such as 192.0.2.25 or 2001:db8::25")
        }
        let argument = try helo.map { try Self.heloArgument($0) }
        let path = try mailFrom.map { try MailFromArgument.parse($0, helo: argument) }
        return Subject(address: parsed, helo: argument, mailFrom: path)
    }

    /// A HELO argument from the command line.
    /// - Throws: ``UserError`` for what no name can hold.
    static func heloArgument(_ helo: String) throws -> HELOArgument {
        let raw = RawArguments.bytes(of: helo)
        if raw.count > longestHELO {
            throw UserError.usage(
                "HELO name is \(raw.count) bytes long, more than \(longestHELO)",
                hint: "give the name alone, such as mail.example.org")
        }
        if helo.utf8.contains(where: { [0x00, 0x0a, 0x0d].contains($0) }) {
            throw UserError.usage(
                "HELO name holds a line break or a zero byte: \(shownArgument(helo))",
                hint: "give the name alone, such as mail.example.org")
        }
        return HELOArgument(raw)
    }

    static func reason(_ error: AddressError) -> String {
        switch error {
        case .empty: "it is empty"
        case .notFourOctets: "IPv4 has four numbers"
        case .octetOutOfRange: "a number is above 255"
        case .leadingZero: "a number has a leading zero, which some programs read as octal"
        case .unexpectedByte(_, let offset): "unexpected character at position \(offset + 1)"
        case .groupTooLong: "a group has more than four digits"
        case .groupCount: "IPv6 has eight groups"
        case .twoCompressions: ":: stands there twice"
        case .hasZone: "a zone index has no meaning on the Internet"
        case .hasPrefixLength: "it is a block, not one address"
        }
    }
}
