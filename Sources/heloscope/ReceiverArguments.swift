import ArgumentParser
import ReceiverModels

/// Whose rules to simulate, and with which settings: `--receiver NAME[:setting=value]`.
struct ReceiverArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp("Only NAME[:setting=value]; repeatable.", valueName: "name"))
    var receiver: [String] = []

    struct Choice {
        let receivers: [Receiver]
        /// By the receiver's id.
        let settings: [String: ReceiverSettings]
    }

    /// The receivers named, in the order given; nil where none was.
    /// - Throws: ``UserError`` with exit code 64.
    func choice() throws -> Choice? {
        guard !receiver.isEmpty else { return nil }
        var receivers: [Receiver] = []
        var settings: [String: [String: String]] = [:]
        for text in receiver {
            let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            let found = try Self.receiver(String(parts[0]))
            if !receivers.contains(where: { $0.id == found.id }) { receivers.append(found) }
            guard parts.count == 2 else { continue }
            let (name, value) = try Self.setting(String(parts[1]), of: found)
            settings[found.id, default: [:]][name] = value
        }
        return Choice(
            receivers: receivers, settings: settings.mapValues { ReceiverSettings($0) })
    }

    /// The receiver of this name.
    /// - Throws: ``UserError`` with the nearest names.
    static func receiver(_ id: String) throws -> Receiver {
        if let receiver = Receiver.all.first(where: { $0.id == id }) { return receiver }
        throw UserError.usage(
            "no receiver is called \(shownArgument(id))",
            hint: hint(
                for: id, among: Receiver.all.map(\.id), else: "heloscope receivers lists them"))
    }

    private static func setting(
        _ text: String, of receiver: Receiver
    ) throws -> (name: String, value: String) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            .map(String.init)
        let names = receiver.settings.map(\.name)
        guard let setting = receiver.settings.first(where: { $0.name == parts[0] }) else {
            let listed =
                names.isEmpty ? "it has none" : "its settings: \(names.joined(separator: ", "))"
            throw UserError.usage(
                "\(receiver.id) has no setting \(shownArgument(parts[0]))",
                hint: hint(for: parts[0], among: names, else: listed))
        }
        guard parts.count == 2, setting.values.contains(parts[1]) else {
            throw UserError.usage(
                "\(receiver.id):\(setting.name) cannot be"
                    + " \(shownArgument(parts.count == 2 ? parts[1] : ""))",
                hint: "give one of: \(setting.values.joined(separator: ", "))")
        }
        return (setting.name, parts[1])
    }

    private static func hint(
        for word: String, among words: [String], else otherwise: String
    ) -> String {
        let nearest = NearestWords.nearest(to: word, among: words)
        return nearest.isEmpty ? otherwise : "did you mean \(nearest.joined(separator: " or "))?"
    }
}
