import DNSModel
import NetNames
import Remedies
import SenderIdentity

/// The sentences of the plan's steps.
enum StepWording {
    static func owner(_ step: RemedyStep) -> String {
        switch step.owner {
        case .you: "you"
        case .addressHolder: "your ISP"
        case .reverseZoneKeeper: "zone's keeper"
        case .mailServerAdmin: "mail server"
        case .receiverAdmin: "recipient's admin"
        case .nobody: "nobody"
        }
    }

    static func sentence(_ step: RemedyStep) -> String {
        switch step.action {
        case .publishAddress(let name, let hasOthers):
            hasOthers
                ? "add the address record to those of \(name):"
                : "publish the address record of \(name):"
        case .addressIsRight(let name, let client):
            "\(recordType(client)) record for \(name): already right"
        case .chooseName(let client):
            "choose a name of your own and give it the \(recordType(client)) record \(client)"
        case .createPointer(_, let keeper):
            "keeps \(zone(keeper)): add"
        case .changePointer(_, let names, let keeper):
            "keeps \(zone(keeper)): replace \(list(names)) by"
        case .removePointers(_, let names, let keeper):
            "keeps \(zone(keeper)): remove \(list(names)), keep"
        case .movePointer(let from, _, let keeper):
            "keeps \(zone(keeper)): the record stands at \(from); add"
        case .setHELO(let name):
            "let it say HELO \(name)"
        case .setHELOToOwnName:
            "let it say a fully-qualified name of its own in HELO"
        case .allowInSPF(let domain, let client):
            "if it sends for \(domain): add \(client.family == .v4 ? "ip4" : "ip6"):\(client)"
                + " to its SPF record, in front of all"
        case .mendSPF(let domain):
            "mend the SPF record of \(domain): what is wrong stands above"
        case .changeReceiverRule:
            "require forward-confirmed reverse DNS instead"
        case .nothingInPool:
            "nothing. If you run the pool: HELO = each PTR"
        case .askAgain(let name, let failure, let alike):
            asking(name, failure, alike, step.owner)
        case .requestRemoval(let zone, let page): BlockListWording.removal(zone, page: page)
        case .askBlockListAgain(let zone, let doubt): BlockListWording.again(zone, doubt)
        case .findPublicAddress:
            "give the address that receivers see; a Received header of a sent mail has it"
        case .nothing:
            "nothing to do"
        }
    }

    private static func recordType(_ client: IPAddress) -> String {
        client.family == .v4 ? "A" : "AAAA"
    }

    private static func asking(
        _ name: DomainName, _ failure: LookupFailure, _ alike: Int, _ owner: RemedyStep.Owner
    ) -> String {
        let others = alike > 0 ? " and \(alike) more" : ""
        let cause = Causes.phrase(failure)
        if let again = Causes.again(name, failure) { return again }
        if failure == .unreachable {
            return "no resolver can be reached: look at /etc/resolv.conf,"
                + " or name one with --resolver"
        }
        if owner == .reverseZoneKeeper {
            return "has to mend the look-up of \(name)\(others): \(cause)"
        }
        return "run it again later; if it lasts, the keeper of \(name)\(others) has to mend it"
            + " (\(cause))"
    }

    /// The letter that goes with the step, as `--to` names it.
    static func letter(_ step: RemedyStep) -> String? {
        switch step.owner {
        case .addressHolder: "isp"
        case .receiverAdmin: "receiver"
        case .reverseZoneKeeper where !step.records.isEmpty: "isp"
        case .you, .mailServerAdmin, .reverseZoneKeeper, .nobody: nil
        }
    }

    /// The record to paste, also where no name is known yet.
    static func records(_ step: RemedyStep) -> [String] {
        if !step.records.isEmpty { return step.records.map { MasterFilePrinter.line($0) } }
        switch step.action {
        case .createPointer(let owner, _), .changePointer(let owner, _, _),
            .movePointer(_, let owner, _):
            return ["\(owner.absolute) \(suggestedTTL) IN PTR <name of the mail server>."]
        default: return []
        }
    }

    /// The command that shows whether the step took effect.
    ///
    /// Only names of plain bytes go into a command: it will be pasted into a shell.
    static func verification(_ step: RemedyStep, client: IPAddress) -> String? {
        switch step.action {
        case .createPointer, .changePointer, .removePointers, .movePointer:
            return "dig +short -x \(client)"
        case .publishAddress(let name, _):
            guard HostnameDefect.allowsLookup(of: name) else { return nil }
            return "dig +short \(name) \(recordType(client))"
        case .setHELO(let name):
            guard HostnameDefect.of(name) == nil else { return nil }
            return "heloscope check \(client) --helo \(name)"
        default: return nil
        }
    }

    private static let suggestedTTL = 3600

    static func zone(_ keeper: ZoneKeeper) -> String {
        if keeper.isRegistry { return "the range (\(keeper.zone) delegates it to nobody)" }
        if let primary = keeper.primary { return "\(keeper.zone) (\(primary))" }
        return keeper.isGuess ? "the reverse zone, usually \(keeper.zone)" : "\(keeper.zone)"
    }

    private static func list(_ names: [DomainName]) -> String {
        let shown = names.prefix(2).map(\.description).joined(separator: ", ")
        return names.count > 2 ? "\(shown) and \(names.count - 2) more" : shown
    }

    /// A span of seconds as people say it: `1 h`, `2 d`, `90 s`.
    static func span(_ seconds: UInt32) -> String {
        switch seconds {
        case 86_400... where seconds % 86_400 == 0: "\(seconds / 86_400) d"
        case 3600... where seconds % 3600 == 0: "\(seconds / 3600) h"
        case 3600...: "\(seconds / 3600 + 1) h"
        case 120...: "\((seconds + 59) / 60) min"
        default: "\(seconds) s"
        }
    }
}
