import NetNames
import SenderIdentity

/// The shape of a registration, in reports and in saved evidence.
struct RegistrationDocument: Codable {
    let holder: String?
    let handle: String?
    let networkName: String?
    let first: String
    let last: String
    let country: String?
    let contacts: [Contact]
    let source: String

    struct Contact: Codable {
        let role: String
        let name: String?
        let mail: String?
    }

    init(_ registration: Registration) {
        holder = registration.holder?.description
        handle = registration.handle?.description
        networkName = registration.networkName?.description
        first = registration.first.description
        last = registration.last.description
        country = registration.country?.description
        contacts = registration.contacts.map {
            Contact(
                role: $0.role.rawValue, name: $0.name?.description, mail: $0.mail?.description)
        }
        source = registration.source.description
    }

    /// The registration; nil when a field makes no sense; texts are cleaned again.
    var registration: Registration? {
        guard let first = IPAddress(first), let last = IPAddress(last),
            let source = RegistrationText(source)
        else { return nil }
        var kept: [Registration.Contact] = []
        for contact in contacts {
            guard let role = Registration.Contact.Role(rawValue: contact.role) else { return nil }
            kept.append(
                .init(
                    role: role, name: contact.name.flatMap(RegistrationText.init),
                    mail: contact.mail.flatMap(RegistrationMail.init)))
        }
        return Registration(
            holder: holder.flatMap(RegistrationText.init),
            handle: handle.flatMap(RegistrationText.init),
            networkName: networkName.flatMap(RegistrationText.init), first: first, last: last,
            country: country.flatMap(RegistrationText.init), contacts: kept, source: source)
    }
}
