import NetNames

/// A situation under construction: the client, and what DNS shall know.
///
/// Every name carries the situation's number, so that all situations share one DNS.
struct Plot {
    let id: Int
    let client: IPAddress
    private(set) var zone: [String] = []
    var features: [String] = []
    private var used = 0

    init(id: Int, client: IPAddress) {
        self.id = id
        self.client = client
    }

    /// The record type of addresses in the client's family.
    var ownType: String { client.family == .v4 ? "A" : "AAAA" }
    var otherType: String { client.family == .v4 ? "AAAA" : "A" }

    /// A name nobody else has: `p17-1.lab.test`.
    mutating func name(_ prefix: String = "p") -> String {
        used += 1
        return "\(prefix)\(id)-\(used).lab.test"
    }

    mutating func add(_ owner: String, _ type: String, _ value: String) {
        zone.append("\(owner) \(type) \(value)")
    }

    mutating func add(_ owner: String, _ addresses: [IPAddress]) {
        for address in addresses {
            add(owner, address.family == .v4 ? "A" : "AAAA", address.description)
        }
    }

    /// Questions for the name get this fault, of one type or of every type.
    mutating func fail(_ owner: String, _ type: String, _ fault: String) {
        zone.append("\(owner) !\(type) \(fault)")
    }

    mutating func fail(_ owner: String, _ fault: String) {
        fail(owner, "", fault)
    }

    /// An address of nobody, in the client's family or the other one.
    func stranger(_ number: Int = 1, otherFamily: Bool = false) -> IPAddress {
        let isVersion4 = (client.family == .v4) != otherFamily
        return isVersion4
            ? .v4(0xcb00_7100 | UInt32((id + number) % 250 + 1))
            : IPAddress(high: 0x2001_0db8_ffff_0000 | UInt64(number), low: UInt64(id))
    }

    /// A neighbor of the client: the same /24, or the same /64.
    var neighbor: IPAddress {
        switch client {
        case .v4(let value): .v4(value ^ 0x80)
        case .v6(let high, let low): IPAddress(high: high, low: low ^ 1)
        }
    }
}
