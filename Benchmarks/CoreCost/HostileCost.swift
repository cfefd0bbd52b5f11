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
    }
}
