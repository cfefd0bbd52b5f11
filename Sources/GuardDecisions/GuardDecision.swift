package import FilterProtocols
package import NetNames
package import ReceiverModels
package import SenderIdentity

/// What the guard decided about a client, in no protocol's words.
package struct GuardDecision: Hashable, Sendable {
    package enum Action: Hashable, Sendable {
        case accept
        /// Accepted, and marked with the findings' codes.
        case addHeader
        /// Accepted, with so many thousandths of a point for the filter behind the guard.
        case score(Int)
        /// Put off with a reply of class 4.
        case `defer`(SMTPRefusal)
        /// Refused with a reply of class 5; never on evidence that another time may change.
        case refuse(SMTPRefusal)
    }

    /// On what it was decided.
    package enum Basis: Hashable, Sendable {
        /// The client's DNS, as the rules have it.
        case evidence
        /// Without any look-up, or in spite of it.
        case exemption(Exemption)
        /// The guard could not find out, by no fault of the client: accepted.
        case trouble(GuardTrouble)
    }

    /// Why a client is accepted whatever its DNS says.
    package enum Exemption: String, Hashable, Sendable, CaseIterable {
        /// Loopback, private and the like: there is nothing to look up.
        case specialPurpose = "special-purpose"
        case authenticated
        /// The administrator's exceptions.
        case addressBlock = "address-block"
        case confirmedDomain = "confirmed-domain"
        case heloName = "helo-name"
        /// Mail to postmaster (RFC 5321 §4.5.1).
        case postmaster
    }

    package let client: IPAddress
    package let action: Action
    package let basis: Basis
    /// The codes that brought the action, also where ``wouldBe`` or an exemption overrode it.
    package let because: [FindingCode]
    /// What was found out; nil where nothing was looked up.
    package let facts: GuardFacts?
    /// In a dry run, what would have been done; nil when that is no other than ``action``.
    package let wouldBe: Action?

    package init(
        client: IPAddress, action: Action, basis: Basis, because: [FindingCode] = [],
        facts: GuardFacts? = nil, wouldBe: Action? = nil
    ) {
        self.client = client
        self.action = action
        self.basis = basis
        self.because = because
        self.facts = facts
        self.wouldBe = wouldBe
    }

    /// The result of the iprev method (RFC 8601 §2.7.3); nil where it was not tried.
    package var iprev: AuthenticationResults.Outcome? {
        switch (basis, facts?.iprev) {
        case (_, .pass): .pass
        case (_, .fail): .fail
        case (_, .permerror): .permerror
        case (_, .temperror), (.trouble, nil): .temperror
        case (.evidence, nil), (.exemption, nil): nil
        }
    }

    /// The name that stands for the client; nil unless it leads back to it.
    package var confirmedName: DomainName? { facts?.confirmedNames.first }

    package var refusal: SMTPRefusal? {
        switch action {
        case .defer(let refusal), .refuse(let refusal): refusal
        case .accept, .addHeader, .score: nil
        }
    }
}

/// Why the guard has no answer of its own: never the client's fault, never its harm.
package enum GuardTrouble: String, Hashable, Sendable, CaseIterable {
    /// The listener's deadline passed while the look-ups were on their way.
    case deadline
    /// More requests are open than the guard may hold.
    case overload
    /// The resolvers answer nobody, or cannot be reached.
    case resolvers
    /// Nobody answers for the reverse zone that the client seems to be in, and it has not been its
    /// turn to be asked about.
    case silentZone = "silent-zone"
    /// The service is ending.
    case ending
}

extension GuardDecision.Action {
    /// What logs and metrics call it; part of the interface.
    package var word: String {
        switch self {
        case .accept: "accept"
        case .addHeader: "header"
        case .score: "score"
        case .defer: "defer"
        case .refuse: "refuse"
        }
    }
}
