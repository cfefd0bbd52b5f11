package import DNSModel
package import NetNames

/// Where a walk begins: the names and addresses of root servers.
package struct RootHints: Hashable, Sendable {
    package let servers: [Server]
    /// Whether servers at special-purpose addresses may be asked: only where the user named the root.
    ///
    /// On the Internet a delegation to 127.0.0.1 is somebody's trick.
    package let allowsSpecialAddresses: Bool

    package struct Server: Hashable, Sendable {
        package let name: DomainName
        package let addresses: [IPAddress]
    }

    /// Takes the NS records of the root and the addresses of their names; nil when no server has
    /// one.
    package init?(records: [ResourceRecord]) {
        var names: [DomainName] = []
        for record in records where record.name.isRoot {
            if case .ns(let name) = record.data, !names.contains(name) { names.append(name) }
        }
        servers = names.compactMap { name in
            let addresses = records.compactMap { record -> IPAddress? in
                guard record.name == name, case .address(let address) = record.data else {
                    return nil
                }
                return address
            }
            return addresses.isEmpty ? nil : Server(name: name, addresses: addresses)
        }
        allowsSpecialAddresses = true
        if servers.isEmpty { return nil }
    }

    private init(builtIn rows: [(letter: String, version4: String, version6: String)]) {
        servers = rows.compactMap { row in
            DomainName("\(row.letter).root-servers.net").map { name in
                Server(
                    name: name,
                    addresses: [row.version4, row.version6].compactMap { IPAddress($0) })
            }
        }
        allowsSpecialAddresses = false
    }

    /// The thirteen of the Internet, as IANA's root hints file has them.
    ///
    /// From iana.org/domains/root/files, 2026-11. An address that moves costs a try: one that answers
    /// is enough.
    package static let internet = RootHints(builtIn: [
        ("a", "198.41.0.4", "2001:503:ba3e::2:30"),
        ("b", "170.247.170.2", "2801:1b8:10::b"),
        ("c", "192.33.4.12", "2001:500:2::c"),
        ("d", "199.7.91.13", "2001:500:2d::d"),
        ("e", "192.203.230.10", "2001:500:a8::e"),
        ("f", "192.5.5.241", "2001:500:2f::f"),
        ("g", "192.112.36.4", "2001:500:12::d0d"),
        ("h", "198.97.190.53", "2001:500:1::53"),
        ("i", "192.36.148.17", "2001:7fe::53"),
        ("j", "192.58.128.30", "2001:503:c27::2:30"),
        ("k", "193.0.14.129", "2001:7fd::1"),
        ("l", "199.7.83.42", "2001:500:9f::42"),
        ("m", "202.12.27.33", "2001:dc3::35"),
    ])
}
