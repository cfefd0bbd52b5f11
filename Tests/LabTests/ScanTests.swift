import Foundation
import TestSupport
import Testing
import heloscope_lab

@Suite struct ScanTests {
    private static let folder = Fixtures.package.appending(path: "Lab/recorded")

    @Test func `the same seed makes the same situations`() throws {
        var one = ScanGenerator(seed: 7)
        var other = ScanGenerator(seed: 7)
        #expect(try one.situations(count: 60) == other.situations(count: 60))
    }

    @Test func `the recorded situations are those of seed 2026`() throws {
        var generator = ScanGenerator(seed: 2026)
        let recorded = try ScanSituation.read(
            Self.folder.appending(path: "rspamd.situations.ndjson"))
        #expect(try generator.situations(count: recorded.count) == recorded)
    }

    @Test func `the model gives the symbols and points that rspamd gave`() throws {
        let situations = try ScanSituation.read(
            Self.folder.appending(path: "rspamd.situations.ndjson"))
        let byID = Dictionary(uniqueKeysWithValues: situations.map { ($0.id, $0) })
        let (version, scans) = try RecordedScan.read(
            Self.folder.appending(path: "rspamd.replies.ndjson"))
        #expect(version == "rspamd 3.4-1")
        var comparison = ScanComparison()
        for scan in scans { try comparison.add(#require(byID[scan.id]), scan) }
        #expect(comparison.lines.filter { $0.hasPrefix("different") } == [])
        #expect(comparison.isPassed)
        #expect(comparison.equal >= 590)
    }

    @Test func `one other symbol is a difference`() throws {
        let situation = ScanSituation(
            id: 1, client: "198.18.0.2", helo: "mail.lab.test", features: [],
            zone: ["mail.lab.test A 198.18.0.2"])
        let scan = { (symbols: String) in
            try JSONDecoder().decode(
                RecordedScan.self, from: Data(#"{"id": 1, "symbols": {\#(symbols)}}"#.utf8))
        }
        let right = #""HFILTER_HOSTNAME_UNKNOWN": 2.5, "RDNS_NONE": 1.0"#
        var comparison = ScanComparison()
        try comparison.add(situation, scan(right))
        #expect(comparison.isPassed)
        try comparison.add(situation, scan(right.replacing("2.5", with: "2.6")))
        try comparison.add(situation, scan(#""RDNS_NONE": 3.5"#))
        try comparison.add(
            situation, JSONDecoder().decode(RecordedScan.self, from: Data(#"{"id": 1}"#.utf8)))
        #expect(comparison.equal == 1)
        #expect(comparison.different.count == 3)
        #expect(!comparison.isPassed)
    }
}
