import DNSModel
import NetNames
import Remedies
import SPF
import SenderIdentity

/// What a step's row leaves out: why, how long to wait, the update, the settings, the provider's way.
struct StepDetails {
    let why: String?
    let wait: String?
    /// Lines for nsupdate.
    let update: [String]
    let settings: [HELOSetting]
    /// The provider's own steps.
    let provider: [Provider.Instruction]

    init(_ step: RemedyStep, in report: Report) {
        why = Self.why(step, report.facts)
        wait = step.wait.map {
            "resolvers may keep the old answer for \(StepWording.span($0.seconds))"
                + " (\(StepWording.phrase($0.kind)))"
        }
        update = UpdateScript(step)?.lines ?? []
        settings =
            switch step.action {
            case .setHELO(let name): HELOSetting.all(for: "\(name)")
            case .setHELOToOwnName: HELOSetting.all(for: "<name of the mail server>")
            default: []
            }
        provider =
            step.owner == .addressHolder && step.isAboutPointer
            ? report.plan.provider?.provider.instructions(
                for: report.facts.subject.address, pointer: step.plannedPointer) ?? [] : []
    }

    private static func why(_ step: RemedyStep, _ facts: IdentityFacts) -> String? {
        let client = facts.subject.address
        switch step.action {
        case .publishAddress(let name, _):
            return "a receiver that looks \(name) up has to find \(client) there"
        case .leaveAlias(let name, _):
            return "beside a CNAME no other record may stand (RFC 1034 §3.6.2); whatever else comes"
                + " to \(name) by the alias comes to \(client) then"
        case .addressIsRight:
            return "many providers make the PTR record only once its name leads to the address"
        case .chooseName:
            return "a PTR record needs a name that leads back; only its owner can publish that"
        case .createPointer, .movePointer:
            return "every host on the Internet should have a name (RFC 1912 §2.1)"
        case .changePointer, .removePointers:
            return "a PTR name counts only if it leads back to \(client) (RFC 8601 §3);"
                + " some receivers look at one name only"
        case .setHELO(let name):
            return "\(name) is the name that PTR and address record agree on"
        case .setHELOToOwnName:
            return "HELO must be a fully-qualified name or an address literal (RFC 5321 §4.1.4)"
        case .changeReceiverRule:
            return "the address is forward-confirmed, and HELO need not match it"
                + " (RFC 5321 §4.1.4)"
        case .askAgain:
            return "a look-up that failed proves neither that a record is there nor that it is not"
        case .findPublicAddress:
            return "receivers never see a special-purpose address"
        case .createAlias, .replaceAlias, .createZone, .delegateZone, .serveZone, .synchronize,
            .awaitResolvers:
            return TreeStepWording.why(step)
        case .pointerIsRight: return nil
        case .allowInSPF(let domain, _, let refusal, _):
            return refusal.result == .softfail
                ? "\(domain) says itself that this address should not send for it (RFC 7208 §8.5)"
                : "\(domain) says itself that this address may not send for it (RFC 7208 §8.4)"
        case .mendSPF(_, _, _, let refusal, _):
            let why = "a record that cannot be evaluated protects nobody (RFC 7208 §8.7)"
            guard refusal != nil else { return why }
            return why + "; mended and no more, this one refuses \(client)"
        case .publishSPF(_, .helo):
            return "where MAIL FROM is empty, receivers look at the HELO name (RFC 7208 §10.1.3)"
        case .publishSPF(_, .mailFrom):
            return "without a record anybody may use the domain (RFC 7208 §2.6.1)"
        case .requestRemoval:
            return "receivers that use the list refuse the address, whatever its names are"
        case .askBlockListAgain: return "an answer that says nothing is neither listed nor clean"
        case .nothingInPool, .nameEachHost, .nothing: return nil
        }
    }
}

/// How alternatives read.
enum AlternativeWording {
    static func sentence(_ alternative: Alternative) -> String {
        alternative.steps.compactMap { step in
            switch step.action {
            case .setHELO(let name): "let the mail server say HELO \(name)"
            case .publishAddress(let name, _): "publish the address record of \(name)"
            case .leaveAlias(let name, _): "replace the CNAME of \(name) by its own address record"
            case .delegateZone(let zone, _): "delegate \(zone) to servers that have it"
            case .createZone: "put the PTR record there"
            case .changePointer(_, _, _):
                "let the PTR record say \(step.plannedPointer?.description ?? "it")"
            default: nil
            }
        }
        .joined(separator: " and ")
    }
}
