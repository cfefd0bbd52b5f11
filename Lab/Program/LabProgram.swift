import Foundation

/// The lab's program: makes situations for the real servers, and compares their replies with ours.
@main
enum LabProgram {
    static let usage = """
        heloscope-lab generate --seed N --count M --out DIR
        heloscope-lab compare --situations FILE --replies FILE [--replies FILE …]
            [--differences PAGE] [--floor N] [--search-list absent|present] [--limit N]
        heloscope-lab generate-rspamd --seed N --count M --out DIR
        heloscope-lab compare-rspamd --situations FILE --replies FILE

        compare fails if of a thousand fewer than N, usually 999, are equal, or if a difference has
        no row in the page.
        """

    static func main() {
        let words = Array(CommandLine.arguments.dropFirst())
        do {
            let options = try Options(Array(words.dropFirst()))
            switch words.first {
            case "generate": try generate(options)
            case "compare": exit(try compare(options) ? 0 : 1)
            case "generate-rspamd": try generateScans(options)
            case "compare-rspamd": exit(try compareScans(options) ? 0 : 1)
            default: throw Failure(usage)
            }
        } catch {
            FileHandle.standardError.write(Data("\(error)\n".utf8))
            exit(64)
        }
    }

    private static func generate(_ options: Options) throws {
        var generator = SituationGenerator(seed: try options.number("seed"))
        let situations = generator.situations(count: Int(try options.number("count")))
        let folder = URL(filePath: try options.text("out"))
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let lines = try situations.map { String(decoding: try $0.line(), as: UTF8.self) }
        try write(lines, to: folder.appending(path: "situations.ndjson"))
        try write(
            Situation.sharedZone + situations.flatMap(\.zone),
            to: folder.appending(path: "lab.zone"))
        print("\(situations.count) situations in \(folder.path())")
    }

    /// Prints the comparison.
    /// - Returns: Whether enough is equal and the rest explained.
    private static func compare(_ options: Options) throws -> Bool {
        let situations = try Situation.read(URL(filePath: try options.text("situations")))
        let byID = Dictionary(uniqueKeysWithValues: situations.map { ($0.id, $0) })
        let searchList = try options.text("search-list", or: "absent")
        // Without the page nothing is explained.
        var known: [KnownDifference] = []
        if options.has("differences") {
            known = KnownDifference.all
            let page = try Data(contentsOf: URL(filePath: try options.text("differences")))
            try KnownDifference.check(known, against: String(decoding: page, as: UTF8.self))
        }
        var comparison = Comparison(
            known: known,
            floor: Int(try options.number("floor", or: UInt64(Comparison.usualFloor))))
        for file in try options.texts("replies") {
            let (header, replies) = try RecordedReply.read(URL(filePath: file))
            print("\(header.version): \(replies.count) replies")
            for reply in replies {
                guard let situation = byID[reply.id], situation.server == header.server else {
                    throw Failure("\(file): no situation \(reply.id)")
                }
                let facts = try LabWorld.facts(of: situation)
                comparison.add(
                    situation, real: reply.outcome,
                    ours: Outcome(simulating: situation, facts, searchList: searchList))
            }
        }
        let report = ComparisonReport(limit: Int(try options.number("limit", or: 40)))
        for line in report.lines(of: comparison) { print(line) }
        return comparison.isPassed
    }

    private static func generateScans(_ options: Options) throws {
        var generator = ScanGenerator(seed: try options.number("seed"))
        let situations = try generator.situations(count: Int(try options.number("count")))
        let folder = URL(filePath: try options.text("out"))
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let lines = try situations.map { String(decoding: try $0.line(), as: UTF8.self) }
        try write(lines, to: folder.appending(path: "situations.ndjson"))
        try write(
            Situation.sharedZone + situations.flatMap(\.zone),
            to: folder.appending(path: "lab.zone"))
        print("\(situations.count) situations in \(folder.path())")
    }

    /// Prints the comparison.
    /// - Returns: Whether nothing differs.
    private static func compareScans(_ options: Options) throws -> Bool {
        let situations = try ScanSituation.read(URL(filePath: try options.text("situations")))
        let byID = Dictionary(uniqueKeysWithValues: situations.map { ($0.id, $0) })
        let (version, scans) = try RecordedScan.read(URL(filePath: try options.text("replies")))
        print("\(version): \(scans.count) replies")
        var comparison = ScanComparison()
        for scan in scans {
            guard let situation = byID[scan.id] else { throw Failure("no situation \(scan.id)") }
            try comparison.add(situation, scan)
        }
        for line in comparison.lines { print(line) }
        return comparison.isPassed
    }

    private static func write(_ lines: [String], to file: URL) throws {
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: file)
    }
}

/// What ends the program, in one line.
package struct Failure: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}

/// Options of the form `--name value`; a name may come several times.
struct Options {
    private var values: [String: [String]] = [:]

    init(_ words: [String]) throws {
        guard words.count.isMultiple(of: 2) else { throw Failure(LabProgram.usage) }
        for index in stride(from: 0, to: words.count, by: 2) {
            guard words[index].hasPrefix("--") else { throw Failure(LabProgram.usage) }
            values[String(words[index].dropFirst(2)), default: []].append(words[index + 1])
        }
    }

    func texts(_ name: String) throws -> [String] {
        guard let found = values[name] else { throw Failure("--\(name) is missing") }
        return found
    }

    func has(_ name: String) -> Bool { values[name] != nil }

    func text(_ name: String, or fallback: String? = nil) throws -> String {
        if values[name] == nil, let fallback { return fallback }
        guard let last = try texts(name).last else { throw Failure("--\(name) is missing") }
        return last
    }

    func number(_ name: String, or fallback: UInt64? = nil) throws -> UInt64 {
        if values[name] == nil, let fallback { return fallback }
        guard let number = UInt64(try text(name)) else { throw Failure("--\(name) is no number") }
        return number
    }
}
