import Foundation
import ReceiverModels
import TestSupport
import Testing
import heloscope_lab

@Suite struct ComparisonTests {
    private static let situation = Situation(
        id: 1, server: .postfix, setting: "client-550-at-once", client: "198.18.0.1",
        helo: "mail.lab.test", features: ["v4", "reverse:noSuchName", "helo:noSuchName"], zone: [])

    private static let line =
        "550 5.7.25 Client host rejected: cannot find your hostname, [198.18.0.1]"

    private static func compared(
        _ real: Outcome, _ ours: Outcome, known: [KnownDifference] = []
    ) -> Comparison {
        var comparison = Comparison(known: known)
        comparison.add(situation, real: real, ours: ours)
        return comparison
    }

    @Test func `the model says what Postfix says, and where`() throws {
        let facts = try LabWorld.facts(of: Self.situation)
        let ours = Outcome(simulating: Self.situation, facts)
        #expect(ours == .refused(at: .connect, Self.line))
        #expect(Self.compared(.refused(at: .connect, Self.line), ours).isPassed)
    }

    @Test(
        arguments: [
            .refused(at: .rcpt, line),
            .refused(
                at: .connect,
                "450 4.7.25 Client host rejected: cannot find your hostname, [198.18.0.1]"),
            .refused(at: .connect, line.replacing("5.7.25", with: "5.7.1")),
            .refused(at: .connect, line.replacing("550 5.7.25 ", with: "550 ")),
            .refused(at: .connect, line + "."),
            .accepted, .unsettled,
        ] as [Outcome])
    func `another stage, code, enhanced code or text is a difference`(real: Outcome) throws {
        let comparison = Self.compared(real, .refused(at: .connect, Self.line))
        #expect(comparison.differences.count == 1)
        #expect(comparison.unexplained.count == 1)
        #expect(!comparison.isPassed)
        let lines = ComparisonReport(limit: 9).lines(of: comparison)
        #expect(lines.contains("postfix client-550-at-once, 1 times, not explained"))
        #expect(
            lines.last
                == "1 compared: 0 equal in stage, class, code, enhanced code and text, 0.000 %;"
                + " 1 differ, 0 of them explained")
    }

    @Test func `what nobody could tell is not equal`() {
        #expect(!Self.compared(.unsettled, .unsettled).isPassed)
        #expect(!Self.compared(.accepted, .noModel).isPassed)
        #expect(!Self.compared(.accepted, .cannotTell).isPassed)
        #expect(!Comparison(known: []).isPassed, "nothing was compared")
    }

    /// Excuses a text without its last byte, at any stage.
    private static let known = KnownDifference(name: "cut-short", server: .postfix) {
        situation, real, ours in
        guard case .refused(_, let real) = real, case .refused(_, let ours) = ours else {
            return false
        }
        return situation.setting.hasPrefix("client") && String(ours.dropLast()) == real
    }

    @Test func `a known difference is explained, another one in the same situation is not`() {
        let ours = Outcome.refused(at: .connect, Self.line)
        let cut = Self.compared(
            .refused(at: .connect, String(Self.line.dropLast())), ours, known: [Self.known])
        #expect(cut.differences.map(\.explanation) == ["cut-short"])
        #expect(cut.unexplained.isEmpty)
        let other = Self.compared(.accepted, ours, known: [Self.known])
        #expect(other.unexplained.count == 1)
    }

    @Test func `a known difference of one server excuses no other`() {
        let elsewhere = KnownDifference(name: "anything", server: .exim) { _, _, _ in true }
        let comparison = Self.compared(.accepted, .cannotTell, known: [elsewhere])
        #expect(comparison.unexplained.count == 1)
    }

    @Test(arguments: [(999, 1, true), (1_998, 2, true), (998, 2, false), (998, 1, false)])
    func `99.9 % must be equal, explained or not`(equal: Int, explained: Int, passes: Bool) {
        let anything = KnownDifference(name: "anything", server: .postfix) { _, _, _ in true }
        var comparison = Comparison(known: [anything])
        for _ in 0..<equal { comparison.add(Self.situation, real: .accepted, ours: .accepted) }
        for _ in 0..<explained {
            comparison.add(Self.situation, real: .accepted, ours: .cannotTell)
        }
        #expect(comparison.isPassed == passes)
    }

    @Test func `a run may have another floor, but nothing unexplained`() {
        let anything = KnownDifference(name: "anything", server: .postfix) { _, _, _ in true }
        var explained = Comparison(known: [anything], floor: 0)
        explained.add(Self.situation, real: .accepted, ours: .cannotTell)
        #expect(explained.isPassed)
        var unexplained = Comparison(known: [], floor: 0)
        unexplained.add(Self.situation, real: .accepted, ours: .cannotTell)
        #expect(!unexplained.isPassed)
    }

    @Test func `of HELO instead of EHLO the word alone is explained`() {
        let empty = Outcome.refused(at: .helo, "501 Syntax: EHLO hostname")
        let known = KnownDifference.all
        func explanations(_ real: Outcome) -> [String?] {
            Self.compared(real, empty, known: known).differences.map(\.explanation)
        }
        #expect(explanations(.refused(at: .helo, "501 Syntax: HELO hostname")) == ["greeting-word"])
        #expect(explanations(.refused(at: .rcpt, "501 Syntax: HELO hostname")) == [nil])
        #expect(explanations(.refused(at: .helo, "501 Syntax: HELO host")) == [nil])
        #expect(explanations(.accepted) == [nil])
        // The model must have said EHLO: a reply without it is not excused.
        let other = Outcome.refused(at: .helo, "501 a")
        let comparison = Self.compared(.refused(at: .helo, "501 b"), other, known: known)
        #expect(comparison.unexplained.count == 1)
    }

    @Test func `a share is never rounded up`() {
        var comparison = Comparison(known: [])
        for _ in 0..<1_999_999 / 100 {
            comparison.add(Self.situation, real: .accepted, ours: .accepted)
        }
        comparison.add(Self.situation, real: .accepted, ours: .cannotTell)
        #expect(comparison.closingLine.contains(" 99.995 %; 1 differ"))
    }

    // MARK: The page of differences

    @Test func `the page's rows are the known differences`() throws {
        let page = Fixtures.package.appending(path: "docs/receivers/differences.md")
        try KnownDifference.check(KnownDifference.all, against: try Fixtures.text(of: page))
    }

    private static let page = """
        # A page

        | `not-a-row` | sendmail |

        ## Rows

        | name | server | cause |
        |---|---|---|
        | `cut-short` | postfix | a cause |

        ## Limits

        | `not-a-row-either` | exim |
        """

    @Test func `a row without its class, a class without its row, and another server fail`() throws
    {
        try KnownDifference.check([Self.known], against: Self.page)
        #expect(throws: Failure.self) { try KnownDifference.check([], against: Self.page) }
        let other = KnownDifference(name: "other", server: .exim) { _, _, _ in false }
        #expect(throws: Failure.self) {
            try KnownDifference.check([Self.known, other], against: Self.page)
        }
        let moved = KnownDifference(name: "cut-short", server: .exim) { _, _, _ in false }
        #expect(throws: Failure.self) { try KnownDifference.check([moved], against: Self.page) }
        #expect(throws: Failure.self) { try KnownDifference.check([], against: "# A page\n") }
    }
}
