import GuardDecisions
import NIOCore
import Resolution

/// The page for Prometheus (text format 0.0.4).
struct MetricsText {
    private(set) var text = ""

    mutating func family(_ name: String, _ kind: String, _ help: String) {
        text += "# HELP heloscope_\(name) \(help)\n# TYPE heloscope_\(name) \(kind)\n"
    }

    /// Label values are words of ours: letters, digits, hyphens.
    mutating func value(_ name: String, _ labels: [(String, String)] = [], _ value: some Any) {
        let list = labels.map { "\($0.0)=\"\($0.1)\"" }.joined(separator: ",")
        text += "heloscope_\(name)" + (list.isEmpty ? "" : "{\(list)}") + " \(value)\n"
    }
}

extension Desk {
    /// Gathers the numbers of all lanes.
    /// - Parameters:
    ///   - eventLoop: The caller's.
    ///   - completion: Called there.
    func metricsText(on eventLoop: any EventLoop, completion: @escaping (String) -> Void) {
        let counts = lanes.map { lane in lane.eventLoop.submit { lane.value.numbers } }
        EventLoopFuture.whenAllSucceed(counts, on: eventLoop).assumeIsolated().whenSuccess {
            completion(self.text($0))
        }
    }

    private func text(_ lanes: [Lane.Numbers]) -> String {
        let state = metrics.snapshot
        var page = MetricsText()
        page.family("build_info", "gauge", "The version that runs.")
        page.value("build_info", [("version", options.version)], 1)
        page.decisions(state)
        page.connections(state)
        page.family("guard_dns_queries_total", "counter", "Queries sent over UDP.")
        page.value("guard_dns_queries_total", [], lanes.reduce(0) { $0 + ($1.dns?.sent ?? 0) })
        page.family("guard_dns_strays_total", "counter", "Datagrams that answer no open query.")
        page.value("guard_dns_strays_total", [], lanes.reduce(0) { $0 + ($1.dns?.strays ?? 0) })
        page.family("guard_dns_sockets", "gauge", "Sockets open to resolvers.")
        page.value("guard_dns_sockets", [], lanes.reduce(0) { $0 + ($1.dns?.sockets ?? 0) })
        page.family("guard_lookups_total", "counter", "Questions asked of the DNS, by outcome.")
        for (word, count) in state.lookups.words.sorted(by: { $0.word < $1.word }) {
            page.value("guard_lookups_total", [("outcome", word)], count)
        }
        page.family("guard_waiting", "gauge", "Requests that wait for look-ups.")
        page.value("guard_waiting", [], lanes.reduce(0) { $0 + $1.waiting })
        cache(to: &page)
        page.family("guard_shared_cache_total", "counter", "Dealings with the shared cache.")
        for (word, count) in state.shared.sorted(by: { $0.key < $1.key }) {
            page.value("guard_shared_cache_total", [("event", word)], count)
        }
        page.family("guard_reloads_total", "counter", "Reloads of the settings.")
        page.value("guard_reloads_total", [("result", "applied")], state.reloads[true] ?? 0)
        page.value("guard_reloads_total", [("result", "refused")], state.reloads[false] ?? 0)
        page.family("guard_log_dropped_total", "counter", "Decisions that were not logged.")
        page.value("guard_log_dropped_total", [], log.dropped)
        return page.text
    }

    private func cache(to page: inout MetricsText) {
        let counters = cacheCounters
        page.family("guard_cache_entries", "gauge", "Clients remembered.")
        page.value("guard_cache_entries", [], cacheCount)
        page.family("guard_cache_events_total", "counter", "What was found in the cache.")
        for (word, count) in [
            ("hit", counters.hits), ("miss", counters.misses), ("join", counters.joins),
            ("eviction", counters.evictions), ("admitted", counters.admitted),
            ("spared", counters.spared),
        ] {
            page.value("guard_cache_events_total", [("event", word)], count)
        }
    }
}

