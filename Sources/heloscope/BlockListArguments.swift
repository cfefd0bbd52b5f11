import ArgumentParser
import NetNames
import SenderIdentity

/// Which block lists to ask: `--dnsbl ZONE` and `--dnsbl default`.
struct BlockListArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp("Ask this block list, or \"default\"; repeatable.", valueName: "zone"))
    var dnsbl: [String] = []

    /// Stands for the built-in lists; no zone has one label.
    private static let builtIn = "default"

    /// The subject with the lists named, each once, in the order given; where none is named, with
    /// those it has: saved evidence knows which were asked.
    /// - Parameter subject: Its address decides which built-in lists are worth asking.
    /// - Returns: The subject to judge.
    /// - Throws: ``UserError`` with exit code 64.
    func adding(to subject: Subject) throws -> Subject {
        guard !dnsbl.isEmpty else { return subject }
        return subject.asking(try Self.zones(dnsbl, for: subject.address.family))
    }

    /// The zones that words name, each once.
    /// - Throws: ``UserError`` with exit code 64.
    static func zones(_ words: [String], for family: IPAddress.Family) throws -> [BlockListZone] {
        var zones: [BlockListZone] = []
        for text in words {
            let named =
                text == builtIn ? KnownBlockList.zones(for: family) : [try zone(text)]
            for zone in named where !zones.contains(zone) { zones.append(zone) }
        }
        guard zones.count <= BlockListLimits.lists else {
            throw UserError.usage(
                "\(zones.count) block lists, more than \(BlockListLimits.lists) in one check",
                hint: "ask the others in a second run")
        }
        return zones
    }

    private static func zone(_ text: String) throws -> BlockListZone {
        do {
            return try BlockListZone(parsing: RawArguments.bytes(of: text))
        } catch {
            throw UserError.usage(
                "not the zone of a block list: \(shownArgument(text)): \(reason(error))",
                hint: "give a zone such as zen.spamhaus.org, or default for the built-in lists")
        }
    }

    private static func reason(_ error: BlockListZoneError) -> String {
        switch error {
        case .empty: "it is empty"
        case .emptyLabel: "it has an empty label"
        case .labelTooLong: "a label is longer than \(DomainName.longestLabel) bytes"
        case .tooLong: "no query for an IPv6 address fits before it"
        case .singleLabel: "it has one label only"
        case .address: "its last label is a number"
        case .character: "it holds what no zone's name does"
        }
    }
}
