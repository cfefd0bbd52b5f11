/// Seconds since 1970 as `2026-11-21T01:40:00Z` (RFC 3339).
package enum Timestamp {
    package static func text(_ seconds: Int64) -> String {
        let time = CivilTime(seconds)
        return "\(pad(time.year, 4))-\(pad(time.month, 2))-\(pad(time.day, 2))T"
            + "\(pad(time.hour, 2)):\(pad(time.minute, 2)):\(pad(time.second, 2))Z"
    }

    private static func pad(_ number: Int, _ length: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, length - text.utf8.count)) + text
    }
}
