import ArgumentParser
import ReceiverModels

/// Whose rules to simulate, and with which settings: `--receiver NAME[:setting=value]`.
///
/// A rule's id is a setting, too, with the values on and off. Once a rule is switched, the receiver is
/// one particular server: only its rules that are on are simulated.
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
        var switches: [String: [String: Bool]] = [:]
        for text in receiver {
            let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            let found = try Self.receiver(String(parts[0]))
            if !receivers.contains(where: { $0.id == found.id }) { receivers.append(found) }
            guard parts.count == 2 else { continue }
            switch try Self.setting(String(parts[1]), of: found) {
            case .value(let name, let value): settings[found.id, default: [:]][name] = value
            case .rule(let id, let isOn): switches[found.id, default: [:]][id] = isOn
            }
        }
        return Choice(
            receivers: receivers.map { $0.switching(switches[$0.id] ?? [:]) },
            settings: settings.mapValues { ReceiverSettings($0) })
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

    private enum Chosen {
        case value(name: String, String)
        case rule(id: String, isOn: Bool)
    }

    private static func setting(_ text: String, of receiver: Receiver) throws -> Chosen {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            .map(String.init)
        if let rule = receiver.rules.first(where: { $0.id == parts[0] }) {
            guard parts.count == 2, let isOn = ["on": true, "off": false][parts[1]] else {
                throw notAmong(["on", "off"], parts, of: receiver)
            }
            return .rule(id: rule.id, isOn: isOn)
        }
        let names = receiver.settings.map(\.name) + receiver.rules.map(\.id)
        guard let setting = receiver.settings.first(where: { $0.name == parts[0] }) else {
            throw UserError.usage(
                "\(receiver.id) has no setting \(shownArgument(parts[0]))",
                hint: hint(
                    for: parts[0], among: names,
                    else: "its settings: \(names.joined(separator: ", "))"))
        }
        guard parts.count == 2, setting.values.contains(parts[1]) else {
            throw notAmong(setting.values, parts, of: receiver)
        }
        return .value(name: setting.name, parts[1])
    }

    private static func notAmong(
        _ values: [String], _ parts: [String], of receiver: Receiver
    ) -> UserError {
        UserError.usage(
            "\(receiver.id):\(parts[0]) cannot be"
                + " \(shownArgument(parts.count == 2 ? parts[1] : ""))",
            hint: "give one of: \(values.joined(separator: ", "))")
    }

    private static func hint(
        for word: String, among words: [String], else otherwise: String
    ) -> String {
        let nearest = NearestWords.nearest(to: word, among: words)
        return nearest.isEmpty ? otherwise : "did you mean \(nearest.joined(separator: " or "))?"
    }
}

extension Receiver {
    /// The server whose admin switched these rules; all rules where none was switched.
    fileprivate func switching(_ switches: [String: Bool]) -> Receiver {
        guard !switches.isEmpty else { return self }
        return Receiver(
            id: id, name: name, settings: settings,
            rules: rules.filter { switches[$0.id] ?? $0.isOnByDefault })
    }
}
