import DNSModel
import Foundation
import NetNames
import Remedies
import Reports
import SenderIdentity
import TestSupport
import Testing

/// What a reader sees in the first minute, over all scenarios.
@Suite struct ScreenTests {
    @Test(arguments: Scenario.names)
    func `the first 24 lines carry verdict, cause, who acts and the record`(name: String) throws {
        let report = try Scenario(name).report()
        let lines = TextReport.render(report).split(
            separator: "\n", omittingEmptySubsequences: false)
        let first = lines.prefix(24)
        let shown = Self.unbroken(first.joined(separator: "\n"))
        let headline = Headline(report)
        // Verdict and cause stand at the top, nothing between them.
        let top = Self.unbroken(headline.status.rawValue + headline.lines.joined())
        #expect(shown.hasPrefix(top), "\(shown)")
        // The first step stands there with its owner, and every other that has a record, whole.
        let plan = try #require(first.firstIndex(of: "What to do"), "\(shown)")
        let owners = try PageModel(report).owners
        #expect(!owners.isEmpty)
        for owner in owners {
            for step in owner.steps where step.number == 1 || step.records != nil {
                let task = Self.unbroken("\(step.number)\(owner.name)\(step.sentence)")
                #expect(Self.unbroken(first[plan...].joined()).contains(task), "\(task): \(shown)")
            }
        }
        for record in report.plan.steps.flatMap(\.records) {
            #expect(shown.contains(Self.unbroken(MasterFilePrinter.line(record))), "\(record)")
        }
    }

    /// Without what a line break adds: blanks, and the parentheses and quotes of master files.
    private static func unbroken(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.filter { !" ()\"\n".unicodeScalars.contains($0) }))
    }

    /// What a reader copies from a narrow terminal: a string that ends on its line.
    @Test(arguments: Scenario.names)
    func `every record on the screen can be read as a zone file`(name: String) throws {
        let report = try Scenario(name).report()
        let records = report.plan.steps.flatMap(\.records)
            .map { Self.unbroken(MasterFilePrinter.line($0)) }
        for width in [60, 80] {
            let lines = TextReport.render(report, .init(width: width)).split(separator: "\n")
            for (place, line) in lines.enumerated().dropLast() where line.hasSuffix(" (") {
                let end = lines[place...].firstIndex { $0.hasSuffix(" )") } ?? place
                // An owner in the first column: the blanks are the screen's.
                let text = lines[place...end].joined(separator: "\n").drop { $0 == " " } + "\n"
                // Not prose, and not a record whose name is still to be chosen.
                guard records.contains(Self.unbroken(String(text))) else { continue }
                let zone = try MasterFileReader.read(Array(text.utf8))
                #expect(zone.entries.count == 1, "\(text)")
            }
        }
    }

    @Test(arguments: Scenario.names)
    func `no line is wider than the terminal, none ends in blanks`(name: String) throws {
        let report = try Scenario(name).report()
        for width in [40, 60, 80, 100] {
            for showsAll in [false, true] {
                let text = TextReport.render(report, .init(width: width, showsAll: showsAll))
                for line in text.split(separator: "\n") {
                    #expect(line.unicodeScalars.count <= width, "\(width): \(line)")
                    #expect(line.last != " ", "\(line)|")
                }
            }
        }
    }

    @Test(arguments: Scenario.names)
    func `colors change nothing but the color`(name: String) throws {
        let report = try Scenario(name).report()
        let plain = TextReport.render(report)
        let colored = TextReport.render(report, .init(isColored: true))
        let stripped = colored.replacing(/\u{1b}\[[0-9;]*m/, with: "")
        #expect(stripped == plain)
        #expect(colored != plain)
    }

    @Test func `a failed look-up is never called an absence`() throws {
        for name in Scenario.names {
            let report = try Scenario(name).report()
            guard report.facts.pointer.lookup?.outcome.failure != nil else { continue }
            let text = TextReport.render(report, .init(showsAll: true))
            #expect(!text.contains("does not have a PTR record"), "\(name)")
            #expect(report.exitCode != 0, "\(name)")
        }
    }

    /// Each page's bold line with its placeholders, against the sentences of the scenarios.
    @Test func `every page quotes the message as it is printed`() throws {
        var sentences: [String: [String]] = [:]
        for name in Scenario.names {
            let json = try ReportJSON.render(try Scenario(name).report())
            let report = try #require(
                JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
            for finding in report["findings"] as? [[String: Any]] ?? [] {
                guard let code = finding["code"] as? String,
                    let message = finding["message"] as? String
                else { continue }
                sentences[code, default: []].append(message)
            }
        }
        for page in FindingPages.pages {
            let lines = page.text.split(separator: "\n")
            let bold = try #require(lines.first { $0.hasPrefix("**") })
            let quoted = bold.drop { $0 == "*" }.prefix { $0 != "*" }
            let pattern = try Regex(Self.pattern(String(quoted)))
            let messages = sentences[page.code] ?? []
            #expect(!messages.isEmpty, "\(page.code) is in no scenario")
            for message in messages {
                #expect(message.wholeMatch(of: pattern) != nil, "\(page.code): \(message)")
            }
        }
    }

    /// Placeholders are words in capitals; article A's X.X.X.X is an address.
    private static func pattern(_ quoted: String) -> String {
        let placeholders: Set = [
            "HELO", "NAME", "ADDRESSES", "ADDRESS", "REASON", "TARGET", "DOMAIN", "KIND", "SOURCE",
            "RULE", "COUNT", "CONFIRMED", "LIMIT", "WHAT", "ABSENCE", "X.X.X.X", "A.B.C.D",
            "ZONE", "CODES",
        ]
        var isFirst = true
        return quoted.split(separator: " ", omittingEmptySubsequences: false).map { word in
            defer { isFirst = false }
            let core = word.trimmingCharacters(in: CharacterSet(charactersIn: ",;:()"))
            // «HELO name HELO»: the protocol word comes first or before name and argument.
            if core == "HELO", isFirst || word == "HELO" && quoted.contains("HELO was") {
                return NSRegularExpression.escapedPattern(for: String(word))
            }
            if placeholders.contains(core) {
                return NSRegularExpression.escapedPattern(for: String(word))
                    .replacingOccurrences(
                        of: NSRegularExpression.escapedPattern(for: core), with: ".+")
            }
            if core.hasPrefix("A.B.C.D") { return ".+" }
            return NSRegularExpression.escapedPattern(for: String(word))
        }.joined(separator: " ")
    }
}
