package import NetNames
import SenderIdentity

/// A provider whose customers set PTR records themselves, and how.
package struct Provider: Hashable, Sendable {
    package let id: String
    package let name: String
    /// Domains of the reverse zone's primary server.
    let serverDomains: [String]
    /// Domains of the names that the provider makes for its addresses.
    let pointerDomains: [String]
    /// Whether the provider refuses a name that does not lead to the address yet.
    package let demandsForwardFirst: Bool
    /// In order, once the address record is there; `NAME` and `ADDRESS` stand for the client's.
    let instructions: [Instruction]
    /// The page that says so.
    package let source: String

    package struct Instruction: Hashable, Sendable {
        package let text: String
        package let command: String?
        /// For addresses of this family only.
        let family: IPAddress.Family?
        /// False where no page of the provider was seen that says so.
        package let isVerified: Bool

        init(
            _ text: String, command: String? = nil, family: IPAddress.Family? = nil,
            isVerified: Bool = true
        ) {
            self.text = text
            self.command = command
            self.family = family
            self.isVerified = isVerified
        }
    }

    /// What gave a provider away.
    package enum Sign: Hashable, Sendable {
        /// The reverse zone's primary server, by its SOA record.
        case primary(DomainName)
        case pointer(DomainName)
    }

    /// A provider and its sign.
    package struct Match: Hashable, Sendable {
        package let provider: Provider
        package let sign: Sign
    }

    /// The provider of the client's address, as far as DNS shows it.
    ///
    /// The zone's primary server counts first: it keeps the zone. A name counts as the provider's
    /// below its domain only, which says who made the name, not who has the address now.
    static func recognized(in facts: IdentityFacts) -> Match? {
        if let primary = ZoneKeeper(of: facts).primary,
            let provider = all.first(where: { primary.isBelow($0.serverDomains) })
        {
            return Match(provider: provider, sign: .primary(primary))
        }
        for name in facts.pointer.names.map(\.name) {
            if let provider = all.first(where: { name.isBelow($0.pointerDomains) }) {
                return Match(provider: provider, sign: .pointer(name))
            }
        }
        return nil
    }

    /// The instructions for a client, with its own name and address.
    /// - Parameters:
    ///   - client: The address.
    ///   - pointer: The name the PTR record shall have; nil leaves a gap to fill.
    /// - Returns: In order.
    package func instructions(
        for client: IPAddress, pointer: DomainName?
    ) -> [Instruction] {
        // The name goes into a shell.
        let name = pointer.flatMap { HostnameDefect.of($0) == nil ? $0.description : nil }
        let words = ["NAME": name ?? "<name>", "ADDRESS": client.description]
        return instructions.filter { $0.family == nil || $0.family == client.family }.map {
            Instruction(
                $0.text, command: $0.command?.replacingWords(words), family: $0.family,
                isVerified: $0.isVerified)
        }
    }
}

extension DomainName {
    fileprivate func isBelow(_ domains: [String]) -> Bool {
        domains.contains { DomainName($0).map(isSubdomain(of:)) ?? false }
    }
}

extension String {
    /// Our own templates, split at spaces; a word may have one more sign behind it.
    fileprivate func replacingWords(_ words: [String: String]) -> String {
        split(separator: " ", omittingEmptySubsequences: false).map { word in
            if let value = words[String(word)] { return value }
            if word.hasSuffix("."), let value = words[String(word.dropLast())] {
                return value + "."
            }
            return String(word)
        }.joined(separator: " ")
    }
}
