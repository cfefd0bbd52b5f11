import GuardDecisions
import NIOCore
import Resolution
import SenderIdentity

/// Collects what a plan wants, from resolvers or from zone files.
final class Finder {
    private let sources: [Evidence.Source]
    private let way: Way

    private enum Way {
        case resolvers(SharedCollector)
        case scripted(ScriptedLookup)
    }

    /// Open tries of a question that nobody answers, on average until its deadline.
    private static let triesPerLookup = 3

    init(_ options: GuardOptions, on eventLoop: any EventLoop) {
        switch options.source {
        case .resolvers(let servers, let named):
            sources = named
            var limits = SharedLimits()
            // At most half of the ids of every port, so that a free one is found soon.
            limits.window = min(
                max(limits.window, options.limits.lookups * Self.triesPerLookup),
                limits.ports << 15)
            // The cache of decisions would be told of it again, otherwise.
            limits.answerMemory = options.cache.ceiling
            limits.absenceMemory = options.cache.negativeCeiling
            way = .resolvers(SharedCollector(servers: servers, on: eventLoop, limits: limits))
        case .scripted(let named, let lookUp):
            sources = named
            way = .scripted(lookUp)
        }
    }

    /// Gives the evidence once; perhaps before this returns.
    func find(
        _ plan: GuardPlan, startedAt: Int64, deadline: Duration,
        completion: @escaping (Evidence) -> Void
    ) {
        let empty = Evidence(startedAt: startedAt, sources: sources)
        switch way {
        case .resolvers(let collector):
            collector.collect(
                empty, deadline: deadline, next: plan.questions,
                isEnough: plan.isSettled, completion: completion)
        case .scripted(let lookUp):
            completion(lookUp(empty, deadline, plan.questions))
        }
    }

    var counts: SharedCollector.Counts? {
        if case .resolvers(let collector) = way { collector.counts } else { nil }
    }

    func shutDown() {
        if case .resolvers(let collector) = way { collector.shutDown() }
    }
}
