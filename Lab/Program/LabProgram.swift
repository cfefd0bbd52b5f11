import Foundation

/// The lab's program: makes situations for the real servers, and compares their replies with ours.
@main
enum LabProgram {
    static let usage = """
        heloscope-lab generate --seed N --count M --out DIR
        heloscope-lab compare --situations FILE --replies FILE [--replies FILE …] [--limit N]
        """

    static func main() {
        let words = Array(CommandLine.arguments.dropFirst())
        do {
            let options = try Options(Array(words.dropFirst()))
            switch words.first {
            case "generate": try generate(options)
            case "compare": exit(try Comparison.run(options) ? 0 : 1)
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

    private static func write(_ lines: [String], to file: URL) throws {
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: file)
    }
}

/// What ends the program, in one line.
struct Failure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
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

    func text(_ name: String) throws -> String {
        guard let last = try texts(name).last else { throw Failure("--\(name) is missing") }
        return last
    }

    func number(_ name: String, or fallback: UInt64? = nil) throws -> UInt64 {
        if values[name] == nil, let fallback { return fallback }
        guard let number = UInt64(try text(name)) else { throw Failure("--\(name) is no number") }
        return number
    }
}
