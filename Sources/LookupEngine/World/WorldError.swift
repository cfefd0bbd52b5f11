package import DNSModel
package import NetNames

/// Why zone files do not make a world, and where.
package struct WorldError: Error, Hashable, Sendable {
    /// The file as the user named it.
    package let file: String
    package let line: Int
    package let reason: Reason

    package enum Reason: Error, Hashable, Sendable {
        case syntax(MasterFileError)
        /// The file has SOA records, and none of them is above this owner.
        case outsideEveryZone(DomainName)
        /// A second SOA record that differs from the first.
        case secondAuthority(DomainName)
        /// A second CNAME record that differs from the first (RFC 2181 §10.1).
        case secondAlias(DomainName)
        /// A CNAME record beside other data (RFC 1034 §3.6.2).
        case aliasBesideData(DomainName)
        /// An overlay does not expand wildcards.
        case plannedWildcard(DomainName)
        case aliasOfItself(DomainName)
        /// The last of planned CNAME records that lead to one another in a ring.
        case aliasRing(DomainName)
        /// An address record at the reverse name of an address.
        case addressInReverseTree(DomainName)
        /// An overlay without records.
        case nothingPlanned
        /// A line of an update that is no command of nsupdate, or one that cannot be planned.
        case notAnUpdate(word: [UInt8])
    }

    /// `file:line: what`, on one line.
    package var located: String {
        switch reason {
        case .syntax(let error): error.located(in: file)
        case .outsideEveryZone(let name):
            at("\(name) lies outside every zone of this file: no SOA record above it")
        case .secondAuthority(let name): at("\(name) has a second, different SOA record")
        case .secondAlias(let name): at("\(name) has a second, different CNAME record")
        case .aliasBesideData(let name): at("\(name) has a CNAME record beside other records")
        case .plannedWildcard(let name): at("\(name) is a wildcard, which an overlay cannot plan")
        case .aliasOfItself(let name): at("\(name) is an alias of itself")
        case .aliasRing(let name): at("\(name) is an alias that leads back to itself")
        case .addressInReverseTree(let name):
            at("\(name) is the name of an address, and cannot have an address record")
        case .nothingPlanned: at("no record is planned")
        case .notAnUpdate(let word):
            at("not a line of an update: \(MasterFilePrinter.excerpt(of: word))")
        }
    }

    private func at(_ sentence: String) -> String {
        "\(file):\(line): \(sentence)"
    }
}
