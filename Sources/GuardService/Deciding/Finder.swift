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

    init(_ source: LookupSource, on eventLoop: any EventLoop) {
        switch source {
        case .resolvers(let servers, let named):
            sources = named
            way = .resolvers(SharedCollector(servers: servers, on: eventLoop))
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
