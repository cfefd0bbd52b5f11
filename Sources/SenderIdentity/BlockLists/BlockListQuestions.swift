package import DNSModel
package import NetNames

/// What is asked of one block list: nothing of it depends on anything else.
package struct BlockListQuestions: Hashable, Sendable {
    /// The client's entry; its address says whether and why it is listed.
    package let address: Question
    /// The list's own words about the client's entry.
    package let reason: Question
    /// The entry that every list holds (RFC 5782 §5).
    package let listedEntry: Question
    /// The entry that no list holds (RFC 5782 §5).
    package let unlistedEntry: Question

    /// The questions to a list about a client.
    ///
    /// IPv4 octets reversed (RFC 5782 §2.1), IPv6 nibbles reversed (RFC 5782 §2.4). The test
    /// entries are those of the client's family, because lists of one family hold no others.
    package init(to zone: BlockListZone, about client: IPAddress) {
        let name = Self.name(of: client, in: zone)
        address = Question(name, .a)
        reason = Question(name, .txt)
        listedEntry = Question(Self.name(of: Self.listed(client.family), in: zone), .a)
        unlistedEntry = Question(Self.name(of: Self.unlisted(client.family), in: zone), .a)
    }

    package var all: [Question] { [address, listedEntry, unlistedEntry, reason] }

    /// 127.0.0.2, or ::FFFF:7F00:2; not normalized to IPv4, because it stands among nibbles.
    package static func listed(_ family: IPAddress.Family) -> IPAddress {
        family == .v4 ? .v4(0x7f00_0002) : .v6(high: 0, low: 0xffff_7f00_0002)
    }

    /// 127.0.0.1, or ::FFFF:7F00:1.
    package static func unlisted(_ family: IPAddress.Family) -> IPAddress {
        family == .v4 ? .v4(0x7f00_0001) : .v6(high: 0, low: 0xffff_7f00_0001)
    }

    private static func name(of address: IPAddress, in zone: BlockListZone) -> DomainName {
        let reverse = ReverseName.name(of: address)
        let labels = reverse.labels.dropLast(2) + zone.name.labels
        // A zone that left no room was refused when it was read.
        return (try? DomainName(labels: labels)) ?? zone.name
    }
}
