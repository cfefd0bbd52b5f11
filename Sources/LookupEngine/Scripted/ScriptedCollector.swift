package import SenderIdentity

/// Collects evidence from a scripted network, in virtual time and without waiting.
package enum ScriptedCollector {
    /// Asks whatever the planner wants until nothing is on its way.
    /// - Parameters:
    ///   - startedAt: Seconds since 1970-01-01 UTC, for the evidence.
    ///   - sources: What the evidence names as its sources.
    ///   - network: The servers; its clock moves on.
    ///   - deadline: Time for everything, on the network's clock.
    ///   - cache: Answers of earlier verdicts.
    ///   - mostBytes: Answers beyond are not kept.
    ///   - next: What is worth asking now, given the evidence so far.
    /// - Returns: The evidence, complete: every question asked has an observation.
    package static func collect(
        startedAt: Int64, sources: [Evidence.Source], network: inout ScriptedNetwork,
        deadline: Duration = LookupTimes.deadline, cache: inout AnswerCache,
        mostBytes: Int = EvidenceLimits.bytes, next: (Evidence) -> [PlannedQuestion]
    ) -> Evidence {
        withoutActuallyEscaping(next) { next in
            let evidence = Evidence(startedAt: startedAt, sources: sources)
            let machine = DNSMachine(
                servers: network.servers.map(\.label), deadline: network.now + deadline,
                asksAboutSpecialAddresses: !evidence.isOfSystemResolvers)
            var run = CollectionRun(
                machine: machine, evidence: evidence, mostBytes: mostBytes, next: next)
            var generator = network.clientGenerator()
            var actions = run.begin(at: network.now, cache: &cache, using: &generator)
            while true {
                for action in actions { network.perform(action) }
                guard !run.isComplete, let event = network.nextEvent() else { break }
                actions = run.handle(event, at: network.now, cache: &cache, using: &generator)
            }
            network.forget()
            return run.evidence
        }
    }

    /// The same with a cache of its own.
    package static func collect(
        startedAt: Int64, sources: [Evidence.Source], network: inout ScriptedNetwork,
        deadline: Duration = LookupTimes.deadline, mostBytes: Int = EvidenceLimits.bytes,
        next: (Evidence) -> [PlannedQuestion]
    ) -> Evidence {
        var cache = AnswerCache()
        return collect(
            startedAt: startedAt, sources: sources, network: &network, deadline: deadline,
            cache: &cache, mostBytes: mostBytes, next: next)
    }
}
