package import SenderIdentity

/// Sentences about what a registry says.
package enum RegistrationWording {
    package static func phrase(_ failure: RegistrationFailure) -> String {
        switch failure {
        case .unreachable: "the server cannot be reached"
        case .timeout: "no answer in time"
        case .status(let code): "the server answers with status \(code)"
        case .tooLarge: "the answer is too large"
        case .tooManyRedirects: "too many redirects"
        case .refusedAddress: "it leads to an address that is not asked"
        case .notJSON: "the answer is not JSON"
        case .unreadable: "the answer is no registration"
        case .noRegistry: "the bootstrap file names no registry for it"
        case .notFound: "the registry has no entry"
        case .otherNetwork: "the answer is about another network"
        }
    }

    /// The lines of the keeper's section: the holder, and how to reach him.
    static func rows(_ registration: Registration) -> [KeeperRow] {
        let range = "\(registration.first) - \(registration.last)"
        let details = [registration.handle?.description, range, registration.country?.description]
            .compactMap(\.self).joined(separator: ", ")
        var rows: [KeeperRow] = []
        if let holder = registration.holder {
            rows.append(
                row("holder", "\(holder), \(details) (medium confidence: as registered)"))
        } else if let name = registration.networkName {
            rows.append(
                row("holder", "\(name), \(details) (low confidence: the network's name only)"))
        } else {
            rows.append(row("holder", "not named; \(details)"))
        }
        for (index, contact) in registration.contacts.filter({ $0.mail != nil }).enumerated() {
            guard let mail = contact.mail else { continue }
            // The address first: with a name in between, it would be hard to find.
            rows.append(
                row(
                    index == 0 ? "contact" : "",
                    "\(mail) (\(contact.role.rawValue); medium confidence: as registered)"))
        }
        rows.append(row("source", "\(registration.source)"))
        return rows
    }

    private static func row(_ label: String, _ text: String) -> KeeperRow {
        KeeperRow(label: label, text: text, isForeign: true)
    }
}
