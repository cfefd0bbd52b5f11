import Synchronization

/// The Date header (RFC 9110 §5.6.7), made once a second.
final class HTTPDate: Sendable {
    private struct State {
        var second: Int64 = .min
        var text = ""
    }

    private let clock: @Sendable () -> Int64
    private let state = Mutex(State())

    /// - Parameter clock: Seconds since 1970-01-01 UTC.
    init(clock: @escaping @Sendable () -> Int64) {
        self.clock = clock
    }

    var text: String {
        let now = clock()
        return state.withLock { state in
            if state.second != now { state = State(second: now, text: Self.text(of: now)) }
            return state.text
        }
    }

    private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// `Sat, 21 Nov 2026 05:30:00 GMT`; the civil date by Hinnant's days_from_civil, turned round.
    static func text(of second: Int64) -> String {
        let day = second >= 0 ? second / 86_400 : (second - 86_399) / 86_400
        let time = second - day * 86_400
        let shifted = day + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let dayOfMonth = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        let weekday = days[Int(((day % 7) + 7) % 7)]
        return "\(weekday), \(two(dayOfMonth)) \(months[Int(month) - 1]) \(year)"
            + " \(two(time / 3600)):\(two(time / 60 % 60)):\(two(time % 60)) GMT"
    }

    private static func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
