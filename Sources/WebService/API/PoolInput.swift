import NetNames
import SenderIdentity

/// A pool as a program names it: by the HELO name that all hosts say, or host by host.
struct PoolInput: Decodable, Sendable {
    let helo: String?
    let hosts: [Host]?

    struct Host: Decodable, Sendable {
        let ip: String
        let helo: String?
    }

    /// - Throws: ``WebError`` about the field that is wrong.
    func target() throws(WebError) -> PoolTarget {
        switch (helo, hosts) {
        case (let helo?, nil): return .heloName(try Self.name(helo))
        case (nil, let hosts?): return .clients(try Self.clients(hosts))
        default:
            throw .badInput(
                "Either helo or hosts has to be given.",
                hint: "Give the HELO name of the pool, or a list of its hosts.", field: "helo")
        }
    }

    private static func name(_ text: String) throws(WebError) -> DomainName {
        guard let name = DomainName(text), HostnameDefect.allowsLookup(of: name),
            name.labelCount > 1, (try? IPAddress(parsing: text.utf8)) == nil
        else {
            throw .badInput(
                "This is not a host name.", hint: "Give a name such as out.example.net.",
                field: "helo")
        }
        return name
    }

    private static func clients(_ hosts: [Host]) throws(WebError) -> [Subject] {
        guard (1...PoolLimits.hosts).contains(hosts.count) else {
            throw .badInput(
                "There are \(hosts.count) hosts.",
                hint: "Give 1 to \(PoolLimits.hosts) of them.", field: "hosts")
        }
        var clients: [Subject] = []
        var seen: Set<Subject> = []
        for (index, host) in hosts.enumerated() {
            let client: Subject
            do {
                client = try SubjectInput(address: host.ip, helo: host.helo ?? "").subject()
            } catch {
                throw .badInput(
                    error.what, hint: error.hint,
                    field: error.field.map { "hosts[\(index)].\($0)" })
            }
            if seen.insert(client).inserted { clients.append(client) }
        }
        return clients
    }
}