extension MetricsText {
    fileprivate mutating func decisions(_ state: GuardMetrics.State) {
        family("guard_decisions_total", "counter", "Decisions, by protocol and verdict of iprev.")
        sum(state, "guard_decisions_total", "verdict") { $0.verdict }
        family("guard_actions_total", "counter", "Decisions, by protocol and what was done.")
        sum(state, "guard_actions_total", "action") { $0.action }
        family("guard_sources_total", "counter", "Decisions, by where their facts are from.")
        sum(state, "guard_sources_total", "source") { $0.source.rawValue }
        family("guard_troubles_total", "counter", "Decisions for want of an answer of our own.")
        for trouble in GuardTrouble.allCases {
            value(
                "guard_troubles_total", [("reason", trouble.rawValue)],
                state.troubles[trouble] ?? 0)
        }
        family("guard_would_total", "counter", "In dry runs, what would have been done.")
        for (word, count) in state.wouldBe.sorted(by: { $0.key < $1.key }) {
            value("guard_would_total", [("action", word)], count)
        }
        family("guard_decision_seconds", "histogram", "From a request to its answer.")
        for speaks in GuardProtocol.allCases { histogram(state, speaks) }
    }

    private mutating func histogram(_ state: GuardMetrics.State, _ speaks: GuardProtocol) {
        let name = "guard_decision_seconds"
        let label = ("protocol", speaks.rawValue)
        let total = state.decided.reduce(0) { $0 + ($1.key.speaks == speaks ? $1.value : 0) }
        guard total > 0 else { return }
        var sum = 0
        for (bound, count) in zip(GuardMetrics.bounds, state.buckets[speaks.index]) {
            sum += count
            value(name + "_bucket", [label, ("le", "\(bound)")], sum)
        }
        value(name + "_bucket", [label, ("le", "+Inf")], total)
        value(name + "_sum", [label], state.seconds[speaks.index])
        value(name + "_count", [label], total)
    }

    private mutating func sum(
        _ state: GuardMetrics.State, _ name: String, _ label: String,
        of word: (GuardMetrics.Decided) -> String
    ) {
        for speaks in GuardProtocol.allCases {
            var counts: [String: Int] = [:]
            for (decided, count) in state.decided where decided.speaks == speaks {
                counts[word(decided), default: 0] += count
            }
            for (word, count) in counts.sorted(by: { $0.key < $1.key }) {
                value(name, [("protocol", speaks.rawValue), (label, word)], count)
            }
        }
    }

    fileprivate mutating func connections(_ state: GuardMetrics.State) {
        let families: [(String, String, String, [Int])] = [
            ("guard_connections", "gauge", "Connections open.", state.connections),
            ("guard_connections_total", "counter", "Connections accepted.", state.accepted),
            (
                "guard_connections_refused_total", "counter",
                "Connections closed at once, because there were too many.",
                state.refusedConnections
            ),
        ]
        for (name, kind, help, numbers) in families {
            family(name, kind, help)
            for speaks in GuardProtocol.allCases {
                value(name, [("protocol", speaks.rawValue)], numbers[speaks.index])
            }
        }
        family("guard_session_ends_total", "counter", "How sessions ended.")
        for speaks in GuardProtocol.allCases {
            for end in FilterEnd.allCases {
                guard let count = state.ends[.init(speaks: speaks, end: end)] else { continue }
                value(
                    "guard_session_ends_total",
                    [("protocol", speaks.rawValue), ("end", end.rawValue)], count)
            }
        }
        family("guard_warnings_total", "counter", "Odd things that mail servers said.")
        for speaks in GuardProtocol.allCases {
            for warning in FilterWarning.allCases {
                let key = GuardMetrics.SessionWarning(speaks: speaks, warning: warning)
                guard let count = state.warnings[key] else { continue }
                value(
                    "guard_warnings_total",
                    [("protocol", speaks.rawValue), ("kind", warning.rawValue)], count)
            }
        }
    }
}
