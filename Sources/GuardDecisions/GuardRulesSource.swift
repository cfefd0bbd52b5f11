import NetNames
import ReceiverModels
import SenderIdentity

extension GuardRules {
    /// The rules as they stand in the settings.
    package struct Source: Hashable, Sendable {
        /// `honest`, `fcrdns-required` or `strict-helo`.
        package var profile = "honest"
        /// Per finding's code: `accept`, `header`, `score 2.5`, `defer`, `refuse`.
        package var actions: [String: String] = [:]
        /// Addresses and blocks that are accepted without a look-up.
        package var acceptedBlocks: [String] = []
        /// Domains: a client is accepted when a confirmed PTR name is one of them or below.
        package var acceptedDomains: [String] = []
        /// HELO names or domains of them: accepted when the HELO name leads to the client.
        package var acceptedHELO: [String] = []
        package var isDryRun = false
        /// What stands before a finding's code in replies, such as `https://mx.example/findings/`;
        /// empty for the code alone.
        package var urlBase = ""
        /// Whether documentation and other special ranges are looked up like all others: for tests.
        package var looksUpSpecialRanges = false

        package init() {}
    }

    /// A reply has to hold it beside the words: its line has 400 bytes.
    package static let longestURLBase = 120
    /// A thousand points are more than any filter's threshold.
    package static let highestScore = 1_000_000

    /// Checks the rules.
    /// - Throws: ``GuardRulesError`` with the key and what is wrong with it.
    package init(_ source: Source) throws(GuardRulesError) {
        guard let profile = GuardPolicy.profiles.first(where: { $0.name == source.profile }) else {
            throw GuardRulesError(
                key: "profile", problem: "there is none of this name",
                hint: "give one of: \(GuardPolicy.profiles.map(\.name).joined(separator: ", "))")
        }
        var actions = profile.actions
        // In the order of the keys, so that of two mistakes always the same one is named.
        for (word, text) in source.actions.sorted(by: { $0.key < $1.key }) {
            let code = try Self.code(word)
            guard let action = Self.action(text) else {
                throw GuardRulesError(
                    key: "actions.\(word)", problem: "is no action",
                    hint: "give accept, header, score 2.5, defer or refuse")
            }
            actions[code] = action
        }
        try Self.checkURLBase(source.urlBase)
        var blocks = BlockTable()
        for text in source.acceptedBlocks { blocks.insert(try Self.block(text)) }
        self.init(
            policy: GuardPolicy(
                name: profile.name, actions: actions, departure: profile.departure),
            isDryRun: source.isDryRun, urlBase: source.urlBase, blocks: blocks,
            domains: try Self.domains(source.acceptedDomains, key: "accept-domains"),
            heloDomains: try Self.domains(source.acceptedHELO, key: "accept-helo"),
            looksUpSpecialRanges: source.looksUpSpecialRanges)
    }

    /// What an administrator should know before these rules run, a sentence each.
    package var warnings: [String] {
        var warnings = [policy.departure].compactMap { $0 }
        let hard = policy.actions.filter { $0.value == .refuse || $0.value == .defer }.map(\.key)
        let aboutClient = hard.filter { code in
            [.heloAndClient, .heloAndPointer].contains(code.group) && code != .heloLookupFailed
        }
        if warnings.isEmpty, let code = aboutClient.map(\.rawValue).min() {
            warnings.append(
                "Keeping mail out because of \(code) departs from RFC 5321 §4.1.4: what the HELO"
                    + " name leads to is no ground for that.")
        }
        for code in [FindingCode.reverseLookupFailed, .pointerForwardUnknown, .heloLookupFailed]
        where policy.actions[code] == .refuse {
            warnings.append(
                "\(code.rawValue) only defers, whatever its action: a failed look-up is no proof.")
        }
        return warnings
    }

    /// A code that the guard can find.
    private static func code(_ word: String) throws(GuardRulesError) -> FindingCode {
        guard let code = FindingCode(rawValue: word) else {
            throw GuardRulesError(
                key: "actions.\(shown(word))", problem: "there is no such finding",
                hint: "heloscope explain lists their codes")
        }
        switch code.group {
        case .pointerStatus, .pointerForward, .pointerForm, .heloForm, .heloAndClient, .heloAlias,
            .heloAndPointer:
            return code
        case .address, .reverseTree, .topology, .blockLists, .spf, .limits:
            throw GuardRulesError(
                key: "actions.\(word)", problem: "the guard does not look for it",
                hint: "it goes by PTR, address and HELO records alone")
        }
    }

    private static func action(_ text: String) -> GuardPolicy.Action? {
        switch text {
        case "accept": return .accept
        case "header": return .addHeader
        case "defer": return .defer
        case "refuse": return .refuse
        default:
            let words = text.utf8.split(separator: Ascii.space)
            guard words.count == 2, Array(words[0]) == Array("score".utf8) else { return nil }
            return thousandths(words[1]).map { .score($0) }
        }
    }

    /// `2`, `2.5`, `0.125`.
    private static func thousandths(_ text: Substring.UTF8View) -> Int? {
        let parts = text.split(separator: Ascii.dot, omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let whole: Int = Ascii.decimal(parts[0]),
            whole <= highestScore / 1000
        else { return nil }
        guard parts.count == 2 else { return whole * 1000 }
        guard (1...3).contains(parts[1].count), let rest: Int = Ascii.decimal(parts[1]) else {
            return nil
        }
        return whole * 1000 + rest * [100, 10, 1][parts[1].count - 1]
    }

    private static func checkURLBase(_ text: String) throws(GuardRulesError) {
        let isPlain = text.utf8.allSatisfy {
            Ascii.isPrintable($0) && $0 != Ascii.space && $0 != Ascii.quote
        }
        guard isPlain, text.utf8.count <= longestURLBase else {
            throw GuardRulesError(
                key: "url-base", problem: "cannot stand in an SMTP reply",
                hint: "at most \(longestURLBase) bytes of printable ASCII without spaces")
        }
    }

    private static func block(_ text: String) throws(GuardRulesError) -> AddressBlock {
        if let block = AddressBlock(text) { return block }
        if let address = IPAddress(text),
            let block = AddressBlock(base: address, prefixLength: address.bitWidth)
        {
            return block
        }
        throw GuardRulesError(
            key: "accept-addresses", problem: "\(shown(text)) is no address and no block",
            hint: "write 192.0.2.1 or 192.0.2.0/24, with no bit set below the prefix")
    }

    private static func domains(
        _ texts: [String], key: String
    ) throws(GuardRulesError) -> Set<DomainName> {
        var domains: Set<DomainName> = []
        for text in texts {
            guard let name = DomainName(text), RegistrableDomain.of(name) != nil,
                Self.canBeSaid(name)
            else {
                throw GuardRulesError(
                    key: key, problem: "\(shown(text)) is nobody's domain",
                    hint: "write example.org for it and all names below it")
            }
            domains.insert(name)
        }
        return domains
    }

    /// Whether a client's name may be it: no pattern, and no address.
    private static func canBeSaid(_ name: DomainName) -> Bool {
        HostnameDefect.of(name) != .numeric && HostnameDefect.allowsLookup(of: name)
    }

    /// The words of the file go to a terminal.
    private static func shown(_ text: String) -> String {
        String(decoding: LogText.quoted(text.utf8.prefix(80)), as: UTF8.self)
    }
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
