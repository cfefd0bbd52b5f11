import ArgumentParser
import DNSModel
import NetNames
import Remedies
import SenderIdentity

/// `heloscope pool plan`: forward and reverse zones of a pool that every receiver accepts.
struct PoolPlanCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Print the zones of a pool that every receiver accepts.",
        usage: "heloscope pool plan --name-pattern 'mx{n}.out.example.net' BLOCK…")

    @Option(
        help: ArgumentHelp(
            "A host name with {n} for the number, {n:3} for three digits.", valueName: "pattern"))
    var namePattern: String

    @Option(help: "The first number.")
    var start = 1

    @Argument(help: ArgumentHelp("Addresses or blocks.", valueName: "block"))
    var blocks: [String]

    func run() throws {
        guard (0...999_999).contains(start) else {
            throw UserError.usage("--start must be between 0 and 999999", hint: "the default is 1")
        }
        let design: PoolDesign
        do {
            design = try PoolDesign(
                pattern: try NamePattern(namePattern.utf8), blocks: try blocks.map(Self.block),
                startingAt: start)
        } catch let error as DesignError {
            throw Self.error(error, pattern: namePattern)
        }
        try StandardOutput.write(Self.text(design))
    }

    private static func block(_ text: String) throws -> AddressBlock {
        if let block = AddressBlock(text) { return block }
        if let address = try? IPAddress(parsing: text.utf8),
            let block = AddressBlock(base: address, prefixLength: address.bitWidth)
        {
            return block
        }
        throw UserError.usage(
            "not a block: \(shownArgument(text))",
            hint: "give blocks such as 192.0.2.0/28, with no bit set behind the prefix")
    }

    private static func text(_ design: PoolDesign) -> String {
        let count = design.hosts.count
        var text =
            count == 1
            ? "; 1 host. It says in HELO the name that its PTR record has.\n"
            : "; \(count) hosts. Each says its own name in HELO, the one its PTR record has.\n"
        for zone in design.zones {
            text += "\n; Into the zone \(zone.name)"
            if zone.isReverse {
                text += ", or wherever its holder cut it: you, or your provider.\n"
            } else {
                text += ", or the one that holds it.\n"
            }
            for record in zone.records { text += MasterFilePrinter.line(record) + "\n" }
        }
        return text
    }

    private static func error(_ error: DesignError, pattern: String) -> UserError {
        let shown = shownArgument(pattern)
        switch error {
        case .tooManyAddresses(let limit):
            return .usage(
                "more than \(limit) addresses", hint: "plan one block of a pool at a time")
        case .repeated(let address):
            return .usage("\(address) is listed twice", hint: "give each address once")
        case .specialPurpose(let address, let purpose):
            return .usage(
                "\(address) is a \(purpose.kind.rawValue) address (\(purpose.source)): no public PTR"
                    + " record can exist",
                hint: "give the addresses that receivers see")
        case .needsNumber:
            return .usage(
                "the pattern \(shown) gives every host the same name",
                hint: "put {n} into it: mx{n}.out.example.net")
        case .looksGeneric(let name, let rule):
            return .usage(
                "\(name) looks like a name that a provider made (\(rule.rawValue)): receivers"
                    + " refuse such names",
                hint: "number the hosts and leave their addresses and access words out")
        case .badPattern(let defect):
            return .usage("the pattern \(shown): \(Self.reason(defect))", hint: hint)
        }
    }

    private static let hint = "such as mx{n}.out.example.net or mx{n:3}.out.example.net"

    private static func reason(_ defect: NamePattern.Defect) -> String {
        switch defect {
        case .placeholder: "braces hold n or n:DIGITS"
        case .severalPlaceholders: "one number is enough"
        case .numberBehindHost: "the number belongs into the first label"
        case .notAHostname: "what comes out is no host name"
        case .noDomain: "nobody can register the domain it lies in"
        case .notPublic: "its domain is never in the public DNS"
        }
    }
}
