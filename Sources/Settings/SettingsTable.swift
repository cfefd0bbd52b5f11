/// A table of the file while it is read: every key has a default, and unknown ones are refused.
final class SettingsTable {
    private let container: KeyedDecodingContainer<Key>
    private var known: [String] = []

    struct Key: CodingKey {
        let stringValue: String
        let intValue: Int? = nil

        init(stringValue: String) {
            self.stringValue = stringValue
        }

        init?(intValue: Int) {
            nil
        }
    }

    init(_ decoder: any Decoder) throws {
        container = try decoder.container(keyedBy: Key.self)
    }

    func read<Value: Decodable>(_ value: inout Value, _ name: String) throws {
        known.append(name)
        let key = Key(stringValue: name)
        guard container.contains(key) else { return }
        do {
            value = try container.decode(Value.self, forKey: key)
        } catch let error as SettingsError {
            throw error.below(name)
        } catch {
            // TOML tells 4 from 4.0, but nobody who writes settings does.
            if let whole = try? container.decode(Int.self, forKey: key),
                let number = Double(whole) as? Value
            {
                value = number
                return
            }
            throw SettingsError(
                key: name, problem: "must be \(Self.word(for: Value.self))", hint: "")
        }
    }

    func read<Value: Decodable & Comparable>(
        _ value: inout Value, _ name: String, in range: ClosedRange<Value>
    ) throws {
        try read(&value, name)
        guard range.contains(value) else {
            throw SettingsError(
                key: name, problem: "is \(value)",
                hint: "it must be between \(range.lowerBound) and \(range.upperBound)")
        }
    }

    func read(_ value: inout String, _ name: String, among words: [String]) throws {
        try read(&value, name)
        guard words.contains(value) else {
            throw SettingsError(
                key: name, problem: "cannot be what it is",
                hint: "give one of: \(words.joined(separator: ", "))")
        }
    }

    /// Refuses a value that was read and cannot be.
    func refuse(_ name: String, unless isFine: Bool, hint: String) throws {
        guard isFine else {
            throw SettingsError(key: name, problem: "cannot be what it is", hint: hint)
        }
    }

    func refuseOthers() throws {
        for key in container.allKeys where !known.contains(key.stringValue) {
            throw SettingsError(
                key: key.stringValue, problem: "is no setting here",
                hint: "known are: \(known.joined(separator: ", "))")
        }
    }

    private static func word(for type: Any.Type) -> String {
        switch type {
        case is Int.Type: "a whole number"
        case is Double.Type: "a number"
        case is Bool.Type: "true or false"
        case is String.Type: "a text in quotes"
        case is [String].Type: "a list of texts: [\"a\", \"b\"]"
        case is [String: String].Type: "a table of texts: { a = \"b\" }"
        default: "a table"
        }
    }
}

/// What is wrong with the settings, about which key.
package struct SettingsError: Error, Hashable, Sendable {
    /// Such as `serve.max-checks`; empty where the file itself cannot be read.
    package let key: String
    package let problem: String
    package let hint: String

    package init(key: String, problem: String, hint: String) {
        self.key = key
        self.problem = problem
        self.hint = hint
    }

    func below(_ table: String) -> SettingsError {
        SettingsError(key: "\(table).\(key)", problem: problem, hint: hint)
    }
}
