import NetNames
package import ReceiverModels
import SenderIdentity

/// Another way to help than the plan's, simulated like it.
package struct Alternative: Sendable {
    package let kind: Kind
    package let steps: [RemedyStep]
    /// What the receivers do then.
    package let after: [SimulatedReply]

    package enum Kind: String, Hashable, Sendable, CaseIterable {
        case changeHELO = "change-helo"
        case changePointer = "change-ptr"
        case publishAddress = "publish-address"
        /// Delegate the zone that a dangling reverse alias was meant for.
        case delegateBlock = "delegate-block"
    }

    /// Who has to act, without those whose side is right already.
    package var owners: Set<RemedyStep.Owner> {
        Set(
            steps.compactMap { step in
                if case .addressIsRight = step.action { return nil }
                return step.owner
            })
    }

    /// Rules that refused, deferred or wavered before and accept then.
    package func accepted(among before: [SimulatedReply]) -> [SimulatedReply] {
        Improvement.accepted(before, after)
    }

    /// Rules that still do not accept, though they could be told before.
    package func stillRefusing(among before: [SimulatedReply]) -> [SimulatedReply] {
        Improvement.stillRefusing(before, after)
    }
}

/// What a change does to the receivers, rule by rule.
enum Improvement {
    static func accepted(_ before: [SimulatedReply], _ after: [SimulatedReply]) -> [SimulatedReply]
    {
        zip(before, after).compactMap { old, new in
            old.outcome != .accept && old.outcome != .cannotTell && new.outcome == .accept
                ? new : nil
        }
    }

    static func stillRefusing(
        _ before: [SimulatedReply], _ after: [SimulatedReply]
    ) -> [SimulatedReply] {
        zip(before, after).compactMap { old, new in
            [.accept, .cannotTell].contains(old.outcome) || new.outcome == .accept ? nil : new
        }
    }
}

extension Planner {
    /// The other ways: change HELO, publish the address, change the PTR record.
    ///
    /// None where nothing has to be done, or where the reverse side could not be looked up.
    var alternatives: [(kind: Alternative.Kind, steps: [RemedyStep])] {
        guard facts.isAsked, let outcome = facts.pointer.lookup?.outcome, outcome.failure == nil,
            steps.map(\.action) != [.nothing]
        else { return [] }
        var found: [(kind: Alternative.Kind, steps: [RemedyStep])] = []
        if let helo = facts.helo, let name = properConfirmedName, helo.argument.name != name {
            found.append((.changeHELO, [RemedyStep(.mailServerAdmin, .setHELO(name))]))
        }
        // A pool's hosts have names of their own; one shared name is what refuses them.
        if case .sharedPool = facts.topology { return found }
        if let steps = delegatedBlock { found.append((.delegateBlock, steps)) }
        let ownHELO = heloIsOwn ? facts.helo?.argument.name : nil
        if let name = ownHELO, facts.helo?.match != .toClient {
            found.append((.publishAddress, [publishing(name, after: facts.helo?.addresses)]))
        }
        if facts.pointer.count == 1, let only = facts.pointer.names.first, isOwn(only),
            only.match != .confirmed, !only.isUnknown, only.name != ownHELO,
            mayHaveAddress(only.name, only.addresses)
        {
            found.append((.publishAddress, [publishing(only.name, after: only.addresses)]))
        }
        if let name = ownHELO, outcome.answers != nil,
            !facts.pointer.confirmedNames.contains(name), !isOnlyPointer(name)
        {
            found.append((.changePointer, replacement(by: name)))
        }
        return found
    }

    /// Whether the PTR record says this name and no other, so that there is nothing to change.
    private func isOnlyPointer(_ name: DomainName) -> Bool {
        facts.pointer.count == 1 && facts.pointer.names.first?.name == name
    }
}
