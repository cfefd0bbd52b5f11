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
        /// The reply of the first host that is not accepted, and that host.
        package let example: (reply: SimulatedReply, facts: IdentityFacts)?

        /// The worst outcome that any host meets.
        package var worst: SimulatedReply.Outcome {
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
    ///   - failOn: From which severity on the exit code is 1.
    package init(
        on target: PoolTarget, evidence: Evidence, receivers: [Receiver] = Receiver.all,
        failOn: Severity = .error
    ) {
        matrix = PoolMatrix(of: target, evidence: evidence)
        self.evidence = evidence
        self.failOn = failOn
        let replies = matrix.hosts.map { Simulation.replies(for: $0.facts, by: receivers) }
        var rules: [RuleCount] = []
        for index in replies.first?.indices ?? 0..<0 {
            var counts: [SimulatedReply.Outcome: Int] = [:]
            var example: (reply: SimulatedReply, facts: IdentityFacts)?
            for (host, list) in zip(matrix.hosts, replies) {
                counts[list[index].outcome, default: 0] += 1
                if example == nil, list[index].outcome != .accept {
                    example = (list[index], host.facts)
                }
            }
            let first = replies[0][index]
            rules.append(
                RuleCount(
                    receiver: first.receiver, rule: first.rule, counts: counts, example: example))
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
