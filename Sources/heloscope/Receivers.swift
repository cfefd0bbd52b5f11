import ArgumentParser
import Glibc
import ReceiverModels
import Reports

/// Lists the receivers' rules, with their settings, replies and sources.
struct Receivers: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List what receiving servers check, and how they reply.",
        discussion: "Without a name, lists all receivers.")

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json
    }

    @Argument(help: "A receiver, such as postfix.")
    var name: String?

    @Option(help: "Format; json is the open catalogue.")
    var format: Format = .text

    /// The present month, as `2026-11`.
    static var month: String { String(Timestamp.text(Int64(time(nil))).prefix(7)) }

    func run() throws {
        let chosen = try name.map { [try ReceiverArguments.receiver($0)] }
        switch format {
        case .json: try StandardOutput.write(try CatalogueJSON.render(chosen ?? Receiver.all))
        case .text:
            let month = Self.month
            let width = StandardOutput.width
            guard let receiver = chosen?.first else {
                try StandardOutput.write(ReceiverCatalogue.list(month: month, width: width))
                return
            }
            try StandardOutput.write(
                ReceiverCatalogue.page(receiver, month: month, width: width))
        }
    }
}
