package import ReceiverModels

/// The administrator's rules, checked and ready: what is done with which client.
///
/// A value: a reload builds new rules beside the old ones, and where that throws the old ones stay.
package struct GuardRules: Hashable, Sendable {
    /// The rules as they stand in the settings.
    package struct Source: Hashable, Sendable {
        /// `honest`, `fcrdns-required` or `strict-helo`.
        package var profile = GuardPolicy.honest.name
        /// Per finding's code: `accept`, `header`, `score 2.5`, `defer`, `refuse`.
        package var actions: [String: String] = [:]
        /// Addresses and blocks that are accepted without a look-up.
        package var acceptedBlocks: [String] = []
        /// Domains: a client is accepted when a confirmed PTR name is one of them or below.
        package var acceptedDomains: [String] = []
        /// HELO names or domains of them: accepted when the HELO name leads to the client.
        package var acceptedHELO: [String] = []
        /// Decides as always, accepts whatever was decided, and says what it would have done.
        package var isDryRun = false
        /// What stands before a finding's code in replies, such as `https://mx.example/findings/`.
        package var urlBase = ""
        /// Whether documentation and other special ranges are looked up like all others: for tests.
        package var looksUpSpecialRanges = false

        package init() {}
    }

    package let policy: GuardPolicy
    package let isDryRun: Bool
    package let urlBase: String

    /// Checks the rules.
    /// - Throws: ``GuardRulesError`` with the key and what is wrong with it.
    package init(_ source: Source) throws(GuardRulesError) {
        preconditionFailure("not written yet")
    }

    /// What an administrator should know before these rules run, a sentence each: where they depart
    /// from an RFC.
    package var warnings: [String] { preconditionFailure("not written yet") }

    /// Whom nothing is asked about: special-purpose addresses, authenticated clients, exceptions by
    /// address.
    /// - Returns: Nil where the client's DNS decides.
    package func decisionWithoutLookup(for request: GuardRequest) -> GuardDecision? {
        preconditionFailure("not written yet")
    }

    /// The decision on what was found out.
    package func decision(for request: GuardRequest, on facts: GuardFacts) -> GuardDecision {
        preconditionFailure("not written yet")
    }

    /// The decision when the guard could not find out: accepted, whatever the profile.
    package func decision(
        for request: GuardRequest, despite trouble: GuardTrouble
    ) -> GuardDecision { preconditionFailure("not written yet") }

    /// Whether these facts would keep mail out, for now or for good.
    package func restrains(_ facts: GuardFacts) -> Bool { preconditionFailure("not written yet") }
}

/// What is wrong with the rules, about which key of `[guard]`.
package struct GuardRulesError: Error, Hashable, Sendable {
    /// Such as `actions.no-ptr`.
    package let key: String
    package let problem: String
    package let hint: String

    package init(key: String, problem: String, hint: String) {
        self.key = key
        self.problem = problem
        self.hint = hint
    }
}
