import SenderIdentity

#if canImport(Glibc)
    import Glibc
#endif

/// Runs the judgement over generated worlds and prints how often it is right.
///
/// `heloscope-trials [worlds per fault] [operators] [look-ups] [decisions]`; exit 1 when a bound is
/// missed.
@main
enum Trials {
    static func main() {
        let counts = CommandLine.arguments.dropFirst().compactMap { Int($0) }
        let worlds = counts.first ?? 100
        let operators = counts.dropFirst().first ?? 1000
        let lookups = counts.dropFirst(2).first ?? 100_000
        let decisions = counts.dropFirst(3).first ?? 100_000
        let isGood = [
            CauseTrial.run(worldsPerKind: worlds), PoolTrial.run(operators: operators),
            LossTrial.run(lookups: lookups), GuardTrial.run(decisions: decisions),
        ]
        exit(isGood.allSatisfy { $0 } ? 0 : 1)
    }

    /// A share as `99.5 %`, without Foundation.
    static func percent(_ part: Int, of whole: Int) -> String {
        guard whole > 0 else { return "–" }
        let tenths = part * 1000 / whole
        return "\(tenths / 10).\(tenths % 10) %"
    }

    static func pad(_ text: String, _ length: Int) -> String {
        text + String(repeating: " ", count: max(0, length - text.unicodeScalars.count))
    }
}
