import NetNames
package import ReceiverModels
package import SenderIdentity

/// Everything found about a pool, in one value; text, Markdown and JSON are functions of it.
package struct PoolReport: Sendable {
    package let matrix: PoolMatrix
    /// What each rule does with the hosts, in catalogue order.
    package let rules: [RuleCount]
    package let evidence: Evidence
    package let failOn: Severity

    /// One rule, and how many hosts meet each outcome.
    package struct RuleCount: Sendable {
        package let receiver: Receiver
        package let rule: Rule
        package let counts: [SimulatedReply.Outcome: Int]
        /// The reply of the first host that meets the worst outcome, and that host; nil where all
        /// are accepted.
        package let example: (reply: SimulatedReply, facts: IdentityFacts)?

        /// The worst outcome that any host meets.
        package var worst: SimulatedReply.Outcome { Self.worst(of: counts) }

        fileprivate static func worst(
            of counts: [SimulatedReply.Outcome: Int]
        ) -> SimulatedReply.Outcome {
            let order: [SimulatedReply.Outcome] = [
                .refuse, .defer, .dependsOnRecordOrder, .dependsOnSearchList, .score, .cannotTell,
            ]
            return order.first { counts[$0, default: 0] > 0 } ?? .accept
        }
    }

    /// Derives everything from the evidence.
    /// - Parameters:
    ///   - target: Which hosts.
    ///   - evidence: What was looked up.
    ///   - receivers: Whose rules to apply.
    ///   - settings: The settings chosen, by the receiver's id.
    ///   - failOn: From which severity on the exit code is 1.
    package init(
        on target: PoolTarget, evidence: Evidence, receivers: [Receiver] = Receiver.all,
        settings: [String: ReceiverSettings] = [:], failOn: Severity = .error
    ) {
        matrix = PoolMatrix(of: target, evidence: evidence)
        self.evidence = evidence
        self.failOn = failOn
        let hosts = matrix.hosts
        let replies = hosts.map {
            Simulation.replies(for: $0.facts, by: receivers, settings: settings)
        }
        var rules: [RuleCount] = []
        for index in replies.first?.indices ?? 0..<0 {
            var counts: [SimulatedReply.Outcome: Int] = [:]
            for list in replies { counts[list[index].outcome, default: 0] += 1 }
            let worst = RuleCount.worst(of: counts)
            var place: Int?
            for (number, list) in replies.enumerated()
            where place == nil && list[index].outcome == worst { place = number }
            let host = place.map { (replies[$0][index], hosts[$0].facts) }
            let first = replies[0][index]
            rules.append(
                RuleCount(
                    receiver: first.receiver, rule: first.rule, counts: counts,
                    example: worst == .accept ? nil : host))
        }
        self.rules = rules
    }

    package var exitCode: Int32 { matrix.exitCode(failOn: failOn) }

    /// Rules that treat a host otherwise than by accepting it, the important receivers' or all.
    package func harmful(showsAll: Bool) -> [RuleCount] {
        rules.filter { rule in
            (showsAll || rule.receiver.isImportant)
                && ![.accept, .cannotTell].contains(rule.worst)
        }
    }
}
