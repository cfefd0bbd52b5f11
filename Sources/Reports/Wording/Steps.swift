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
        case .leaveAlias(let name, let target):
            "replace the CNAME of \(name) to \(target), which is another organization's, by"
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
        case .createAlias, .replaceAlias, .pointerIsRight, .createZone, .delegateZone,
            .serveZone, .synchronize, .awaitResolvers:
            TreeStepWording.sentence(step)
        case .allowInSPF, .mendSPF, .publishSPF: SPFWording.sentence(step)
        case .changeReceiverRule:
            "require forward-confirmed reverse DNS instead"
        case .nothingInPool:
            "nothing. If you run the pool: HELO = each PTR"
        case .nameEachHost:
            "if you run the pool: HELO = each PTR"
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
        // Silence may be a filter on our own way: no letter rests on it.
        if case .serveZone(let service) = step.action, !service.useless.isProven { return nil }
        return switch step.owner {
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
            .movePointer(_, let owner, _), .replaceAlias(let owner, _, _),
            .createZone(_, let owner):
            return ["\(owner.absolute) \(suggestedTTL) IN PTR <name of the mail server>."]
        case .delegateZone(let zone, _):
            return ["first", "second"].map {
                "\(zone.absolute) \(delegationTTL) IN NS <\($0) name server>."
            }
        default: return []
        }
    }

    /// The command that shows whether the step took effect: at the zone's own server where the walk
    /// found one, for it remembers no former answer.
    ///
    /// Only names of plain bytes go into a command: it will be pasted into a shell.
    static func verification(_ step: RemedyStep, client: IPAddress) -> String? {
        switch step.action {
        case .createPointer(let owner, let keeper), .changePointer(let owner, _, let keeper),
            .removePointers(let owner, _, let keeper), .movePointer(_, let owner, let keeper),
            .replaceAlias(let owner, _, let keeper):
            guard let server = keeper.server else { return "dig +short -x \(client)" }
            return direct("+short", server, owner, "PTR", client: client)
        case .createAlias(let owner, _, let keeper):
            guard let server = keeper.server else { return "dig +short -x \(client)" }
            return direct("+short", server, owner, "CNAME", client: client)
        case .delegateZone(let zone, let keeper):
            return keeper.server.flatMap { direct("", $0, zone, "NS", client: client) }
        case .serveZone(let service):
            let zone = service.useless.zone
            guard service.dropped.isEmpty else {
                return service.parent.server.flatMap { direct("", $0, zone, "NS", client: client) }
            }
            let server = service.useless.servers.lazy.compactMap(\.address).first
            return server.flatMap { direct("", $0, zone, "SOA", client: client) }
        case .synchronize(let copies):
            guard let server = copies.stale.lazy.compactMap(\.address).first else { return nil }
            if case .referral(let zone) = copies.fresh.reply {
                return direct("", server, zone, "NS", client: client)
            }
            return copies.keeper.zone.isRoot
                ? nil : direct("", server, copies.keeper.zone, "SOA", client: client)
        case .awaitResolvers: return "dig +short -x \(client)"
        case .publishAddress(let name, _), .leaveAlias(let name, _):
            guard HostnameDefect.allowsLookup(of: name) else { return nil }
            return "dig +short \(name) \(recordType(client))"
        case .allowInSPF(let domain, _, _, _), .mendSPF(let domain, _, _, _, _),
            .publishSPF(let domain, _):
            guard !step.records.isEmpty, HostnameDefect.allowsLookup(of: domain) else { return nil }
            return "dig +short \(domain) TXT"
        case .setHELO(let name):
            guard HostnameDefect.of(name) == nil else { return nil }
            return "heloscope check \(client) --helo \(name)"
        default: return nil
        }
    }

    /// A question to one server, which must answer from its own zone.
    private static func direct(
        _ option: String, _ server: IPAddress, _ name: DomainName, _ type: String, client: IPAddress
    ) -> String? {
        let words = ["dig", option, "+norecurse", "@\(server)"].filter { !$0.isEmpty }
        if type == "PTR", name == ReverseName.name(of: client) {
            return (words + ["-x", "\(client)"]).joined(separator: " ")
        }
        return isPlain(name) ? (words + ["\(name)", type]).joined(separator: " ") : nil
    }

    /// Whether a shell and dig take the name for nothing but a name: RFC 2317 has slashes.
    private static func isPlain(_ name: DomainName) -> Bool {
        guard let first = name.labels.first?.first, Ascii.isLetter(first) || Ascii.isDigit(first)
        else { return false }
        return name.labels.allSatisfy { label in
            label.allSatisfy { byte in
                Ascii.isLetter(byte) || Ascii.isDigit(byte)
                    || [Ascii.hyphen, Ascii.underscore, Ascii.slash].contains(byte)
            }
        }
    }

    private static let delegationTTL = 86_400
    private static let suggestedTTL = 3600

    static func zone(_ keeper: ZoneKeeper) -> String {
        if keeper.isRegistry { return "the range (\(keeper.zone) delegates it to nobody)" }
        if let primary = keeper.primary { return "\(keeper.zone) (\(primary))" }
        return keeper.isGuess ? "the reverse zone, usually \(keeper.zone)" : "\(keeper.zone)"
    }

    static func list(_ names: [DomainName]) -> String {
        let shown = names.prefix(2).map(\.description).joined(separator: ", ")
        return names.count > 2 ? "\(shown) and \(names.count - 2) more" : shown
    }

    /// What is remembered, as it stands in parentheses behind the time.
    static func phrase(_ kind: RemedyStep.Wait.Kind) -> String {
        switch kind {
        case .record: "TTL"
        case .absence: "negative TTL"
        case .failure: "failed look-ups are remembered"
        case .delegation: "TTL of the delegation"
        }
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
