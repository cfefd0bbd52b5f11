package import NetNames

/// The zone of a DNS block list, as RFC 5782 §2.1 builds names in it.
package struct BlockListZone: Hashable, Sendable {
    package let name: DomainName

    /// Reads a zone's name; a closing dot is allowed.
    /// - Parameter text: As a user typed it, or a file holds it.
    /// - Throws: ``BlockListZoneError``, the first thing that is wrong with it.
    package init(parsing text: some Collection<UInt8>) throws(BlockListZoneError) {
        for byte in text
        where !Ascii.isLetter(byte) && !Ascii.isDigit(byte)
            && ![Ascii.hyphen, Ascii.underscore, Ascii.dot].contains(byte)
        {
            throw .character(byte)
        }
        let name: DomainName
        do {
            name = try DomainName(parsing: text)
        } catch {
            switch error {
            case .empty: throw .empty
            case .labelTooLong: throw .labelTooLong
            case .nameTooLong: throw .tooLong
            case .emptyLabel, .badEscape: throw .emptyLabel
            }
        }
        guard let last = name.labels.last else { throw .empty }
        guard !last.allSatisfy(Ascii.isDigit) else { throw .address }
        guard name.labelCount > 1 else { throw .singleLabel }
        guard name.wire.count <= Self.longestWire else { throw .tooLong }
        self.name = name
    }

    /// Bytes of the zone's wire form: 32 labels of one nibble (64 bytes) must fit before it.
    package static let longestWire = DomainName.longestWire - 64

    package var description: String { name.description }
}

/// Why a text is no zone of a block list.
package enum BlockListZoneError: Error, Hashable, Sendable {
    case empty
    case emptyLabel
    case labelTooLong
    /// No query for an IPv6 address would fit in a name.
    case tooLong
    case singleLabel
    /// Its last label is a number, as in an address.
    case address
    case character(UInt8)
}

/// The limits of block lists, each with its reason.
package enum BlockListLimits {
    /// Lists of one check: their packets together are as many as the verdict may send itself.
    package static let lists = 10
    /// Upstream packets for each list: A and TXT of the client, and its two test entries.
    package static let packets = 4
    /// Codes kept of one listing: the list with the most kinds has eight.
    package static let codes = 16
    /// Reasons kept of one listing, so that a record set of thousands stays a few lines.
    package static let reasons = 3
    /// Bytes kept of a reason: one character string (RFC 1035 §3.3), and it fits an SMTP reply.
    package static let reasonBytes = 255
}
