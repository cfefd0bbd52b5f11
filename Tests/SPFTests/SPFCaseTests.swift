import DNSModel
import NetNames
import SPF
import Testing

@Suite struct `SPF as RFC 7208 says` {
    @Test func `has every case readable, and enough of them`() {
        #expect(!SPFCase.all.contains { $0 == nil })
        #expect(SPFCase.all.count >= 150)
        for (index, one) in SPFCase.all.enumerated() where one == nil {
            Issue.record("case \(index) behind \(SPFCase.all[index - 1]?.testDescription ?? "")")
        }
    }

    @Test(arguments: SPFCase.all.compactMap { $0 })
    func `gives the result`(one: SPFCase) throws {
        let check = Check(one)
        let report = try #require(check.report)
        #expect(report.result == one.result, "\(String(describing: report.reason))")
        for expectation in one.expectations {
            let isFulfilled =
                question(in: expectation).map(check.asked.contains) ?? fulfills(report, expectation)
            #expect(isFulfilled, "\(expectation): \(check.asked) \(report)")
        }
        if !one.expectations.contains(where: { $0.hasPrefix("explanation") }) {
            #expect(report.explanation == nil)
        }
        // Asked beforehand or one by one, the result is the same, and asking stays bounded.
        #expect(Check(one, oneByOne: true).report == report)
        #expect(check.asked.count <= 150)
        #expect(report.lookupTerms <= SPFLimits.lookupTerms)
    }

    private func fulfills(_ report: SPFReport, _ expectation: String) -> Bool {
        let words = expectation.split(separator: " ", maxSplits: 1).map(String.init)
        switch words[0] {
        case "explanation":
            return report.explanation.map { String(decoding: $0, as: UTF8.self) } == words[1]
        case "no": return report.explanation == nil
        case "lookups": return report.lookupTerms == Int(words[1])
        case "voids": return report.voidLookups == Int(words[1])
        case "reason": return reason(report.reason) == words[1]
        default: return false
        }
    }

    /// The question that has to be asked, where that is what is expected.
    private func question(in expectation: String) -> Question? {
        let words = expectation.split(separator: " ").map(String.init)
        guard words.count == 3, words[0] == "asks", let type = RecordType(words[2]),
            let name = try? DomainName(
                labels: words[1].split(separator: ".").map { Array($0.utf8) })
        else { return nil }
        return Question(name, type)
    }

    private func reason(_ reason: SPFReason?) -> String {
        switch reason {
        case .syntax(let error):
            "syntax " + error.kind.rawValue
        case .malformedDomain: "malformedDomain"
        case .noRecord: "noRecord"
        case .severalRecords: "severalRecords"
        case .lookupFailed: "lookupFailed"
        case .tooManyLookups: "tooManyLookups"
        case .tooManyVoidLookups: "tooManyVoidLookups"
        case .tooManyExchanges: "tooManyExchanges"
        case .includeWithoutRecord: "includeWithoutRecord"
        case .redirectWithoutRecord: "redirectWithoutRecord"
        case nil: "none"
        }
    }
}

/// Asks the world what an evaluation wants, wave by wave, until it is finished.
struct Check {
    private(set) var asked: Set<Question> = []
    private(set) var waves = 0
    private(set) var report: SPFReport?

    init(_ one: SPFCase, oneByOne: Bool = false) {
        self.init(one.request, in: one.world, oneByOne: oneByOne)
    }

    /// Asks only the first question of each wave when told so.
    init(_ request: SPFRequest, in world: SPFWorld, oneByOne: Bool = false) {
        var known: [Question: SPFAnswer] = [:]
        while waves < 1000 {
            switch SPFEvaluation(request, known: { [known] in known[$0] }) {
            case .finished(let report):
                self.report = report
                return
            case .wants(let questions):
                waves += 1
                for question in oneByOne ? Array(questions.prefix(1)) : questions {
                    if known[question] != nil || questions.isEmpty { return }
                    known[question] = world.answer(question)
                    asked.insert(question)
                }
            }
        }
    }
}
