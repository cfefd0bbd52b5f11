package import NetNames
package import SenderIdentity

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Reads what registries answer: bootstrap files (RFC 9224) and networks (RFC 9083 §5.4).
///
/// Registries differ in shape: ARIN nests the contacts in the registrant, RIPE names a maintainer as
/// registrant, some leave the cards out. What has another shape than expected counts as absent.
package enum RegistrationReader {
    /// Both readers, for whoever fetches.
    package static var reading: RegistrationReading {
        RegistrationReading(
            servers: { bytes, address throws(RegistrationFailure) in
                try servers(bytes, for: address)
            },
            registration: { bytes, address, url throws(RegistrationFailure) in
                try registration(bytes, of: address, from: url)
            })
    }

    /// Entities looked at in one answer; real ones have fewer than twenty.
    private static let mostEntities = 64
    /// Entities within entities; real answers have two levels.
    private static let deepest = 4

    /// The base URLs for the longest prefix that holds the address.
    /// - Throws: ``RegistrationFailure``.
    package static func servers(
        _ bytes: [UInt8], for address: IPAddress
    ) throws(RegistrationFailure) -> [String] {
        guard let services = try LooseJSON(bytes)["services"]?.list else { throw .unreadable }
        var best: (length: Int, urls: [String])?
        for service in services {
            guard let parts = service.list, parts.count >= 2 else { continue }
            let urls = (parts[1].list ?? []).compactMap(\.text)
            for prefix in (parts[0].list ?? []).compactMap(\.text) {
                guard let block = AddressBlock(prefix), block.contains(address), !urls.isEmpty,
                    block.prefixLength > best?.length ?? -1
                else { continue }
                best = (block.prefixLength, urls)
            }
        }
        guard let best else { throw .noRegistry }
        // HTTPS first (RFC 9224 §3 leaves the order open).
        return best.urls.filter { $0.hasPrefix("https:") }
            + best.urls.filter { !$0.hasPrefix("https:") }
    }

    /// What a network's object says.
    /// - Throws: ``RegistrationFailure``.
    package static func registration(
        _ bytes: [UInt8], of address: IPAddress, from url: String
    ) throws(RegistrationFailure) -> Registration {
        let network = try LooseJSON(bytes)
        guard let first = network["startAddress"]?.text.flatMap(IPAddress.init(_:)),
            let last = network["endAddress"]?.text.flatMap(IPAddress.init(_:)),
            let source = RegistrationText(url)
        else { throw .unreadable }
        var entities: [Entity] = []
        collect(network["entities"], depth: 0, into: &entities)
        let registrants = entities.filter { $0.roles.contains(.registrant) && $0.name != nil }
        // A maintainer is registrant at some registries; an organization says so in its card.
        let holder = registrants.first(where: \.isOrganization) ?? registrants.first
        var contacts: [Registration.Contact] = []
        for role in Registration.Contact.Role.allCases {
            for entity in entities where entity.roles.contains(role) {
                let contact = Registration.Contact(
                    role: role, name: entity.name, mail: entity.mail)
                guard entity.name != nil || entity.mail != nil, !contacts.contains(contact) else {
                    continue
                }
                contacts.append(contact)
            }
        }
        let registration = Registration(
            holder: holder?.name, handle: text(network["handle"]),
            networkName: text(network["name"]), first: first, last: last,
            country: text(network["country"]), contacts: contacts, source: source)
        guard let registration else { throw .unreadable }
        guard registration.contains(address) else { throw .otherNetwork }
        return registration
    }

    private struct Entity {
        let roles: [Registration.Contact.Role]
        let name: RegistrationText?
        let mail: RegistrationMail?
        let isOrganization: Bool
    }

    /// The entities in the order they stand, each before those within it.
    private static func collect(_ value: LooseJSON?, depth: Int, into entities: inout [Entity]) {
        guard depth < deepest else { return }
        for object in value?.list ?? [] {
            guard entities.count < mostEntities else { return }
            let card = object["vcardArray"]?.list?.dropFirst().first?.list ?? []
            let roles = (object["roles"]?.list ?? []).compactMap {
                $0.text.flatMap(Registration.Contact.Role.init(rawValue:))
            }
            entities.append(
                Entity(
                    roles: roles, name: property("fn", of: card).flatMap(RegistrationText.init),
                    mail: property("email", of: card).flatMap(RegistrationMail.init),
                    isOrganization: property("kind", of: card) == "org"))
            collect(object["entities"], depth: depth + 1, into: &entities)
        }
    }

    /// The first value of a card's property: `["fn", {}, "text", "…"]` (RFC 7095 §3.3).
    private static func property(_ name: String, of card: [LooseJSON]) -> String? {
        for property in card {
            guard let parts = property.list, parts.count >= 4, parts[0].text == name else {
                continue
            }
            return parts[3].text
        }
        return nil
    }

    private static func text(_ value: LooseJSON?) -> RegistrationText? {
        value?.text.flatMap(RegistrationText.init)
    }
}

/// JSON of any shape.
private enum LooseJSON: Decodable {
    case text(String)
    case list([LooseJSON])
    case object([String: LooseJSON])
    /// A number, a truth value or null: nothing here asks for one.
    case other

    /// - Throws: ``RegistrationFailure/notJSON``, also for JSON nested absurdly deep.
    init(_ bytes: [UInt8]) throws(RegistrationFailure) {
        do {
            self = try JSONDecoder().decode(LooseJSON.self, from: Data(bytes))
        } catch {
            throw .notJSON
        }
    }

    init(from decoder: any Decoder) throws {
        if let container = try? decoder.container(keyedBy: Key.self) {
            var object: [String: LooseJSON] = [:]
            for key in container.allKeys {
                object[key.stringValue] = try container.decode(LooseJSON.self, forKey: key)
            }
            self = .object(object)
        } else if var container = try? decoder.unkeyedContainer() {
            var list: [LooseJSON] = []
            while !container.isAtEnd { list.append(try container.decode(LooseJSON.self)) }
            self = .list(list)
        } else {
            let text = try? decoder.singleValueContainer().decode(String.self)
            self = text.map(LooseJSON.text) ?? .other
        }
    }

    private struct Key: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    subscript(name: String) -> LooseJSON? {
        if case .object(let object) = self { object[name] } else { nil }
    }

    var list: [LooseJSON]? {
        if case .list(let list) = self { list } else { nil }
    }

    /// The text, or the first one of a list where a text was expected.
    var text: String? {
        switch self {
        case .text(let text): text
        case .list(let list):
            if case .text(let text)? = list.first { text } else { nil }
        case .object, .other: nil
        }
    }
}
