// Copied into the lab's program for the mutation run; no part of the product.
import Foundation
import ReceiverModels
import SenderIdentity

/// Every mutant against the recorded replies: which situation is the first to contradict it.
enum MutantRun {
    /// What is compared: the stage of the session, and what is said there.
    private struct Seen: Equatable {
        let stage: String
        let outcome: Simulated
    }

    private struct Trial {
        let id: Int
        let situation: Situation
        let facts: IdentityFacts
        let configuration: Configuration
        let real: Seen
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
        guard let server, let receiver = receiver(server) else { return nil }
        return trials[server]?.first { seen($0, receiver) != $0.real }?.id
    }

    /// Made anew for each mutant.
    private static func receiver(_ server: Server) -> Receiver? {
        switch server {
        case .postfix: .postfix
        case .exim: .exim
        case .sendmail: .sendmail
        case .opensmtpd: .openSMTPD
        }
    }

    /// What the rules that are on give: of those that do not accept, the first in the session.
    private static func seen(_ trial: Trial, _ receiver: Receiver) -> Seen {
        let settings = ReceiverSettings(trial.configuration.settings)
        var refusals: [Seen] = []
        for rule in receiver.rules
        where rule.isOnByDefault || trial.configuration.rules.contains(rule.id) {
            let judgement = rule.judgement(trial.facts, settings)
            let outcome = Simulated.outcome(of: judgement, trial.facts, trial.situation)
            if outcome == .accepted { continue }
            let stage = rule.stage(of: judgement, under: settings)
            refusals.append(Seen(stage: stage.rawValue, outcome: outcome))
        }
        for stage in SMTPStage.allCases {
            if let first = refusals.first(where: { $0.stage == stage.rawValue }) { return first }
        }
        return Seen(stage: "accepted", outcome: .accepted)
    }

    private static func trials(_ options: Options) throws -> [Server: [Trial]] {
        var trials: [Server: [Trial]] = [:]
        let folders = try options.texts("recorded").map { URL(filePath: $0) }
        for folder in folders {
            let situations = try Situation.read(folder.appending(path: "situations.ndjson"))
            let byID = Dictionary(uniqueKeysWithValues: situations.map { ($0.id, $0) })
            for server in Server.allCases {
                let file = folder.appending(path: "\(server.rawValue).replies.ndjson")
                guard FileManager.default.fileExists(atPath: file.path()) else { continue }
                for reply in try RecordedReply.read(file).1 {
                    guard let situation = byID[reply.id] else {
                        throw Failure("\(file.path()): no situation \(reply.id)")
                    }
                    trials[server, default: []].append(
                        Trial(
                            id: reply.id, situation: situation,
                            facts: try LabWorld.facts(of: situation),
                            configuration: Configuration(of: situation),
                            real: Seen(stage: reply.stage, outcome: reply.outcome)))
                }
            }
        }
        return trials
    }
}
