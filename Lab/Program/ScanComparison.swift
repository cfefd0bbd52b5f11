import ReceiverModels
package import SenderIdentity

/// The symbols of our model against those of the real rspamd.
package struct ScanComparison {
    /// Symbols in order, with the sum of their points in thousandths.
    package struct Verdict: Hashable {
        package let symbols: [String]
        package let thousandths: Int

        package init(symbols: [String], thousandths: Int) {
            self.symbols = symbols.sorted()
            self.thousandths = thousandths
        }

        /// What our rules say together; nil where one of them does not tell.
        package init?(simulating facts: IdentityFacts) {
            let settings = ReceiverSettings([
                "version": "3.4", ReceiverSettings.recordOrder: "as-received",
            ])
            var symbols: [String] = []
            var sum = 0
            for rule in Receiver.rspamd.rules {
                switch rule.judgement(facts, settings) {
                case .accepts: break
                case .scores(let score, _):
                    symbols += score.marks
                    sum += score.thousandths ?? 0
                case .replies, .refusesInItsOwnWords, .dependsOnRecordOrder, .dependsOnSearchList,
                    .cannotTell:
                    return nil
                }
            }
            self.init(symbols: symbols, thousandths: sum)
        }

        package var text: String {
            symbols.isEmpty ? "nothing" : "\(thousandths) \(symbols.joined(separator: " "))"
        }
    }

    package private(set) var equal = 0
    package private(set) var different: [(ScanSituation, real: Verdict?, ours: Verdict)] = []
    /// Our model says that it does not know.
    package private(set) var untold: [(ScanSituation, real: Verdict?)] = []

    package init() {}

    package mutating func add(_ situation: ScanSituation, _ scan: RecordedScan) throws {
        let facts = try LabWorld.facts(of: situation)
        let real = scan.symbols.map { symbols in
            let points = symbols.values.map { Int(($0 * 1000).rounded()) }
            return Verdict(symbols: Array(symbols.keys), thousandths: points.reduce(0, +))
        }
        guard let ours = Verdict(simulating: facts) else {
            untold.append((situation, real))
            return
        }
        if real == ours { equal += 1 } else { different.append((situation, real, ours)) }
    }

    /// Situations in a hundred that the model may leave open.
    private static let mostUntold = 2

    package var isPassed: Bool {
        let all = equal + different.count + untold.count
        return different.isEmpty && equal > 0 && untold.count * 100 <= all * Self.mostUntold
    }

    package var lines: [String] {
        var lines = different.map { one in
            "different: \(Self.text(one.0))\n  real: \(one.real?.text ?? "failed")"
                + "\n  ours: \(one.ours.text)"
        }
        lines += untold.map { one in
            "not told: \(Self.text(one.0))\n  real: \(one.real?.text ?? "failed")"
        }
        let all = equal + different.count + untold.count
        lines.append(
            "rspamd: \(equal) of \(all) equal in symbols and points, \(different.count) different,"
                + " \(untold.count) that the model does not tell")
        return lines
    }

    private static func text(_ situation: ScanSituation) -> String {
        "#\(situation.id) \(situation.client) \(situation.helo) host"
            + " \(situation.hostname ?? "unknown") (\(situation.features.joined(separator: " ")))"
    }
}
