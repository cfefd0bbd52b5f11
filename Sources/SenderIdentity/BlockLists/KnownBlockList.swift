package import NetNames

/// What the keepers of a block list publish about it: data, checked in 2026-11.
package struct KnownBlockList: Hashable, Sendable {
    /// The zone, in lower case without a closing dot.
    package let zone: String
    package let name: String
    package let codes: [Code]
    /// Whether it is known to hold IPv6 addresses; such clients are asked of no other by default.
    package let holdsIPv6: Bool
    /// Where its keepers look up and remove entries.
    package let removal: String
    /// Where the codes and rules are published.
    package let source: String

    package struct Code: Hashable, Sendable {
        /// The last octet of 127.0.0.x.
        package let octet: UInt8
        package let meaning: String
    }

    /// The lists of `--dnsbl default`; docs/block-lists.md has the rules of use of each.
    package static let all = [
        KnownBlockList(
            zone: "zen.spamhaus.org", name: "Spamhaus ZEN",
            codes: [
                Code(octet: 2, meaning: "SBL: spam source or support"),
                Code(octet: 3, meaning: "CSS: low reputation, found automatically"),
                Code(octet: 4, meaning: "XBL: infected or hijacked"),
                Code(octet: 5, meaning: "XBL"), Code(octet: 6, meaning: "XBL"),
                Code(octet: 7, meaning: "XBL"),
                Code(octet: 9, meaning: "DROP: network not to be routed"),
                Code(octet: 10, meaning: "PBL: no mail from here, says its ISP"),
                Code(octet: 11, meaning: "PBL: no mail from here, says Spamhaus"),
                Code(octet: 30, meaning: "BCL: botnet controller"),
            ],
            holdsIPv6: true, removal: "https://check.spamhaus.org/",
            source: "https://docs.spamhaus.com/datasets/docs/source/"
                + "10-data-type-documentation/datasets/040-zones.html"),
        KnownBlockList(
            zone: "bl.spamcop.net", name: "SpamCop",
            codes: [Code(octet: 2, meaning: "mail reported as spam")],
            holdsIPv6: false, removal: "https://www.spamcop.net/bl.shtml",
            source: "https://www.spamcop.net/bl.shtml"),
        KnownBlockList(
            zone: "b.barracudacentral.org", name: "Barracuda BRBL",
            codes: [Code(octet: 2, meaning: "poor reputation")],
            holdsIPv6: false, removal: "https://www.barracudacentral.org/rbl/removal-request",
            source: "https://www.barracudacentral.org/rbl/how-to-use"),
        KnownBlockList(
            zone: "psbl.surriel.com", name: "PSBL",
            codes: [Code(octet: 2, meaning: "mail to a spam trap")],
            holdsIPv6: false, removal: "https://psbl.org/remove",
            source: "https://psbl.org/howto/"),
        KnownBlockList(
            zone: "bl.mailspike.net", name: "Mailspike",
            codes: [
                Code(octet: 2, meaning: "part of a wave of spam"),
                Code(octet: 10, meaning: "worst reputation (L5)"),
                Code(octet: 11, meaning: "very bad reputation (L4)"),
                Code(octet: 12, meaning: "bad reputation (L3)"),
            ],
            holdsIPv6: false, removal: "https://mailspike.org/lookup.html",
            source: "https://mailspike.org/usage.html"),
    ]

    /// The lists that `--dnsbl default` asks about a client of this family.
    package static func zones(for family: IPAddress.Family) -> [BlockListZone] {
        all.filter { family == .v4 || $0.holdsIPv6 }.compactMap {
            try? BlockListZone(parsing: $0.zone.utf8)
        }
    }

    /// The list behind a zone; Spamhaus serves its customers ZEN below a key of their own.
    package static func list(at zone: BlockListZone) -> KnownBlockList? {
        if let keyed = DomainName("zen.dq.spamhaus.net"), zone.name.isSubdomain(of: keyed) {
            return all.first { $0.zone == "zen.spamhaus.org" }
        }
        return all.first { DomainName($0.zone) == zone.name }
    }

    /// What an answer of the list means; nil where its keepers do not say.
    package func meaning(of answer: IPAddress) -> String? {
        guard case .v4(let value) = answer, value >> 8 == 0x7f_0000 else { return nil }
        return codes.first { $0.octet == UInt8(truncatingIfNeeded: value) }?.meaning
    }

    // MARK: Answers that list nobody

    /// Whether an answer means that the list refused the question.
    ///
    /// 127.255.255.0/24 by Spamhaus' convention, which others follow; 127.0.0.1 by URIBL's
    /// (https://uribl.com/refused.shtml): no list may mean a client by it.
    package static func isRefusal(_ answer: IPAddress) -> Bool {
        guard case .v4(let value) = answer else { return false }
        return value >> 8 == 0x7fff_ff || value == 0x7f00_0001
    }

    /// Whether an answer is one that a list may give: an address in 127.0.0.0/8.
    package static func isPossible(_ answer: IPAddress) -> Bool {
        guard case .v4(let value) = answer else { return false }
        return value >> 24 == 127
    }
}
