import FilterProtocols
import NetNames
package import ReceiverModels
import SenderIdentity

/// The administrator's rules, checked and ready: what is done with which client.
///
/// A value: a reload builds new rules beside the old ones, and where that throws the old ones stay.
///
/// Its parts are behind one reference: they are handed on with every question.
package struct GuardRules: Hashable, Sendable {
    private let parts: Parts

    private final class Parts: Sendable {
        let policy: GuardPolicy
        let isDryRun: Bool
        let urlBase: String
        let blocks: BlockTable
        let domains: Set<DomainName>
        let heloDomains: Set<DomainName>
        let looksUpSpecialRanges: Bool

        init(
            _ policy: GuardPolicy, isDryRun: Bool, _ urlBase: String, _ blocks: BlockTable,
            _ domains: Set<DomainName>, helo: Set<DomainName>, looksUpSpecialRanges: Bool
        ) {
            self.policy = policy
            self.isDryRun = isDryRun
            self.urlBase = urlBase
            self.blocks = blocks
            self.domains = domains
            heloDomains = helo
            self.looksUpSpecialRanges = looksUpSpecialRanges
        }
    }

    package var policy: GuardPolicy { parts.policy }
    /// Decides as always, accepts whatever was decided, and says what it would have done.
    package var isDryRun: Bool { parts.isDryRun }
    package var urlBase: String { parts.urlBase }
    var blocks: BlockTable { parts.blocks }
    var domains: Set<DomainName> { parts.domains }
    var heloDomains: Set<DomainName> { parts.heloDomains }

    /// The rules of the profile `honest` without exceptions.
    package static let honest = GuardRules(policy: .honest)

    init(
        policy: GuardPolicy, isDryRun: Bool = false, urlBase: String = "",
        blocks: BlockTable = BlockTable(), domains: Set<DomainName> = [],
        heloDomains: Set<DomainName> = [], looksUpSpecialRanges: Bool = false
    ) {
        parts = Parts(
            policy, isDryRun: isDryRun, urlBase, blocks, domains, helo: heloDomains,
            looksUpSpecialRanges: looksUpSpecialRanges)
    }

    package static func == (left: GuardRules, right: GuardRules) -> Bool {
        let (left, right) = (left.parts, right.parts)
        return left === right
            || left.policy == right.policy && left.isDryRun == right.isDryRun
                && left.urlBase == right.urlBase && left.blocks == right.blocks
                && left.domains == right.domains && left.heloDomains == right.heloDomains
                && left.looksUpSpecialRanges == right.looksUpSpecialRanges
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(parts.policy)
        hasher.combine(parts.domains)
    }

    /// Whether every PTR name must be looked up, because any of them may be an exception.
    package var needsEveryName: Bool { !domains.isEmpty }

    /// Whether these facts, perhaps found under other rules, say all that is needed here.
    package func areEnough(_ facts: GuardFacts) -> Bool { !needsEveryName || facts.hasEveryName }

    /// Whether what a client says as HELO may be an exception.
    var acceptsByHELO: Bool { !heloDomains.isEmpty }

    /// Whom nothing is asked about: special-purpose addresses, authenticated clients, exceptions by
    /// address.
    /// - Returns: Nil where the client's DNS decides.
    package func decisionWithoutLookup(for request: GuardRequest) -> GuardDecision? {
        guard let exemption = exemption(of: request) else { return nil }
        return GuardDecision(
            client: request.client, action: .accept, basis: .exemption(exemption))
    }

    private func exemption(of request: GuardRequest) -> GuardDecision.Exemption? {
        if request.isAuthenticated { return .authenticated }
        if !parts.looksUpSpecialRanges, SpecialAddresses.excludesPublicReverse(request.client) {
            return .specialPurpose
        }
        return blocks.contains(request.client) ? .addressBlock : nil
    }

    /// The decision on what was found out.
    ///
    /// 1. The policy's action.
    /// 2. An exception by confirmed name or by HELO takes it back.
    /// 3. Mail to postmaster is only marked.
    /// 4. In a dry run all mail is accepted.
    ///
    /// Where our own resolvers failed, the decision says so: the policy only marks the mail then.
    package func decision(for request: GuardRequest, on facts: GuardFacts) -> GuardDecision {
        var (wanted, codes) = parts.policy.decision(on: facts)
        var basis = facts.isOurTrouble ? GuardDecision.Basis.trouble(.resolvers) : .evidence
        if wanted == .accept {
            return GuardDecision(
                client: request.client, action: .accept, basis: basis, facts: facts)
        }
        if wanted == .refuse, mayHideException(facts, of: request) { wanted = .defer }
        var action = reply(to: request, wanted, codes)
        if let exemption = exemption(of: request, by: facts) {
            action = .accept
            basis = .exemption(exemption)
        } else if action.keepsOut, request.isForPostmaster {
            action = .addHeader
            basis = .exemption(.postmaster)
        }
        return GuardDecision(
            client: request.client, action: isDryRun ? .accept : action, basis: basis,
            because: codes, facts: facts,
            wouldBe: isDryRun && action != .accept ? action : nil)
    }

    /// The decision when the guard could not find out: accepted, whatever the profile.
    package func decision(
        for request: GuardRequest, despite trouble: GuardTrouble
    ) -> GuardDecision {
        GuardDecision(client: request.client, action: .accept, basis: .trouble(trouble))
    }

    /// Whether these facts would keep mail out, for now or for good.
    package func restrains(_ facts: GuardFacts) -> Bool {
        switch policy.decision(on: facts).action {
        case .defer, .refuse: true
        case .accept, .addHeader, .score: false
        }
    }

    /// Whether these facts would keep it out for good.
    func refuses(_ facts: GuardFacts) -> Bool { policy.decision(on: facts).action == .refuse }

    /// Whether a look-up failed that an exception may rest on: another time may show it.
    private func mayHideException(_ facts: GuardFacts, of request: GuardRequest) -> Bool {
        if !domains.isEmpty, !facts.hasEveryName || facts.address != .proven { return true }
        return facts.helo != .proven && isExceptional(request.helo)
    }

    private func isExceptional(_ helo: [UInt8]?) -> Bool {
        guard !heloDomains.isEmpty else { return false }
        return helo.flatMap { HELOArgument($0).name }.map { heloDomains.holdsDomain(of: $0) }
            ?? false
    }

    private func exemption(
        of request: GuardRequest, by facts: GuardFacts
    ) -> GuardDecision.Exemption? {
        if !domains.isEmpty,
            facts.confirmedNames.contains(where: { domains.holdsDomain(of: $0) })
        {
            return .confirmedDomain
        }
        if facts.findings.contains(.heloResolvesToClient), isExceptional(request.helo) {
            return .heloName
        }
        return nil
    }

    private func reply(
        to request: GuardRequest, _ wanted: GuardPolicy.Action, _ codes: [FindingCode]
    ) -> GuardDecision.Action {
        switch wanted {
        case .accept: return .accept
        case .addHeader: return .addHeader
        case .score(let thousandths): return .score(thousandths)
        case .defer, .refuse:
            let isPermanent = wanted == .refuse
            let template = GuardReply.template(because: codes, isPermanent: isPermanent)
            // A template that is no reply cannot be: a test makes every one. Then mail goes through.
            guard let refusal = SMTPRefusal(template, to: request, codes.first, urlBase) else {
                return .addHeader
            }
            return isPermanent ? .refuse(refusal) : .defer(refusal)
        }
    }
}

extension GuardDecision.Action {
    /// Whether the mail stays outside, for now or for good.
    package var keepsOut: Bool {
        switch self {
        case .defer, .refuse: true
        case .accept, .addHeader, .score: false
        }
    }
}

extension Set<DomainName> {
    /// Whether the name is one of these domains, or below one.
    func holdsDomain(of name: DomainName) -> Bool {
        var domain: DomainName? = name
        while let current = domain, !current.isRoot {
            if contains(current) { return true }
            domain = current.parent
        }
        return false
    }
}

/// Address blocks, found by as many look-ups as there are different prefix lengths.
struct BlockTable: Hashable, Sendable {
    private var byLength: [Int: Set<IPAddress>] = [:]
    private var byLength6: [Int: Set<IPAddress>] = [:]

    mutating func insert(_ block: AddressBlock) {
        switch block.base.family {
        case .v4: byLength[block.prefixLength, default: []].insert(block.base)
        case .v6: byLength6[block.prefixLength, default: []].insert(block.base)
        }
    }

    func contains(_ address: IPAddress) -> Bool {
        for (length, bases) in address.family == .v4 ? byLength : byLength6
        where bases.contains(address.masked(to: length)) {
            return true
        }
        return false
    }
}
