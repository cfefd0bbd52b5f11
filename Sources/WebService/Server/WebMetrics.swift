import Synchronization

/// Counters for Prometheus (text format 0.0.4): no names or addresses as labels.
final class WebMetrics: Sendable {
    private struct Request: Hashable {
        let route: String
        let status: Int
    }

    private struct State {
        var requests: [Request: Int] = [:]
        var checks = 0
        var checkSeconds = 0.0
        var buckets: [Int]
        var kept = 0
        var refused = 0
        var storeFailures = 0
        var rendered = 0
        var mails = 0
    }

    /// Seconds; a check is waiting for DNS, at most the deadline of 60.
    private static let bounds = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60]

    private let state = Mutex(State(buckets: bounds.map { _ in 0 }))

    func countRequest(route: String, status: Int) {
        state.withLock { $0.requests[Request(route: route, status: status), default: 0] += 1 }
    }

    func countCheck(took time: Duration) {
        let (seconds, attoseconds) = time.components
        let value = Double(seconds) + Double(attoseconds) / 1e18
        state.withLock { state in
            state.checks += 1
            state.checkSeconds += value
            for (index, bound) in Self.bounds.enumerated() where value <= bound {
                state.buckets[index] += 1
            }
        }
    }

    func countKept() { state.withLock { $0.kept += 1 } }

    func countRefused() { state.withLock { $0.refused += 1 } }

    func countStoreFailure() { state.withLock { $0.storeFailures += 1 } }

    func countRendered() { state.withLock { $0.rendered += 1 } }
    func countMail() { state.withLock { $0.mails += 1 } }

    /// The page, with gauges that only the caller knows.
    func text(checksUnderWay: Int) -> String {
        let state = state.withLock { $0 }
        var text = """
            # HELP heloscope_http_requests_total Requests answered, by route and status.
            # TYPE heloscope_http_requests_total counter

            """
        for (request, count) in state.requests.sorted(by: {
            ($0.key.route, $0.key.status) < ($1.key.route, $1.key.status)
        }) {
            text += "heloscope_http_requests_total{route=\"\(request.route)\","
            text += "status=\"\(request.status)\"} \(count)\n"
        }
        text += """
            # HELP heloscope_check_seconds Time to collect the evidence of a check.
            # TYPE heloscope_check_seconds histogram

            """
        for (bound, count) in zip(Self.bounds, state.buckets) {
            text += "heloscope_check_seconds_bucket{le=\"\(bound)\"} \(count)\n"
        }
        text += """
            heloscope_check_seconds_bucket{le="+Inf"} \(state.checks)
            heloscope_check_seconds_sum \(state.checkSeconds)
            heloscope_check_seconds_count \(state.checks)
            # HELP heloscope_checks_under_way Checks that wait for DNS.
            # TYPE heloscope_checks_under_way gauge
            heloscope_checks_under_way \(checksUnderWay)
            # HELP heloscope_reports_kept_total Reports kept.
            # TYPE heloscope_reports_kept_total counter
            heloscope_reports_kept_total \(state.kept)
            # HELP heloscope_rate_limited_total Requests refused by the rate limit.
            # TYPE heloscope_rate_limited_total counter
            heloscope_rate_limited_total \(state.refused)
            # HELP heloscope_store_failures_total Reports that could not be kept or read.
            # TYPE heloscope_store_failures_total counter
            heloscope_store_failures_total \(state.storeFailures)
            # HELP heloscope_rendered_total Reports and articles rendered; others were ready.
            # TYPE heloscope_rendered_total counter
            heloscope_rendered_total \(state.rendered)
            # HELP heloscope_mails_total Mails judged that came to a one-time address.
            # TYPE heloscope_mails_total counter
            heloscope_mails_total \(state.mails)

            """
        return text
    }
}
