package import NetNames

/// How answers of registries are read; whoever fetches them knows bytes only.
package struct RegistrationReading: Sendable {
    /// Base URLs of the registry of an address, from a bootstrap file (RFC 9224), best first.
    package let servers:
        @Sendable (_ bootstrap: [UInt8], IPAddress) throws(RegistrationFailure) -> [String]
    /// What an answer says of an address (RFC 9083), and the URL it came from.
    package let registration:
        @Sendable (_ answer: [UInt8], IPAddress, _ url: String) throws(RegistrationFailure)
            -> Registration

    package init(
        servers: @escaping @Sendable ([UInt8], IPAddress) throws(RegistrationFailure) -> [String],
        registration:
            @escaping @Sendable ([UInt8], IPAddress, String) throws(RegistrationFailure)
            -> Registration
    ) {
        self.servers = servers
        self.registration = registration
    }
}

/// Why a registry's word is not known: a note for the reader, never a finding.
package enum RegistrationFailure: Error, Hashable, Sendable {
    case unreachable
    case timeout
    case status(Int)
    case tooLarge
    case tooManyRedirects
    /// A URL that is not HTTPS, or no URL at all.
    case refusedAddress
    case notJSON
    /// JSON of another shape.
    case unreadable
    /// The bootstrap file names nobody for the address.
    case noRegistry
    /// The registry answered 404.
    case notFound
    /// The network in the answer does not hold the address.
    case otherNetwork
}
