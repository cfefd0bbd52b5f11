package import NetNames

/// What a registry says about the network of an address (RDAP, RFC 9083 §5.4).
///
/// Registries copy what holders write, so every text here is a stranger's: bounded, of one line and
/// free of controls, but no truth. It grades nothing; it says whom to write to.
package struct Registration: Hashable, Sendable {
    /// Who the registry says holds the network; nil where it names nobody.
    package let holder: RegistrationText?
    /// The registry's key of the network.
    package let handle: RegistrationText?
    /// What the network is called, which need not be its holder's name.
    package let networkName: RegistrationText?
    package let first: IPAddress
    package let last: IPAddress
    package let country: RegistrationText?
    /// Most useful first: abuse, technical, administrative, registrant.
    package let contacts: [Contact]
    /// The URL that was answered.
    package let source: RegistrationText

    package struct Contact: Hashable, Sendable {
        /// Of the roles in RFC 9083 §10.2.4 those that can do something about a PTR record.
        package enum Role: String, Hashable, Sendable, CaseIterable {
            case abuse, technical, administrative, registrant
        }

        package let role: Role
        package let name: RegistrationText?
        package let mail: RegistrationMail?

        package init(role: Role, name: RegistrationText?, mail: RegistrationMail?) {
            self.role = role
            self.name = name
            self.mail = mail
        }
    }

    /// Contacts kept: twice as many as there are roles.
    package static let mostContacts = 8

    /// Builds a registration.
    /// - Returns: Nil when the range is of two families or runs backwards.
    package init?(
        holder: RegistrationText?, handle: RegistrationText?, networkName: RegistrationText?,
        first: IPAddress, last: IPAddress, country: RegistrationText?, contacts: [Contact],
        source: RegistrationText
    ) {
        guard first.family == last.family, first <= last else { return nil }
        self.holder = holder
        self.handle = handle
        self.networkName = networkName
        self.first = first
        self.last = last
        self.country = country
        self.contacts = Array(contacts.prefix(Self.mostContacts))
        self.source = source
    }

    package func contains(_ address: IPAddress) -> Bool {
        address.family == first.family && first <= address && address <= last
    }

    /// Who may forward a request about reverse DNS: technical, else abuse, else anybody.
    package var contactForReverseDNS: Contact? {
        let reachable = contacts.filter { $0.mail != nil }
        return reachable.first { $0.role == .technical }
            ?? reachable.first { $0.role == .abuse } ?? reachable.first
    }
}

/// A line of a stranger's text without controls, format characters or line breaks.
package struct RegistrationText: Hashable, Sendable, CustomStringConvertible {
    package let description: String

    /// Scalars kept: names of organizations and paths of URLs are shorter.
    package static let longest = 160

    /// Cleans and cuts; nil when nothing is left.
    package init?(_ text: String) {
        var clean = ""
        var count = 0
        var isGap = false
        // No further than ten times what is kept: a text of spaces must not cost its length.
        for scalar in text.unicodeScalars.prefix(Self.longest * 10) {
            guard Self.isShown(scalar) else {
                isGap = true
                continue
            }
            if isGap, !clean.isEmpty {
                clean += " "
                count += 1
            }
            isGap = false
            guard count < Self.longest else {
                clean += "…"
                break
            }
            clean.unicodeScalars.append(scalar)
            count += 1
        }
        guard !clean.isEmpty else { return nil }
        description = clean
    }

    private static func isShown(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
            .paragraphSeparator, .spaceSeparator, .enclosingMark:
            false
        default: true
        }
    }
}

/// A mail address that can be written without quotes (RFC 5321 §4.1.2, Dot-string), nothing else.
package struct RegistrationMail: Hashable, Sendable, CustomStringConvertible {
    package let description: String

    /// RFC 5321 §4.5.3.1.3, less the brackets.
    private static let longest = 254
    private static let symbols = Set("!#$%&'*+-/=?^_`{|}~.".utf8)

    package init?(_ text: String) {
        let parts = text.utf8.split(
            separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        guard text.utf8.count <= Self.longest, parts.count == 2,
            parts[0].allSatisfy({ Self.isAtom($0) }),
            parts[1].allSatisfy({
                Self.isAtom($0) && !Self.symbols.subtracting("-.".utf8).contains($0)
            }),
            parts.allSatisfy({ Self.hasWholeLabels($0) }),
            parts[1].contains(UInt8(ascii: "."))
        else { return nil }
        description = text
    }

    private static func isAtom(_ byte: UInt8) -> Bool {
        Ascii.isDigit(byte) || Ascii.isLetter(byte) || symbols.contains(byte)
    }

    private static func hasWholeLabels(_ part: Substring.UTF8View) -> Bool {
        part.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
            .allSatisfy { !$0.isEmpty }
    }
}
