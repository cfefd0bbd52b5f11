import NetNames

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

extension ReceiverSetting {
    /// Of servers that ask through glibc: it repeats a failed look-up below the listed domains.
    static let searchList = ReceiverSetting(
        "search-list", values: ["absent", "present"],
        meaning: "whether resolv.conf or the host's own name gives a search list; where none is"
            + " chosen and it matters, both outcomes are shown")
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

    /// Whether the order of the PTR names is the order received, with the value `as-received`.
    ///
    /// No receiver lists it: it is for a DNS that is known not to turn the order, as a lab's.
    package static let recordOrder = "record-order"
    /// The receiver's own names and bracketed addresses, between blanks; as the one above, unlisted.
    package static let ownNamesKey = "own-names"

    /// In lower case.
    var ownNames: [[UInt8]] {
        (self[Self.ownNamesKey] ?? "").utf8.split(separator: Ascii.space)
            .map { $0.map(Ascii.lowercased) }
    }

    func has(_ name: String, _ value: String) -> Bool { values[name] == value }
}
