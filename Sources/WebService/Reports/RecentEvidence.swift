package import SenderIdentity

/// Evidence of the last minute, by its subject: a reload is no new check.
///
/// Bounded in bytes: whoever controls a zone decides how long its answers are.
package struct RecentEvidence {
    private struct Entry {
        let evidence: Evidence
        let weight: Int
        let at: ContinuousClock.Instant
    }

    private var entries: [Subject: Entry] = [:]
    /// From the oldest to the newest; each subject once.
    private var order: [Subject] = []
    private var bytes = 0

    package static let freshness = Duration.seconds(60)
    /// A busy minute's worth at the hourly rate is three megabytes.
    package static let mostBytes = 32 << 20

    package init() {}

    package func evidence(about subject: Subject, at now: ContinuousClock.Instant) -> Evidence? {
        guard let entry = entries[subject], now - entry.at < Self.freshness else { return nil }
        return entry.evidence
    }

    /// Notes new evidence, and forgets what is old or too much.
    package mutating func note(
        _ evidence: Evidence, about subject: Subject, at now: ContinuousClock.Instant
    ) {
        forget(subject)
        let entry = Entry(evidence: evidence, weight: evidence.weight, at: now)
        entries[subject] = entry
        order.append(subject)
        bytes += entry.weight
        forgetOld(at: now)
        while bytes > Self.mostBytes, let oldest = order.first { forget(oldest) }
    }

    package mutating func forgetOld(at now: ContinuousClock.Instant) {
        while let oldest = order.first, let entry = entries[oldest],
            now - entry.at >= Self.freshness
        {
            forget(oldest)
        }
    }

    private mutating func forget(_ subject: Subject) {
        guard let entry = entries.removeValue(forKey: subject) else { return }
        bytes -= entry.weight
        if let index = order.firstIndex(of: subject) { order.remove(at: index) }
    }
}
