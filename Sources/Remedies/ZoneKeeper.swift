import DNSModel
package import NetNames
package import SenderIdentity

/// Who keeps a reverse zone, as far as an answer told.
package struct ZoneKeeper: Hashable, Sendable {
    package let zone: DomainName
    /// The SOA's primary server and mailbox; nil when no SOA was seen.
    package let primary: DomainName?
    package let mailbox: DomainName?
    /// Whether the zone is only the usual cut, not one that an answer named.
    package let isGuess: Bool
    /// Whether a registry's zone denied the name, because the range is delegated to nobody.
    package let isRegistry: Bool
    /// A server that answered for the zone with authority when it was asked by itself.
    package let server: IPAddress?

    /// A zone that the walk went through.
    /// - Parameters:
    ///   - zone: Its name.
    ///   - tree: What the walk found.
    ///   - isRegistry: Whether it is a registry's; by its name where nothing is said.
    package init(_ zone: DomainName, in tree: ReverseTreeFacts, isRegistry: Bool? = nil) {
        let isRegistry = isRegistry ?? ReverseTreeFacts.isRegistry(zone)
        self.isRegistry = isRegistry
        self.zone = zone
        let replies = tree.trace.visits.flatMap(\.replies)
        let own = replies.first { $0.reply.isAuthoritative && $0.authority?.zone == zone }
        primary = isRegistry ? nil : own?.authority?.start.primary
        mailbox = isRegistry ? nil : own?.authority?.start.mailbox
        isGuess = false
        server = own?.address ?? tree.trace.visits.last { $0.zone == zone }?.replies.first?.address
    }

    /// From a walk if one was made, else from the SOA of a denial, else by guessing.
    package init(of facts: IdentityFacts) {
        if let tree = facts.reverseTree, let keeper = tree.keeper {
            self = ZoneKeeper(
                keeper.zone, in: tree, isRegistry: keeper.confidence == .registry)
        } else if let absence = facts.pointer.lookup?.outcome.absence, let zone = absence.zone {
            self.zone = zone
            isRegistry =
                ReverseName.contains(zone)
                && zone.labelCount <= Self.registryLabels(facts.subject.address.family)
            // A SOA record that was made up, for a zone file without one or a planned deletion, has
            // names that cannot exist (RFC 6761 §6.4).
            let authority = absence.authority.flatMap { $0.primary == Self.invalid ? nil : $0 }
            primary = isRegistry ? nil : authority?.primary
            mailbox = isRegistry ? nil : authority?.mailbox
            isGuess = false
            server = nil
        } else {
            zone = ReverseName.conventionalZone(of: facts.subject.address)
            primary = nil
            mailbox = nil
            isGuess = true
            isRegistry = false
            server = nil
        }
    }

    private static let invalid = DomainName("invalid")

    /// Zones this short are the registries': a /8 of IPv4, up to a /24 of IPv6.
    private static func registryLabels(_ family: IPAddress.Family) -> Int {
        family == .v4 ? 3 : 8
    }

    /// The SOA mailbox as a mail address (RFC 1035 §8): its first label is the local part.
    ///
    /// Nil where it can be none, or where odd bytes could turn one recipient into two.
    package var mailAddress: String? {
        guard let mailbox, let local = mailbox.labels.first, let domain = mailbox.parent,
            domain.labelCount >= 2, HostnameDefect.of(domain) == nil, local.allSatisfy(Self.isAtom)
        else { return nil }
        return String(decoding: local, as: UTF8.self) + "@" + domain.description
    }

    /// Letters, digits, and what is usual in mailbox names.
    private static func isAtom(_ byte: UInt8) -> Bool {
        Ascii.isLetter(byte) || Ascii.isDigit(byte)
            || [Ascii.dot, Ascii.hyphen, Ascii.underscore, UInt8(ascii: "+")].contains(byte)
    }
}
