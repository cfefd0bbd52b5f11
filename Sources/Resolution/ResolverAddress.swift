package import NetNames

/// Where a resolver listens: an address and a port.
package struct ResolverAddress: Hashable, Sendable {
    package let address: IPAddress
    package let port: UInt16

    /// DNS over UDP and TCP (RFC 1035 §4.2).
    package static let usualPort: UInt16 = 53

    package init(_ address: IPAddress, port: UInt16 = usualPort) {
        self.address = address
        self.port = port
    }

    /// Reads `ADDR` or `ADDR#PORT`.
    /// - Parameter text: The bytes of the argument.
    /// - Throws: ``ResolverAddressError``.
    package init(parsing text: some Collection<UInt8>) throws(ResolverAddressError) {
        let bytes = Array(text)
        let parts = bytes.split(
            separator: UInt8(ascii: "#"), maxSplits: 1, omittingEmptySubsequences: false)
        let first = parts.first ?? []
        do {
            address = try IPAddress(parsing: first)
        } catch {
            // A letter that no IPv6 address has, or one without a colon, makes it a name.
            let isName = first.contains(where: Ascii.isLetter) && !first.contains(Ascii.colon)
            throw isName ? .isName : .badAddress(error)
        }
        guard parts.count == 2 else {
            port = Self.usualPort
            return
        }
        guard let number = Ascii.decimal(parts[1], as: UInt16.self), number > 0 else {
            throw .badPort
        }
        port = number
    }
}

package enum ResolverAddressError: Error, Hashable, Sendable {
    /// A host name: it would have to be looked up before anything can be looked up.
    case isName
    case badAddress(AddressError)
    /// Not a number from 1 to 65535.
    case badPort
}

extension ResolverAddress: CustomStringConvertible {
    /// `address#port`, as observations name a server.
    package var description: String { "\(address)#\(port)" }
}
