/// Why bytes are not a DNS message, or a message has no wire form.
package enum WireError: Error, Hashable, Sendable {
    /// The data ends inside a field, or the counts promise more than there is.
    case endOfData(offset: Int)
    /// A compression pointer leads forward, to itself, or into the header.
    case pointer(offset: Int)
    /// More than ``WireLimits/pointers`` compression pointers in one name.
    case tooManyPointers(offset: Int)
    /// A length byte of the types 0x40 or 0x80, which no standard uses any more.
    case labelType(offset: Int)
    /// More than 255 bytes of name.
    case nameTooLong(offset: Int)
    /// RDLENGTH leads past the end, or does not fit what the type needs.
    case dataLength(offset: Int)
    /// A second OPT record, one that is not at the root, or one with broken options.
    case badExtension(offset: Int)
    /// More than ``WireLimits/message`` bytes, or more records than a count can say.
    case messageTooLong
    /// A character string of more than 255 bytes.
    case stringTooLong
    /// A response code over 15 needs the upper bits that only EDNS carries.
    case codeNeedsExtension
}

/// The limits of the wire form, each with its reason.
package enum WireLimits {
    /// The length prefix over TCP has 16 bits (RFC 1035 §4.2.2).
    package static let message = 65535
    /// The header, which no pointer may lead into (RFC 1035 §4.1.1).
    package static let header = 12
    /// Pointers followed in one name; honest servers use one or two, RFC 9267 §2 asks for a limit.
    package static let pointers = 16
    /// What a server may send over UDP without EDNS (RFC 1035 §4.2.1).
    package static let plainDatagram = 512
    /// What we ask for with EDNS: it passes every path unfragmented (RFC 9715 §3.2 allows up to 1400).
    package static let extendedDatagram = 1232
}
