import NetNames
import SenderIdentity

/// `--mail-from`: the text to a reverse-path.
enum MailFromArgument {
    /// - Throws: ``UserError`` with exit code 64.
    static func parse(_ text: String, helo: HELOArgument?) throws -> MailFrom {
        let path: MailFrom
        do {
            path = try MailFrom(RawArguments.bytes(of: text))
        } catch {
            throw UserError.usage(
                "not a MAIL FROM address: \(shownArgument(text)): \(reason(error))",
                hint: "give one address, such as bounce@example.org, or <> for the null one")
        }
        guard !path.isNull || helo?.raw.isEmpty == false else {
            throw UserError.usage(
                "a null MAIL FROM is checked at the HELO name, and none was given",
                hint: "add --helo NAME")
        }
        return path
    }

    private static func reason(_ error: MailFromError) -> String {
        switch error {
        case .controlCharacter: "it holds a line break, a zero byte or another control character"
        case .brackets: "one angle bracket has no other"
        case .tooLong(let count): "it is \(count) bytes long, more than \(MailFrom.longest)"
        case .noDomain: "it has no domain"
        case .domainByte(Ascii.space): "its domain holds a space"
        case .domainByte: "its domain holds a character that no domain has"
        case .domainNotASCII: "its domain is not ASCII; write it with xn-- labels"
        }
    }
}
