import ReceiverModels

/// A comparison in lines: counts per setting, the differences in groups, the closing figure.
package struct ComparisonReport {
    /// Groups that are printed; the closing figure counts all.
    let limit: Int

    /// Same server, setting, explanation and pair of replies, with names and addresses taken out.
    private struct Group: Hashable {
        let place: String
        let explanation: String?
        let real: String
        let ours: String
    }

    package init(limit: Int) {
        self.limit = limit
    }

    package func lines(of comparison: Comparison) -> [String] {
        var lines: [String] = []
        for (place, count) in comparison.counts.sorted(by: { $0.key < $1.key }) {
            lines.append("\(place): \(count.equal) equal, \(count.different) different")
        }
        var groups: [Group: [Situation]] = [:]
        for difference in comparison.differences {
            let situation = difference.situation
            let group = Group(
                place: "\(situation.server.rawValue) \(situation.setting)",
                explanation: difference.explanation,
                real: words(difference.real, situation), ours: words(difference.ours, situation))
            groups[group, default: []].append(situation)
        }
        let sorted = groups.sorted {
            ($0.key.place, $1.value.count, $0.key.real, $0.key.ours)
                < ($1.key.place, $0.value.count, $1.key.real, $1.key.ours)
        }
        for (group, situations) in sorted.prefix(limit) {
            lines += self.lines(of: group, situations)
        }
        return lines + [comparison.closingLine]
    }

    private func lines(of group: Group, _ situations: [Situation]) -> [String] {
        var features: [String: Int] = [:]
        for feature in situations.flatMap(\.features) { features[feature, default: 0] += 1 }
        let common = features.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(8)
        return [
            "",
            "\(group.place), \(situations.count) times, \(group.explanation ?? "not explained")",
            "  real: \(group.real)", "  ours: \(group.ours)",
            "  with: " + common.map { "\($0.key) \($0.value)" }.joined(separator: ", "),
        ]
            + situations.prefix(4).map {
                "  #\($0.id) \($0.client) \($0.helo) (\($0.features.joined(separator: " ")))"
            }
    }

    private func words(_ outcome: Outcome, _ situation: Situation) -> String {
        switch outcome {
        case .accepted: return "accepted"
        case .cannotTell: return "cannot tell"
        case .noModel: return "no model"
        case .unsettled: return "no reply that came twice"
        case .refused(let stage, let line):
            var text = line.replacing("\n", with: " / ")
            for (name, value) in [("{helo}", situation.helo), ("{client}", situation.client)]
            where value.count > 4 {
                text = text.replacing(value, with: name)
            }
            return "at \(stage.rawValue): \(text)"
        }
    }
}
