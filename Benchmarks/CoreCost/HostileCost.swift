import DNSModel
import FuzzEntries
import SPF

/// Measures what each hostile record of SPF costs, evaluated anew after every answer.
enum HostileCost {
    /// Milliseconds of CPU: nobody may keep a receiver busier with one record.
    static let target = 500.0

    /// Prints the costs, the dearest first, and what was exceeded.
    static func isWithinTarget() -> Bool {
        let costs = HostileRecord.all.map { record in
            let start = CoreCost.processorTime()
            let course = record.evaluate()
            let milliseconds = Double(CoreCost.processorTime() - start) / 1_000_000
            return (record: record, course: course, milliseconds: milliseconds)
        }
        let dearest = costs.map(\.milliseconds).max() ?? 0
        print(
            "\(costs.count) hostile records of SPF, the dearest: \(CoreCost.decimals(dearest)) ms"
                + "  target \(target) ms")
        for cost in costs.sorted(by: { $0.milliseconds > $1.milliseconds }) {
            let end = cost.course.report.map(\.result.rawValue) ?? "no end"
            print(
                "  \(CoreCost.decimals(cost.milliseconds)) ms, \(cost.course.questions) questions:"
                    + " \(cost.record) (\(end))")
        }
        return costs.allSatisfy { $0.course.report != nil } && dearest <= target
            && isInProportion()
    }

    /// Of eight times the length; quadratic work would take 64 times as long.
    private static let mostGrowth = 24.0

    /// Prints which repeated text's time grows most with its length.
    private static func isInProportion() -> Bool {
        let texts = [
            "a:x.example ", "%", "ip4:192.0.2.0/24 ", "%{d2r}", "x=y ", "/", ":", "a/24//64 ", ".",
        ]
        let growths = texts.map { text in
            (text: text, growth: reading(text, bytes: 64_000) / reading(text, bytes: 8_000))
        }
        guard let worst = growths.max(by: { $0.growth < $1.growth }) else { return false }
        print(
            "reading a record of eight times the length, \"\(worst.text)\" repeated:"
                + " \(CoreCost.decimals(worst.growth)) × as long  target \(mostGrowth)")
        return worst.growth <= mostGrowth
    }

    /// Nanoseconds of CPU to read a record of a repeated text, the least of many.
    private static func reading(_ text: String, bytes: Int) -> Double {
        let body = String(repeating: text, count: bytes / text.utf8.count)
        let data = [RecordData.txt([Array(("v=spf1 " + body).utf8)])]
        let times = (0..<20).map { _ in
            let start = CoreCost.processorTime()
            _ = SPFSelection(data: data)
            return Double(CoreCost.processorTime() - start)
        }
        return max(1, times.min() ?? 1)
    }
}
