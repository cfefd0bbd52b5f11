import DNSModel
import LookupEngine
import NetNames
import SenderIdentity

/// Injected causes: every kind of fault in many worlds.
///
/// Right cause, wrong cause, or «could not find out».
enum CauseTrial {
    enum Result { case right, open, wrong }

    /// The share of right causes that must be reached, in thousandths.
    static let wantedPerMille = 990

    static func run(worldsPerKind: Int) -> Bool {
        var dice = Dice(seed: 20_261_121)
        var total = (right: 0, open: 0, wrong: 0)
        print("Injected causes, \(FaultKind.all.count) kinds, \(worldsPerKind) worlds each")
        for kind in FaultKind.all {
            var count = (right: 0, open: 0, wrong: 0)
            for _ in 0..<worldsPerKind {
                switch judge(kind, &dice) {
                case .right: count.right += 1
                case .open: count.open += 1
                case .wrong: count.wrong += 1
                }
            }
            total.right += count.right
            total.open += count.open
            total.wrong += count.wrong
            print(
                "  \(Trials.pad(kind.name, 38)) right \(Trials.pad("\(count.right)", 5))"
                    + " open \(Trials.pad("\(count.open)", 5)) wrong \(count.wrong)")
        }
        let all = total.right + total.open + total.wrong
        print(
            "  right \(Trials.percent(total.right, of: all)), could not find out"
                + " \(Trials.percent(total.open, of: all)), wrong \(total.wrong) of \(all)")
        return total.wrong == 0 && total.right * 1000 >= wantedPerMille * all
    }

    private static func judge(_ kind: FaultKind, _ dice: inout Dice) -> Result {
        let domain = "\(dice.word())\(dice.number(1...99)).example"
        let name = dice.chance(50) ? "mail.\(domain)" : "mx\(dice.number(1...9)).\(domain)"
        var world = World(client: dice.address(version6: kind.isIPv4Only ? 0 : 20), helo: name)
        if dice.chance(30) { world.helo = nil }
        kind.build(&world, name, &dice)
        let servers = dice.number(1...3)
        guard
            let (facts, verdict) = try? world.judge(
                servers: servers, seed: UInt64(dice.number(1...1_000_000)))
        else { return .wrong }
        let findings = verdict.findings.map(\.finding)
        if kind.isFound(findings, facts) { return .right }
        if case .undetermined = verdict.outcome { return .open }
        return .wrong
    }
}
