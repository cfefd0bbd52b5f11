import DNSModel

/// Why a faults file cannot be read, and where.
package struct FaultRulesError: Error, Hashable, Sendable {
    package let line: Int
    package let reason: Reason
    /// The offending word as it stands in the file; empty where none is to blame.
    package let word: [UInt8]

    package enum Reason: Hashable, Sendable {
        case fileTooLarge
        case missingWord
        case trailingWord
        case badOwner
        case badType
        case unknownFault
        case badArgument
        case badServer
    }

    /// A faults file is written by hand; this is ten thousand rules.
    static let longestFile = 1 << 20

    init(line: Int, _ reason: Reason, word: some Sequence<UInt8> = []) {
        self.line = line
        self.reason = reason
        self.word = Array(word)
    }

    /// `file:line: what`, on one line.
    package func located(in file: String) -> String {
        let shown = word.isEmpty ? "" : ": \(MasterFilePrinter.excerpt(of: word))"
        return "\(file):\(line): \(explanation)\(shown)"
    }

    private var explanation: String {
        switch reason {
        case .fileTooLarge: "the file is larger than \(Self.longestFile) bytes"
        case .missingWord: "a rule is: owner, ! or !TYPE, fault, and its argument if it has one"
        case .trailingWord: "more words than the fault takes"
        case .badOwner: "neither a name nor an address nor *"
        case .badType: "not ! or ! with a record type, as in !PTR"
        case .unknownFault: "unknown fault"
        case .badArgument: "not an argument that this fault takes"
        case .badServer: "not @ with the number of a server, counted from 0"
        }
    }
}
