import NetNames
import SenderIdentity

/// Sentences and phrases about the walk to the keeper of the reverse zone.
enum WalkWording {
    /// `ns2.isp.example (192.0.2.3) is lame`, up to three, and how many more.
    static func list(_ servers: [DelegationTrace.ServerReply]) -> String {
        let shown = servers.prefix(3).map { "\(named($0)) \(verb($0.reply))" }
            .joined(separator: ", ")
        return servers.count > 3 ? "\(shown) and \(servers.count - 3) more" : shown
    }

    /// What each says, resolvers last.
    static func words(_ disagreement: ReverseTreeFacts.Disagreement) -> String {
        var words = disagreement.words.prefix(3).map {
            "\(named($0.server)) says \(phrase($0.answer))"
        }
        if let answer = disagreement.resolvers {
            words.append("the resolvers say \(phrase(answer))")
        }
        return words.joined(separator: ", ")
    }

    /// The finding of the reverse tree, as a cause of what receivers see.
    static func cause(_ facts: IdentityFacts) -> String? {
        guard facts.pointer.writtenForwards == nil else { return nil }
        let tree = Check.all.first { $0.group == .reverseTree }
        return tree?.findings(facts).first.map { Messages.message(for: $0, in: facts) }
    }

    /// `2 of 2 authoritative servers agree`, where they do.
    static func agreement(_ facts: IdentityFacts) -> String? {
        guard let keeper = facts.reverseTree?.keeper, keeper.agreeing > 0 else { return nil }
        if keeper.asked == 1 { return "the only authoritative server agrees" }
        return "\(keeper.agreeing) of \(keeper.asked) authoritative servers agree"
    }

    static func named(_ server: DelegationTrace.ServerReply) -> String {
        server.address.map { "\(server.name) (\($0))" } ?? "\(server.name)"
    }

    static func phrase(_ answer: ReverseTreeFacts.Answer) -> String {
        switch answer {
        case .names(let names):
            names.prefix(2).map(\.description).joined(separator: " and ")
                + (names.count > 2 ? " and \(names.count - 2) more" : "")
        case .alias(let target): "it is an alias of \(target)"
        case .absent: "there is none"
        case .referral(let zone): "ask the servers of \(zone)"
        }
    }

    static func phrase(_ end: ReverseTreeFacts.DeadEnd) -> String {
        switch end {
        case .denied(let zone): "\(zone) denies it"
        case .loop: Causes.phrase(LookupFailure.aliasLoop)
        }
    }

    private static func verb(_ reply: DelegationTrace.Reply) -> String {
        switch reply {
        case .lame: "is lame"
        case .failed(.timeout): "is silent"
        case .failed(.unreachable): "cannot be reached"
        case .failed(.refused): "refuses"
        case .failed(let failure): "fails (\(Causes.phrase(failure)))"
        case .noAddress: "has no address"
        case .unknownAddress: "could not be found: the look-up of its address failed"
        case .refusedAddress: "has an address of special purpose"
        case .answers, .alias, .noData, .noSuchName, .referral: "answers"
        }
    }

    /// A server's reply in a table.
    static func phrase(_ reply: DelegationTrace.Reply) -> String {
        switch reply {
        case .referral(let zone): "refers to \(zone)"
        case .answers(let names, _): "answers \(phrase(.names(names)))"
        case .alias(let target, _): "alias of \(target)"
        case .noData: "answers NODATA"
        case .noSuchName: "answers NXDOMAIN"
        case .lame: "lame: no authority for the zone"
        case .failed(.timeout): "silent"
        case .failed(.unreachable): "cannot be reached"
        case .failed(let failure): Causes.phrase(failure)
        case .noAddress: "its name has no address"
        case .unknownAddress: "not asked: its address was not found out"
        case .refusedAddress: "not asked: an address of special purpose"
        }
    }

    static func phrase(_ limit: DelegationTrace.Limit) -> String {
        switch limit {
        case .packets: "\(EvidenceLimits.delegationPackets) packets for the walk"
        case .time: "the time for the walk"
        case .servers: "the number of servers of one zone"
        case .serverNames: "the number of servers' names looked up"
        case .cuts: "the number of zones below each other"
        case .aliases: "\(EvidenceLimits.aliases) aliases in a row"
        }
    }

    static func phrase(_ confidence: ReverseTreeFacts.Confidence) -> String {
        switch confidence {
        case .certain: "certain: its servers answer with authority"
        case .disputed: "disputed: servers contradict each other"
        case .delegated: "delegated, but no server answers for it"
        case .registry: "a registry's: the range is delegated to nobody"
        }
    }
}
