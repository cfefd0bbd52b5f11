// Copied into the lab's program for the mutation run; no part of the product.
import Foundation
import ReceiverModels
import SenderIdentity

/// Every mutant against the recorded replies: which situation is the first to contradict it.
enum MutantRun {
    private struct Trial {
        let situation: Situation
        let facts: IdentityFacts
        let searchList: String
        let real: Outcome
    }

    /// Prints a line per mutant, `7 caught 12` or `7 survived`, and takes the mutants' numbers and
    /// servers from a file of lines `7 postfix exim`.
    static func run(_ options: Options) throws -> Bool {
        let trials = try trials(options)
        let first = Int(try options.number("from", or: 0))
        let plan = try String(contentsOf: URL(filePath: try options.text("plan")), encoding: .utf8)
        for line in plan.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard let number = words.first.flatMap({ Int($0) }), number >= first else { continue }
            say("\(number) begun")
            Mutant.active = number
            let caught = words.dropFirst().lazy.compactMap { word in
                contradiction(Server(rawValue: String(word)), trials)
            }
            say(caught.first.map { "\(number) caught \($0)" } ?? "\(number) survived")
        }
        return true
    }

    /// At once, since a mutant may end the program.
    private static func say(_ line: String) {
        FileHandle.standardOutput.write(Data("\(line)\n".utf8))
    }

    private static func contradiction(_ server: Server?, _ trials: [Server: [Trial]]) -> Int? {
        guard let server else { return nil }
        return trials[server]?.first { trial in
            let ours = Outcome(
                simulating: trial.situation, trial.facts, searchList: trial.searchList)
            return ours != trial.real
        }?.situation.id
    }

    private static func trials(_ options: Options) throws -> [Server: [Trial]] {
        var trials: [Server: [Trial]] = [:]
        let folders = try options.texts("recorded").map { URL(filePath: $0) }
        for folder in folders {
            let situations = try Situation.read(folder.appending(path: "situations.ndjson"))
            let byID = Dictionary(uniqueKeysWithValues: situations.map { ($0.id, $0) })
            let searchList = folder.lastPathComponent == "search-list" ? "present" : "absent"
            for server in Server.allCases {
                let file = folder.appending(path: "\(server.rawValue).replies.ndjson")
                guard FileManager.default.fileExists(atPath: file.path()) else { continue }
                for reply in try RecordedReply.read(file).1 where reply.outcome != .unsettled {
                    guard let situation = byID[reply.id] else {
                        throw Failure("\(file.path()): no situation \(reply.id)")
                    }
                    trials[server, default: []].append(
                        Trial(
                            situation: situation, facts: try LabWorld.facts(of: situation),
                            searchList: searchList, real: reply.outcome))
                }
            }
        }
        return trials
    }
}
