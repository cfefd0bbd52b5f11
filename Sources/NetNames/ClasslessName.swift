extension ReverseName {
    /// The names that a zone for a part of an IPv4 /24 usually has (RFC 2317 §4, §5.2), narrowest
    /// block first: `0/25`, `0-25` and `0-127` below the /24 for the lower half.
    ///
    /// Conventions only: the zone may have any name. 21 of them, three for each of seven sizes.
    package static func classlessZones(of address: IPAddress) -> [DomainName] {
        guard case .v4(let value) = address, let network = name(of: address).parent else {
            return []
        }
        let last = UInt8(truncatingIfNeeded: value)
        var zones: [DomainName] = []
        for length in stride(from: 31, through: 25, by: -1) {
            let size = UInt8(1) << UInt8(32 - length)
            let first = last & ~(size - 1)
            for label in [
                "\(first)/\(length)", "\(first)-\(length)", "\(first)-\(first + (size - 1))",
            ] {
                // A short label below a reverse name always fits.
                if let zone = try? network.prepending(label.utf8) { zones.append(zone) }
            }
        }
        return zones
    }
}
