import Reports
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

    private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// `Sat, 21 Nov 2026 05:30:00 GMT`.
    private static func text(of second: Int64) -> String {
        let time = CivilTime(second)
        return "\(days[time.weekday]), \(two(time.day)) \(months[time.month - 1]) \(time.year)"
            + " \(two(time.hour)):\(two(time.minute)):\(two(time.second)) GMT"
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
