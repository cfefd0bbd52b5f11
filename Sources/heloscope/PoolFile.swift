import NetNames
import SenderIdentity

/// A list of hosts: a line each, `ADDRESS [HELO]` or `BLOCK [HELO]`; `#` begins a comment.
enum PoolFile {
    /// Lists are written by hand or by a small script; 1,024 hosts take a tenth of this.
    private static let longest = 1 << 20

    /// The hosts of a file.
    /// - Parameters:
    ///   - path: Of the file.
    ///   - helo: What hosts without a name of their own say.
    /// - Returns: Each host once, in the order of the file. A bare line yields to one of the same
    ///   address that has a name, so that a block may be listed beside the hosts in it; an address
    ///   that says several names stands there with each.
    /// - Throws: ``UserError`` with the line and exit code 64.
    static func clients(in path: String, helo: HELOArgument?) throws -> [Subject] {
        let bytes = try Files.read(path, limit: longest, what: "list of hosts")
        var clients: [Subject] = []
        var seen: Set<Subject> = []
        var named: Set<IPAddress> = []
        for (index, line) in bytes.split(
            separator: Ascii.lineFeed, omittingEmptySubsequences: false
        )
        .enumerated() {
            let words = line.prefix { $0 != UInt8(ascii: "#") }
                .split(whereSeparator: { [0x20, 0x09, 0x0d].contains($0) })
            guard let first = words.first else { continue }
            let place = "\(Files.shown(path)), line \(index + 1)"
            guard words.count <= 2 else {
                throw UserError.usage(
                    "\(place): more than two words", hint: "a line is: ADDRESS [HELO]")
            }
            let own = words.count == 2 ? HELOArgument(words[1]) : nil
            for address in try addresses(Array(first), at: place) {
                let client = Subject(address: address, helo: own)
                guard seen.insert(client).inserted else { continue }
                clients.append(client)
                if own != nil { named.insert(address) }
                // One more than is looked at, so that the report can say what it left out.
                guard clients.count <= tooMany else {
                    throw UserError.usage(
                        "\(place): more than \(tooMany) hosts",
                        hint: "one pool takes \(PoolLimits.hosts) hosts: split the list")
                }
            }
        }
        guard !clients.isEmpty else {
            throw UserError.usage(
                "list of hosts \(Files.shown(path)): no address in it",
                hint: "a line is: ADDRESS [HELO]")
        }
        return clients.compactMap { client in
            guard client.helo == nil else { return client }
            let isNamed = named.contains(client.address)
            return isNamed ? nil : Subject(address: client.address, helo: helo)
        }
    }

    /// Beyond this a list is no slip of a few hosts too many.
    private static let tooMany = 1 << 16

    private static func addresses(_ word: [UInt8], at place: String) throws -> [IPAddress] {
        let text = String(decoding: word, as: UTF8.self)
        if word.contains(Ascii.slash) {
            guard let block = AddressBlock(text), let count = block.addressCount,
                count <= tooMany
            else {
                throw UserError.usage(
                    "\(place): not a block, or too large: \(shownArgument(text))",
                    hint: "give blocks such as 192.0.2.0/24, with no bit set behind the prefix")
            }
            return (0..<count).map { block.address(at: $0) }
        }
        do {
            return [try IPAddress(parsing: word)]
        } catch {
            throw UserError.usage(
                "\(place): not an IP address: \(shownArgument(text)):"
                    + " \(SubjectArguments.reason(error))",
                hint: "a line is: ADDRESS [HELO]")
        }
    }
}
