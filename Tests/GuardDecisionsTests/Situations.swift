import GuardDecisions
import NetNames
import ReceiverModels
import SenderIdentity
import Testing

/// Facts and requests as literals.
enum Situations {
    static let client = IPAddress.v4(0x2d4c_2105)
    static let clientText = "45.76.33.5"
    static let mail = name("mail.example.com")

    static func name(_ text: String) -> DomainName { DomainName(text) ?? .root }

    static func request(_ helo: String? = "mail.example.com", to recipient: String? = nil)
        -> GuardRequest
    {
        GuardRequest(
            client: client, helo: helo.map { Array($0.utf8) },
            recipient: recipient.map { Array($0.utf8) }, queueID: Array("4cX".utf8))
    }

    static let good = GuardFacts(
        findings: FindingSet([
            .onePointer, .pointerConfirmed, .heloName, .heloResolvesToClient, .heloEqualsPointer,
        ]), iprev: .pass(mail), confirmedNames: [mail])
    /// Another name, which was not asked for, may lead to the client too.
    static let leftOut = GuardFacts(
        findings: good.findings, iprev: good.iprev, confirmedNames: good.confirmedNames,
        hasEveryName: false)
    static let noPointer = GuardFacts(
        findings: FindingSet([.noPointer, .heloName, .heloResolvesToClient]), iprev: .permerror)
    static let elsewhere = GuardFacts(
        findings: FindingSet([.onePointer, .pointerPointsElsewhere, .heloName]), iprev: .fail)
    static let failing = GuardFacts(
        findings: FindingSet([.reverseLookupFailed, .heloName]), iprev: .temperror,
        address: .temporary(.serverFailure))
    static let helplessly = GuardFacts(
        findings: FindingSet([.reverseLookupFailed, .heloName]), iprev: .temperror,
        address: .ours(.unreachable))
    static let heloElsewhere = GuardFacts(
        findings: FindingSet([.onePointer, .pointerConfirmed, .heloName, .heloResolvesElsewhere]),
        iprev: .pass(mail), confirmedNames: [mail])

    static let all = [good, leftOut, noPointer, elsewhere, failing, helplessly, heloElsewhere]

    static func rules(_ change: (inout GuardRules.Source) -> Void) throws -> GuardRules {
        var source = GuardRules.Source()
        change(&source)
        return try GuardRules(source)
    }

    static func rules(_ profile: String) throws -> GuardRules {
        try rules { $0.profile = profile }
    }
}
