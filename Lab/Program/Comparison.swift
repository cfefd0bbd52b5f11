/// Our models against what real servers replied: counts, and the situations that differ.
package struct Comparison {
    /// A situation in which stage, class, code, enhanced code or text differ.
    package struct Difference {
        package let situation: Situation
        package let real: Outcome
        package let ours: Outcome
        /// The known difference that it belongs to; nil if nobody knows why.
        package let explanation: String?
    }

    package struct Count {
        package var equal = 0
        package var different = 0
    }

    /// Of a thousand situations so many must be equal; the explained ones count as different, too.
    package static let usualFloor = 999

    private let floor: Int
    private let known: [KnownDifference]
    /// By server and setting.
    package private(set) var counts: [String: Count] = [:]
    package private(set) var differences: [Difference] = []

    package init(known: [KnownDifference], floor: Int = usualFloor) {
        self.floor = floor
        self.known = known
    }

    package mutating func add(_ situation: Situation, real: Outcome, ours: Outcome) {
        let place = "\(situation.server.rawValue) \(situation.setting)"
        // A real server that never settled is equal to nothing.
        if real == ours, real != .unsettled {
            counts[place, default: Count()].equal += 1
            return
        }
        counts[place, default: Count()].different += 1
        let explanation = known.first {
            $0.server == situation.server && $0.explains(situation, real, ours)
        }
        differences.append(
            Difference(
                situation: situation, real: real, ours: ours, explanation: explanation?.name))
    }

    package var compared: Int { counts.values.reduce(0) { $0 + $1.equal + $1.different } }
    package var equal: Int { counts.values.reduce(0) { $0 + $1.equal } }
    package var unexplained: [Difference] { differences.filter { $0.explanation == nil } }

    /// Enough is equal, and the rest is explained.
    package var isPassed: Bool {
        compared > 0 && equal * 1_000 >= compared * floor && unexplained.isEmpty
    }

    /// The figure that stands for the whole run.
    package var closingLine: String {
        let thousandths = compared == 0 ? 0 : equal * 100_000 / compared
        let share = "\(thousandths / 1_000).\(String(1_000 + thousandths % 1_000).dropFirst())"
        let explained = differences.count - unexplained.count
        return "\(compared) compared: \(equal) equal in stage, class, code, enhanced code and text,"
            + " \(share) %; \(differences.count) differ, \(explained) of them explained"
    }
}
