import Foundation
import TestSupport
import Testing
import heloscope_lab

@Suite struct GeneratorTests {
    private static func situations(_ seed: UInt64, _ count: Int) -> [Situation] {
        var generator = SituationGenerator(seed: seed)
        return generator.situations(count: count)
    }

    @Test func `the same seed and count make the same run, another seed another one`() {
        #expect(Self.situations(7, 400) == Self.situations(7, 400))
        #expect(Self.situations(7, 400) != Self.situations(8, 400))
    }

    @Test func `the recorded situations are those of their seed`() throws {
        let file = Fixtures.package.appending(path: "Lab/recorded/situations.ndjson")
        #expect(try Situation.read(file) == Self.situations(2026, 2_400))
    }

    @Test func `servers take turns, and no client or number comes twice`() {
        let situations = Self.situations(3, 10_000)
        #expect(Set(situations.map(\.id)).count == 10_000)
        #expect(Set(situations.map(\.client)).count == 10_000)
        for server in Server.allCases {
            #expect(situations.count { $0.server == server } == 2_500)
        }
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `a short run has every setting of every server and both families`(seed: UInt64) {
        let situations = Self.situations(seed, 400)
        for server in Server.allCases {
            let own = situations.filter { $0.server == server }
            let settings = Set(own.map(\.setting))
            #expect(settings == Set(server.settings.map(\.key)))
            for family in ["v4", "v6"] {
                let count = own.count { $0.features.contains(family) }
                #expect(count >= 10, "\(server.rawValue) \(family)")
            }
        }
    }

    @Test func `a run of 2,400 has every shape, from no PTR name to four`() {
        let features = Self.situations(11, 2_400).map(\.features)
        let seen = Set(features.joined())
        for shape in HELOShape.allCases { #expect(seen.contains("helo:\(shape.rawValue)")) }
        for status in ReverseStatus.allCases {
            #expect(seen.contains("reverse:\(status.rawValue)"))
        }
        #expect(seen.contains("reverse:alias"))
        // Not only in the first place: servers that look at one name pass over the others.
        for shape in NameShape.allCases { #expect(seen.contains("ptr1:\(shape.rawValue)")) }
        let counts = Set(features.map { $0.count { $0.hasPrefix("ptr") } })
        #expect(counts.isSuperset(of: 0...4))
    }

    /// Each costs OpenSMTPD 75 s and more: a run of many would take hours.
    @Test func `a silent DNS is at most 2 % of OpenSMTPD's situations, and there is one`() {
        for count in [400, 2_400] {
            for seed in 1...40 as ClosedRange<UInt64> {
                let own = Self.situations(seed, count).filter { $0.server == .opensmtpd }
                let silent = own.count { $0.zone.contains { $0.hasSuffix("DROP") } }
                #expect(silent * 50 <= own.count, "seed \(seed), \(count)")
                #expect(count == 400 || silent > 0, "seed \(seed), \(count)")
            }
        }
    }

    @Test func `our own look-ups can read every situation`() throws {
        for situation in Self.situations(5, 2_000) {
            let facts = try LabWorld.facts(of: situation)
            let ours = Outcome(simulating: situation, facts)
            #expect(ours != .noModel && ours != .cannotTell, "\(situation)")
        }
    }
}
