import Foundation
import SenderIdentity

/// Our models against recorded replies: counts per setting, then the differences in groups.
enum Comparison {
    /// A group: the same server, setting, and pair of replies, with names and addresses taken out.
    private struct Group: Hashable {
        let place: String
        let real: String
        let ours: String
    }

    private struct Count {
        var equal = 0
        var different = 0
        var unmodeled = 0
    }

    /// Prints the comparison.
    /// - Returns: Whether nothing differs and every setting has a model.
    static func run(_ options: Options) throws -> Bool {
        let situations = try Situation.read(URL(filePath: try options.text("situations")))
        let byID = Dictionary(uniqueKeysWithValues: situations.map { ($0.id, $0) })
        let limit = Int(try options.number("limit", or: 40))
        var counts: [String: Count] = [:]
        var groups: [Group: [Situation]] = [:]
        for file in try options.texts("replies") {
            let (header, replies) = try RecordedReply.read(URL(filePath: file))
            print("\(header.version): \(replies.count) replies")
            for reply in replies {
                guard let situation = byID[reply.id] else {
                    throw Failure("\(file): no situation \(reply.id)")
                }
                let place = "\(situation.server.rawValue) \(situation.setting)"
                let facts = try LabWorld.facts(of: situation)
                let ours = Simulated.simulate(situation, facts)
                if ours == .noModel {
                    counts[place, default: Count()].unmodeled += 1
                } else if ours == reply.outcome {
                    counts[place, default: Count()].equal += 1
                } else {
                    counts[place, default: Count()].different += 1
                    let group = Group(
                        place: place, real: words(reply.outcome, situation),
                        ours: words(ours, situation))
                    groups[group, default: []].append(situation)
                }
            }
        }
        for (place, count) in counts.sorted(by: { $0.key < $1.key }) {
            print("\(place): \(count.equal) equal, \(count.different) different")
            if count.unmodeled > 0 { print("  \(count.unmodeled) without a model") }
        }
        printGroups(groups, limit: limit)
        return counts.values.allSatisfy { $0.different == 0 && $0.unmodeled == 0 }
    }

    private static func printGroups(_ groups: [Group: [Situation]], limit: Int) {
        let sorted = groups.sorted {
            ($0.key.place, $1.value.count, $0.key.real) < (
                $1.key.place, $0.value.count, $1.key.real
            )
        }
        for (group, situations) in sorted.prefix(limit) {
            print("\n\(group.place), \(situations.count) times")
            print("  real: \(group.real)\n  ours: \(group.ours)")
            var features: [String: Int] = [:]
            for feature in situations.flatMap(\.features) { features[feature, default: 0] += 1 }
            let common = features.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(8)
            print("  with: " + common.map { "\($0.key) \($0.value)" }.joined(separator: ", "))
            for situation in situations.prefix(4) {
                print(
                    "  #\(situation.id) \(situation.client) \(situation.helo)"
                        + " (\(situation.features.joined(separator: " ")))")
            }
        }
    }

    private static func words(_ outcome: Simulated, _ situation: Situation) -> String {
        switch outcome {
        case .accepted: return "accepted"
        case .cannotTell: return "cannot tell"
        case .noModel: return "no model"
        case .refused(let line):
            var text = line.replacing("\n", with: " / ")
            for (name, value) in [("{helo}", situation.helo), ("{client}", situation.client)]
            where value.count > 4 {
                text = text.replacing(value, with: name)
            }
            return text
        }
    }
}
