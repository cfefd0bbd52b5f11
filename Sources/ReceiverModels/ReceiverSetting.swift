/// A setting of a receiver that changes what its rules do, as `--receiver NAME:setting=value` names it.
package struct ReceiverSetting: Hashable, Sendable {
    /// As the server's admin knows it: `unknown_client_reject_code`.
    package let name: String
    /// The values the model knows; the first is the server's default.
    package let values: [String]
    /// What it does, in a line.
    package let meaning: String

    package init(_ name: String, values: [String], meaning: String) {
        self.name = name
        self.values = values
        self.meaning = meaning
    }
}

/// The settings chosen for one receiver; what is not chosen has its default.
package struct ReceiverSettings: Hashable, Sendable {
    private let values: [String: String]

    package static let defaults = ReceiverSettings([:])

    package init(_ values: [String: String]) {
        self.values = values
    }

    /// The value chosen, or nil where the default holds.
    package subscript(name: String) -> String? { values[name] }

    func has(_ name: String, _ value: String) -> Bool { values[name] == value }
}
