package import NetNames

/// Who is judged: an SMTP client's address and what it says of itself.
package struct Subject: Hashable, Sendable {
    package let address: IPAddress
    /// The argument of HELO or EHLO; nil when nobody told, as in a test that has only an address.
    package let helo: HELOArgument?
    /// The reverse-path, for SPF; nil when nobody told.
    package let mailFrom: MailFrom?
    /// The block lists to ask about the address, each once; none unless the user wants it.
    package private(set) var blockLists: [BlockListZone]

    package init(
        address: IPAddress, helo: HELOArgument? = nil, mailFrom: MailFrom? = nil,
        blockLists: [BlockListZone] = []
    ) {
        self.address = address
        self.helo = helo
        self.mailFrom = mailFrom
        self.blockLists = blockLists
    }

    /// The same client with other block lists asked.
    package func asking(_ lists: [BlockListZone]) -> Subject {
        var changed = self
        changed.blockLists = lists
        return changed
    }
}
