import DNSModel
import Foundation
import NetNames
import SPF
import Testing

/// What an enemy may publish: the check ends, soon, and asks little.
@Suite struct `A hostile record` {
    private static let client = IPAddress.v4(0xc000_0219)
    private static let bomb = String(repeating: "%{S}", count: 16_000)

    /// A record for every domain of the world, made from its number.
    struct Attack: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let record: @Sendable (Int) -> String

        static let all = [
            Attack(testDescription: "includes itself") { _ in "v=spf1 include:d0.example -all" },
            Attack(testDescription: "has a thousand includes") { number in
                "v=spf1 "
                    + (0..<1000).map { "include:d\((number + $0) % 50).example" }
                    .joined(separator: " ")
            },
            Attack(testDescription: "redirects in a ring") { number in
                "v=spf1 redirect=d\((number + 1) % 50).example"
            },
            Attack(testDescription: "has ten mx of ten names") { number in
                "v=spf1 " + (0..<10).map { "mx:x\(number)-\($0).example" }.joined(separator: " ")
            },
            Attack(testDescription: "doubles at every include") { number in
                "v=spf1 include:d\(2 * number + 1).example include:d\(2 * number + 2).example"
            },
            Attack(testDescription: "is a macro bomb") { _ in
                "v=spf1 exists:\(bomb).example exists:\(bomb).a.example -all exp=\(bomb).example"
            },
            Attack(testDescription: "is a list of 5,000 networks") { _ in
                "v=spf1 " + String(repeating: "ip4:1.1.1.1 ", count: 5000) + "-all"
            },
            Attack(testDescription: "is a list of 30,000 mechanisms") { _ in
                "v=spf1 " + String(repeating: "a ", count: 30_000) + "-all"
            },
            Attack(testDescription: "is a long name") { _ in
                "v=spf1 a:" + String(repeating: "a.", count: 30_000) + "example -all"
            },
            Attack(testDescription: "is many slashes") { _ in
                "v=spf1 a:" + String(repeating: "/", count: 60_000) + "24 -all"
            },
            Attack(testDescription: "is many digits") { _ in
                "v=spf1 exists:%{d" + String(repeating: "9", count: 60_000) + "}.example -all"
            },
            Attack(testDescription: "is many delimiters") { _ in
                "v=spf1 exists:%{d" + String(repeating: ".-+,/_=", count: 8000) + "}.example -all"
            },
            Attack(testDescription: "is spaces") { _ in
                "v=spf1" + String(repeating: " ", count: 60_000)
            },
            Attack(testDescription: "is escapes") { _ in
                "v=spf1 exists:" + String(repeating: "%%", count: 30_000) + ".example -all"
            },
        ]
    }

    @Test(arguments: Attack.all)
    func `ends within 150 questions and half a second`(attack: Attack) throws {
        let sender = Array(String(repeating: "a-", count: 30).utf8)
        let request = SPFRequest(
            mailFrom: sender, at: Array("d0.example".utf8), helo: nil, client: Self.client, time: 0)
        var known: [Question: SPFAnswer] = [:]
        var report: SPFReport?
        let time = Self.processorTime {
            // As the collection does it: evaluated anew after every single answer.
            while report == nil, known.count <= 400 {
                switch SPFEvaluation(request, isTraced: false, known: { [known] in known[$0] }) {
                case .finished(let done): report = done
                case .wants(let questions):
                    guard let question = questions.first(where: { known[$0] == nil }) else {
                        return
                    }
                    known[question] = answer(to: question, attack)
                }
            }
        }
        _ = try #require(report)
        #expect(known.count <= 150)
        #expect(time < .seconds(Self.isOptimized ? 0.5 : 10))
    }

    /// What the work costs this thread, however busy the machine is.
    private static func processorTime(_ work: () -> Void) -> Duration {
        func now() -> Duration {
            var time = timespec()
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
            return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
        }
        let start = now()
        work()
        return now() - start
    }

    private static let isOptimized: Bool = {
        var isDebug = false
        // The condition of an assert is evaluated in debug builds only.
        assert(
            {
                isDebug = true; return true
            }())
        return !isDebug
    }()

    private func answer(to question: Question, _ attack: Attack) -> SPFAnswer {
        let first = question.name.labels.first.map { String(decoding: $0, as: UTF8.self) } ?? ""
        switch question.type {
        case .txt:
            let number = Int(first.dropFirst()) ?? 0
            let data = [RecordData.txt([Array(attack.record(number).utf8)])]
            return .texts(data, SPFSelection(data: data))
        case .mx:
            let exchanges = (0..<10).compactMap { DomainName("\(first)-m\($0).example") }
            return .records(exchanges.map { .mx(preference: 10, exchange: $0) })
        case .ptr: return .void
        default: return .records([.address(.v4(1))])
        }
    }

    @Test func `of twice the length takes about twice the time`() {
        let texts = [
            "a:x.example ", "%", "ip4:192.0.2.0/24 ", "%{d2r}", "x=y ", "/", ":", "a/24//64 ", ".",
        ]
        for text in texts {
            let short = [RecordData.txt([Array(("v=spf1 " + copies(text, 8_000)).utf8)])]
            let long = [RecordData.txt([Array(("v=spf1 " + copies(text, 64_000)).utf8)])]
            var best = [Duration.seconds(60), .seconds(60)]
            for _ in 0..<3 {
                best[0] = min(best[0], Self.processorTime { _ = SPFSelection(data: short) })
                best[1] = min(best[1], Self.processorTime { _ = SPFSelection(data: long) })
            }
            // Eight times the length: quadratic would be 64 times the time.
            #expect(best[1] < best[0] * 24 + .milliseconds(5), "\(text): \(best)")
        }
    }

    private func copies(_ text: String, _ bytes: Int) -> String {
        String(repeating: text, count: bytes / text.utf8.count)
    }
}
