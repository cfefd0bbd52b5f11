import DNSModel
import Foundation
import LookupEngine
import NetNames
import Reports
import Resolution
import SenderIdentity

/// Measures how many round trips to a DNS server a verdict takes.
///
/// `heloscope-round-trips`, from the package's folder; exit 1 when a bound is missed. The server is
/// a real socket on loopback that answers article B's world after ``latency``, so time ÷ latency is
/// the number of questions that had to wait for one another, and what the client itself adds.
@main
enum RoundTrips {
    static let latency = Duration.milliseconds(50)
    /// Odd, so that the median is one of them.
    static let runs = 21
    /// The naive client takes seconds a run.
    static let naiveRuns = 5

    static func main() async throws {
        let server = try await DelayedServer.start(
            world: try world(from: ["Examples/exchange-online.zone", "Examples/block-lists.zone"]),
            latency: latency)
        print("server answers after \(latency); medians of \(runs), naive ones of \(naiveRuns)")
        var isGood = true
        for journey in Journey.all {
            isGood = try await measure(journey, at: server.address) && isGood
        }
        await server.stop()
        exit(isGood ? 0 : 1)
    }

    private static func world(from paths: [String]) throws -> ZoneWorld {
        let files = try paths.map { path in
            try ZoneFile(name: path, bytes: Array(try Data(contentsOf: URL(filePath: path))))
        }
        let own = try ZoneFile(name: "spf.example", bytes: Array(senderPolicy.utf8))
        return try ZoneWorld(files: files + [own])
    }

    /// A record as many have it: the domain's own mail exchangers, and two services.
    private static let senderPolicy = """
        $TTL 1h
        $ORIGIN spf.example.
        @        SOA ns1.spf.example. hostmaster.spf.example. ( 1 1h 15m 2w 1h )
                 TXT "v=spf1 mx include:_one.spf.example include:_two.spf.example -all"
                 MX  10 mx1
                 MX  20 mx2
        mx1      A   192.0.2.11
        mx2      A   192.0.2.12
        _one     TXT "v=spf1 ip4:198.51.100.0/24 a:out.spf.example ~all"
        out      A   192.0.2.13
        _two     TXT "v=spf1 ip4:203.0.113.0/24 ip4:157.56.110.0/24 ~all"
        """

    private static func measure(
        _ journey: Journey, at server: ResolverAddress
    ) async throws -> Bool {
        let evidence = try await journey.collect(from: server)
        let report = Report(subject: journey.subject, evidence: evidence)
        let codes = report.verdict.findings.map(\.finding.code.rawValue)
        print("\n\(journey.name): \(evidence.observations.count) questions")
        guard codes.contains(journey.code) else {
            print("  expected \(journey.code), found \(codes.joined(separator: " "))")
            return false
        }
        let own = try await median(runs) { _ = try await journey.collect(from: server) }
        let questions = evidence.observations.map(\.question)
        let naive = try await median(naiveRuns) {
            try await journey.askInTurn(questions, at: server)
        }
        show("Heloscope", own, "target \(journey.target)")
        show("one question after another", naive, "× \(decimals(naive / own)) of ours")
        if let program = Journey.program {
            let whole = try await median(runs) { try journey.run(program, at: server) }
            show("whole process, start to exit", whole)
        } else {
            print("  whole process: build the product heloscope beside this program first")
        }
        return own <= journey.target
    }

    private static func show(_ what: String, _ ratio: Double, _ note: String = "") {
        let padding = String(repeating: " ", count: max(1, 32 - what.count))
        print("  \(what)\(padding)\(decimals(ratio)) round trips  \(note)")
    }

    /// Time ÷ latency, the median of the runs.
    private static func median(_ runs: Int, _ run: () async throws -> Void) async throws -> Double {
        var times: [Duration] = []
        for _ in 0..<runs {
            let start = ContinuousClock.now
            try await run()
            times.append(ContinuousClock.now - start)
        }
        return times.sorted()[runs / 2] / latency
    }

    private static func decimals(_ value: Double) -> String {
        String(format: "%.2f", value)
    }
}
