import DNSModel
import LookupEngine
import NetNames
package import SenderIdentity

/// A situation's DNS as our own look-ups see it: one zone, the root, with the situation's lines.
///
/// Like the lab's DNS it answers in file order, and a fault holds for the name that is asked.
package enum LabWorld {
    /// Looks everything up through the client's state machine, in virtual time.
    package static func facts(of situation: Situation) throws -> IdentityFacts {
        try facts(of: situation.client, helo: situation.helo, zone: situation.zone)
    }

    package static func facts(of situation: ScanSituation) throws -> IdentityFacts {
        try facts(of: situation.client, helo: situation.helo, zone: situation.zone)
    }

    private static func facts(
        of address: String, helo: String, zone: [String]
    ) throws -> IdentityFacts {
        guard let client = IPAddress(address) else { throw Failure("no address: \(address)") }
        let subject = Subject(address: client, helo: HELOArgument(unescaped(helo)))
        let world = try zoneWorld(zone)
        let rules = try FaultRules(
            parsing: Array(zone.filter(isFault).joined(separator: "\n").utf8))
        let server = ScriptedServer(
            label: "lab", latency: .zero, reply: { world.reply(to: $0) },
            faults: { rules.faults(for: $0) })
        var network = ScriptedNetwork([server])
        let evidence = ScriptedCollector.collect(
            startedAt: 0, sources: [.init(kind: .zone, name: "lab")], network: &network
        ) { LookupPlan.questions(for: subject, knowing: $0) + oddQuestions(client, knowing: $0) }
        return IdentityFacts(subject: subject, evidence: evidence)
    }

    /// The addresses of PTR names with a slash: Exim 4.96 asks for them, the product does not.
    private static func oddQuestions(
        _ client: IPAddress, knowing evidence: Evidence
    ) -> [PlannedQuestion] {
        let own = Question(ReverseName.name(of: client), .ptr)
        guard let outcome = evidence.observation(of: own)?.1.outcome else { return [] }
        return pointerNames(in: outcome)
            .filter { HostnameDefect.of($0) == .character(Ascii.slash) }
            .flatMap { name in
                [RecordType.a, .aaaa].map { PlannedQuestion(Question(name, $0), stage: .verdict) }
            }
    }

    private static func isFault(_ line: String) -> Bool {
        let words = line.split(separator: " ", maxSplits: 2)
        return words.count > 1 && words[1].hasPrefix("!")
    }

    private static func zoneWorld(_ zone: [String]) throws -> ZoneWorld {
        let soa = StartOfAuthority(
            primary: .root, mailbox: .root, serial: 1, refresh: 3600, retry: 600, expire: 86_400,
            minimum: 60)
        var records = [ResourceRecord(name: .root, ttl: 60, data: .soa(soa))]
        for line in Situation.sharedZone + zone where !isFault(line) {
            guard let record = record(line) else {
                throw Failure("no record: \(line)")
            }
            records.append(record)
        }
        let file = ZoneFile(name: "lab", contents: MasterFile(records: records))
        return try ZoneWorld(files: [file])
    }

    private static func record(_ line: String) -> ResourceRecord? {
        let words = line.split(separator: " ").map(String.init)
        guard words.count == 3, let owner = try? DomainName(parsing: words[0].utf8) else {
            return nil
        }
        let data: RecordData? =
            switch words[1] {
            case "A", "AAAA": IPAddress(words[2]).map { .address($0) }
            case "TXT": .txt([Array(words[2].utf8)])
            default: (try? DomainName(parsing: words[2].utf8)).flatMap { named(words[1], $0) }
            }
        return data.map { ResourceRecord(name: owner, ttl: 60, data: $0) }
    }

    private static func named(_ type: String, _ target: DomainName) -> RecordData? {
        switch type {
        case "PTR": .ptr(target)
        case "CNAME": .cname(target)
        case "MX": .mx(preference: 10, exchange: target)
        default: nil
        }
    }
}

/// The bytes of a text whose odd bytes are written `\DDD`.
func unescaped(_ text: String) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
        if byte == Ascii.backslash, let value = Ascii.decimal(rest.prefix(3), as: UInt8.self) {
            bytes.append(value)
            rest = rest.dropFirst(3)
        } else {
            bytes.append(byte)
        }
    }
    return bytes
}
