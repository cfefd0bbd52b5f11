import DNSModel
import DNSWire
import LookupEngine
import NetNames
import SenderIdentity

#if canImport(Glibc)
    import Glibc
#endif

/// Measures the CPU time from evidence to verdict for the client seen most: confirmed, HELO = PTR.
///
/// `heloscope-core-cost [rounds]`; exit 1 when the whole costs more than ``target``, one hostile
/// record of SPF more than ``HostileCost/target``, or the guard more than ``GuardCost/target``.
/// Meaningful only in a release build. Bulk audits and the guard run on this path, once per client.
@main
enum CoreCost {
    /// Microseconds of CPU: a million clients in three seconds of one core.
    static let target = 3.0
    /// The same with a record of SPF asked for, which bulk work leaves out.
    static let targetWithSPF = 4.0
    static let usualRounds = 31
    /// Runs per round: some 20 ms, well above what the clock can tell apart.
    static let runs = 10_000

    static func main() throws {
        let rounds = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? usualRounds
        guard rounds > 0 else { exit(64) }
        let subject = ConfirmedClient.subject
        let evidence = try ConfirmedClient.evidence(withSPF: false)
        let facts = IdentityFacts(subject: subject, evidence: evidence)
        let findings = Check.findings(in: facts)
        let messages = try ConfirmedClient.messages(of: evidence)
        print("confirmed client, HELO = PTR; findings: \(codes(findings))")
        print("median of \(rounds) rounds of \(runs), CPU time")

        let whole = median(rounds) {
            let facts = IdentityFacts(subject: subject, evidence: evidence)
            let verdict = Verdict(Check.findings(in: facts), facts: facts)
            return verdict.findings.count
        }
        show("evidence to verdict", whole, note: "target \(target) µs")
        show(
            "  facts",
            median(rounds) {
                IdentityFacts(subject: subject, evidence: evidence).pointer.count
            })
        show("  findings", median(rounds) { Check.findings(in: facts).count })
        show("  verdict", median(rounds) { Verdict(findings, facts: facts).findings.count })
        let parsing = median(rounds) {
            messages.reduce(0) { $0 + ((try? Message(reading: $1))?.answers.count ?? 0) }
        }
        show("peer: reading its \(messages.count) DNS messages", parsing)
        print("whole ÷ peer: \(decimals(whole / parsing))")
        let more = try ConfirmedClient.evidence(withSPF: true)
        let wholeWithSPF = median(rounds) {
            let facts = IdentityFacts(subject: subject, evidence: more)
            return Verdict(Check.findings(in: facts), facts: facts).findings.count
        }
        show("with SPF of the HELO name", wholeWithSPF, note: "target \(targetWithSPF) µs")
        let isCheap = HostileCost.isWithinTarget()
        let isInProportion = PoolCost.isInProportion()
        let isGuardQuick = measureGuard(rounds, evidence)
        exit(
            whole <= target && wholeWithSPF <= targetWithSPF && isCheap && isInProportion
                && isGuardQuick ? 0 : 1)
    }

    private static func measureGuard(_ rounds: Int, _ evidence: Evidence) -> Bool {
        var cost = GuardCost(evidence)
        let decision = cost.decision()
        let uncached = median(rounds) { cost.uncached() }
        show(
            "guard: request to answer", uncached,
            note: "target \(GuardCost.target) µs, \(cost.questionCount) questions")
        let cached = median(rounds) { cost.cached() }
        show("guard: known client", cached, note: "target \(GuardCost.targetCached) µs")
        show("  its line in the log", median(rounds) { cost.logged(decision) })
        show("  a milter's header", median(rounds) { cost.header(decision) })
        return uncached <= GuardCost.target && cached <= GuardCost.targetCached
    }

    private static func codes(_ findings: [Finding]) -> String {
        findings.map(\.code.rawValue).joined(separator: " ")
    }

    private static func show(_ what: String, _ cost: Double, note: String = "") {
        let padding = String(repeating: " ", count: max(1, 36 - what.unicodeScalars.count))
        print("\(what)\(padding)\(decimals(cost)) µs  \(note)")
    }

    /// Microseconds of CPU time for one run, the median of the rounds.
    private static func median(_ rounds: Int, _ run: () -> Int) -> Double {
        var costs: [Double] = []
        // One round more, to warm up: the first one reads tables that are made once.
        for round in 0...rounds {
            var sum = 0
            let start = processorTime()
            for _ in 0..<runs { sum &+= run() }
            let end = processorTime()
            // The result must matter, or the optimizer would leave the work out.
            if sum == Int.min { print(sum) }
            if round > 0 { costs.append(Double(end - start) / 1000 / Double(runs)) }
        }
        costs.sort()
        return costs[costs.count / 2]
    }

    /// Nanoseconds of CPU time of this process.
    static func processorTime() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    /// Two decimals, without Foundation.
    static func decimals(_ value: Double) -> String {
        let hundredths = Int((value * 100).rounded())
        let rest = hundredths % 100
        return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
    }
}
