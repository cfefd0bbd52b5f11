import NetNames
import SenderIdentity

/// Whatever a client says is a value that prints in ASCII, and everything derived from it is.
enum HELOLaw {
    static func breach(by bytes: [UInt8]) -> String? {
        let argument = HELOArgument(bytes)
        guard argument.raw == Array(bytes.prefix(HELOArgument.longest)) else {
            return "the bytes are not kept"
        }
        guard HELOArgument(argument.raw) == argument else { return "reading again differs" }
        guard argument.text.utf8.allSatisfy(Ascii.isPrintable) else { return "text is unsafe" }
        if let name = argument.name {
            guard (try? DomainName(parsing: name.absolute.utf8)) == name else {
                return "the name does not survive printing"
            }
            _ = RegistrableDomain.of(name)
            _ = HostnameDefect.of(name)
            for client in clients { _ = GenericRule.matching(name, client: client) }
        }
        for client in clients {
            let subject = Subject(address: client, helo: argument)
            let facts = IdentityFacts(subject: subject, evidence: empty)
            let forms = Check.findings(in: facts).filter { $0.code.group == .heloForm }
            guard forms.count == 1 else { return "\(forms.count) findings about the form" }
        }
        return nil
    }

    private static let clients = [
        IPAddress.v4(0x9d38_6e41), IPAddress(high: 0x2001_0db8_0000_0000, low: 0x25),
    ]
    private static let empty = Evidence(startedAt: 0, sources: [])
}
