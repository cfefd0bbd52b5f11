import DNSModel
import NetNames
package import SPF

/// What an enemy may publish, for the test of its limits and for the measurement of its cost.
package struct HostileRecord: Sendable, CustomStringConvertible {
    package let description: String
    /// A record for every domain of the world, made from its number.
    private let record: @Sendable (Int) -> String

    private init(_ description: String, record: @escaping @Sendable (Int) -> String) {
        self.description = description
        self.record = record
    }

    private static let bomb = String(repeating: "%{S}", count: 16_000)

    package static let all = [
        HostileRecord("includes itself") { _ in "v=spf1 include:d0.example -all" },
        HostileRecord("has a thousand includes") { number in
            "v=spf1 "
                + (0..<1000).map { "include:d\((number + $0) % 50).example" }
                .joined(separator: " ")
        },
        HostileRecord("redirects in a ring") { number in
            "v=spf1 redirect=d\((number + 1) % 50).example"
        },
        HostileRecord("has ten mx of ten names") { number in
            "v=spf1 " + (0..<10).map { "mx:x\(number)-\($0).example" }.joined(separator: " ")
        },
        HostileRecord("doubles at every include") { number in
            "v=spf1 include:d\(2 * number + 1).example include:d\(2 * number + 2).example"
        },
        HostileRecord("is a macro bomb") { _ in
            "v=spf1 exists:\(bomb).example exists:\(bomb).a.example -all exp=\(bomb).example"
        },
        HostileRecord("is a list of 5,000 networks") { _ in
            "v=spf1 " + String(repeating: "ip4:1.1.1.1 ", count: 5000) + "-all"
        },
        HostileRecord("is a list of 30,000 mechanisms") { _ in
            "v=spf1 " + String(repeating: "a ", count: 30_000) + "-all"
        },
        HostileRecord("is a long name") { _ in
            "v=spf1 a:" + String(repeating: "a.", count: 30_000) + "example -all"
        },
        HostileRecord("is many slashes") { _ in
            "v=spf1 a:" + String(repeating: "/", count: 60_000) + "24 -all"
        },
        HostileRecord("is many digits") { _ in
            "v=spf1 exists:%{d" + String(repeating: "9", count: 60_000) + "}.example -all"
        },
        HostileRecord("is many delimiters") { _ in
            "v=spf1 exists:%{d" + String(repeating: ".-+,/_=", count: 8000) + "}.example -all"
        },
        HostileRecord("is spaces") { _ in
            "v=spf1" + String(repeating: " ", count: 60_000)
        },
        HostileRecord("is escapes") { _ in
            "v=spf1 exists:" + String(repeating: "%%", count: 30_000) + ".example -all"
        },
    ]

    /// How an evaluation ended.
    package struct Course: Sendable {
        /// Nil where it did not end within ``mostQuestions``.
        package let report: SPFReport?
        package let questions: Int
    }

    /// Far beyond what an evaluation may ask, so that a missing limit shows.
    private static let mostQuestions = 400

    /// Evaluates MAIL FROM at the first domain, anew after every single answer: as a collection does
    /// it that gets its answers one by one.
    package func evaluate() -> Course {
        let sender = Array(String(repeating: "a-", count: 30).utf8)
        let request = SPFRequest(
            mailFrom: sender, at: Array("d0.example".utf8), helo: nil, client: .v4(0xc000_0219),
            time: 0)
        var known: [Question: SPFAnswer] = [:]
        while known.count <= Self.mostQuestions {
            switch SPFEvaluation(request, isTraced: false, known: { [known] in known[$0] }) {
            case .finished(let report): return Course(report: report, questions: known.count)
            case .wants(let questions):
                guard let question = questions.first(where: { known[$0] == nil }) else {
                    return Course(report: nil, questions: known.count)
                }
                known[question] = answer(to: question)
            }
        }
        return Course(report: nil, questions: known.count)
    }

    private func answer(to question: Question) -> SPFAnswer {
        let first = question.name.labels.first.map { String(decoding: $0, as: UTF8.self) } ?? ""
        switch question.type {
        case .txt:
            let number = Int(first.dropFirst()) ?? 0
            let data = [RecordData.txt([Array(record(number).utf8)])]
            return .texts(data, SPFSelection(data: data))
        case .mx:
            let exchanges = (0..<10).compactMap { DomainName("\(first)-m\($0).example") }
            return .records(exchanges.map { .mx(preference: 10, exchange: $0) })
        case .ptr: return .void
        default: return .records([.address(.v4(1))])
        }
    }
}
