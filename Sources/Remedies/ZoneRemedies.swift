package import NetNames
package import SenderIdentity

/// Servers that a zone is delegated to and that do not serve it: two ways to mend that.
package struct ZoneService: Hashable, Sendable {
    package let useless: ReverseTreeFacts.UselessServers
    package let keeper: ZoneKeeper
    /// Who keeps the zone above, where the delegation stands.
    package let parent: ZoneKeeper
    /// Names that the delegation can do without; none where too few would be left, or where it is
    /// not known which.
    package let dropped: [DomainName]

    /// RFC 1034 §4.1 wants every zone on two servers at least.
    static let fewestServers = 2
}

/// Servers of a zone that hold different copies of it.
package struct ZoneCopies: Hashable, Sendable {
    package let keeper: ZoneKeeper
    /// The one with the newest copy: by the serial number, else the primary, else one with a record.
    package let fresh: DelegationTrace.ServerReply
    /// Those with another answer.
    package let stale: [DelegationTrace.ServerReply]
    /// The PTR names that all of them give once they agree.
    package let names: [DomainName]

    /// Whether they disagree about the delegation of a zone below.
    package var isAboutDelegation: Bool {
        if case .referral = fresh.reply { return true }
        return false
    }
}
