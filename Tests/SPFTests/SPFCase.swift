import DNSModel
import Foundation
import NetNames
import SPF
import TestSupport
import Testing

/// One line of Tests/Fixtures/spf with the world of its file; the README there has the form.
struct SPFCase: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let request: SPFRequest
    let world: SPFWorld
    let result: SPFResult
    let expectations: [String]

    /// Every case of every file; a line that cannot be read gives nil.
    static let all: [SPFCase?] = {
        let folder = Fixtures.package.appending(path: "Tests/Fixtures/spf")
        return Fixtures.files(in: folder).filter { $0.pathExtension == "txt" }.flatMap { file in
            cases(in: (try? Fixtures.text(of: file)) ?? "", of: file.lastPathComponent)
        }
    }()

    private static func cases(in text: String, of file: String) -> [SPFCase?] {
        var world: SPFWorld?
        var zone: [Substring] = []
        var isInWorld = false
        var cases: [SPFCase?] = []
        var pending: (line: Substring, number: Int, more: [String])?
        func finish() {
            if let pending { cases.append(row(pending, in: world, of: file)) }
            pending = nil
        }
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated()
        {
            if isInWorld {
                isInWorld = line != "end"
                if isInWorld { zone.append(line) } else { world = SPFWorld(lines: zone) }
            } else if line == "world" {
                isInWorld = true
            } else if line.hasPrefix("    ") {
                pending?.more.append(line.trimmingCharacters(in: .whitespaces))
            } else if !line.isEmpty, !line.hasPrefix("#") {
                finish()
                pending = (line, index + 1, [])
            }
        }
        finish()
        return cases
    }

    private static func row(
        _ row: (line: Substring, number: Int, more: [String]), in world: SPFWorld?, of file: String
    ) -> SPFCase? {
        let columns = row.line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        guard columns.count == 5, columns[0].hasPrefix("§"), var world,
            let client = IPAddress(columns[2]), let result = SPFResult(rawValue: columns[3])
        else { return nil }
        var who = columns[1]
        // A record keeps the spaces at its end, but for the one before the column's.
        var record = row.line.split(separator: "|")[1].dropFirst().dropLast()
        if let colon = record.range(of: ": v="), !record.hasPrefix("v=") {
            who = "from " + record[..<colon.lowerBound]
            record = record[record.index(colon.lowerBound, offsetBy: 2)...]
        } else if record.hasPrefix("v=") {
            who = "from pat@orchard.example"
        }
        if record.hasPrefix("v="), let at = who.firstIndex(of: "@") {
            world.publish(Array(record.utf8), at: String(who[who.index(after: at)...]))
        }
        guard let request = request(who, client: client) else { return nil }
        return SPFCase(
            testDescription: "\(file):\(row.number) \(columns[0]) \(columns[4])",
            request: request, world: world, result: result, expectations: row.more)
    }

    private static func request(_ who: String, client: IPAddress) -> SPFRequest? {
        let words = who.split(separator: " ").map(String.init)
        guard words.count > 1 else { return nil }
        let time: Int64 = 1_200_000_000
        switch words[0] {
        case "helo":
            return SPFRequest(helo: Array(words[1].utf8), client: client, time: time)
        case "null":
            let helo = Array(words[1].utf8)
            return SPFRequest(mailFrom: [], at: helo, helo: helo, client: client, time: time)
        case "from":
            let sender = Array(words[1].utf8)
            guard let at = sender.lastIndex(of: UInt8(ascii: "@")) else { return nil }
            let helo = words.count == 4 ? words[3] : "mail.orchard.example"
            return SPFRequest(
                mailFrom: Array(sender[..<at]), at: Array(sender[(at + 1)...]),
                helo: Array(helo.utf8), client: client, time: time)
        default: return nil
        }
    }
}

/// Answers to every question of a case; what no record answers does not exist.
struct SPFWorld: Sendable {
    private var records: [Question: [RecordData]] = [:]
    private var failures: Set<Question> = []

    init?(lines: [Substring]) {
        let zone = lines.filter { !$0.hasPrefix("fail ") }.joined(separator: "\n") + "\n"
        guard let file = try? MasterFileReader.read(Array(zone.utf8)) else { return nil }
        for entry in file.entries {
            records[Question(entry.record.name, entry.record.type), default: []]
                .append(entry.record.data)
        }
        for line in lines where line.hasPrefix("fail ") {
            let words = line.split(separator: " ")
            guard words.count == 3, let name = DomainName(String(words[1])),
                let type = RecordType(String(words[2]))
            else { return nil }
            failures.insert(Question(name, type))
        }
    }

    init(_ records: [Question: [RecordData]]) { self.records = records }

    /// Puts a record at a domain, in strings of 255 bytes.
    mutating func publish(_ record: [UInt8], at domain: String) {
        guard let name = DomainName(domain) else { return }
        let strings = stride(from: 0, to: record.count, by: 255).map {
            Array(record[$0..<min($0 + 255, record.count)])
        }
        records[Question(name, .txt)] = [.txt(strings)]
    }

    func answer(_ question: Question) -> SPFAnswer {
        if failures.contains(question) { return .failed }
        guard let data = records[question] else { return .void }
        return .records(data)
    }
}
