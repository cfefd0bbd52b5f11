import DNSModel
import NetNames

/// What evidence takes in memory, in bytes: an estimate from its records, for budgets.
///
/// A name or a text is an array of its own with a header; so a message of 64 KiB may take a megabyte.
extension Observation {
    package var weight: Int {
        let data = outcome.answers?.data.count ?? 0
        return EvidenceWeight.observation + attempts.count * EvidenceWeight.attempt
            + question.name.wire.count + (response?.weight ?? 0) + data * EvidenceWeight.value
    }
}

extension Response {
    /// What the response takes in memory, in bytes.
    package var weight: Int {
        answers.reduce(0) { $0 + $1.weight } + authority.reduce(0) { $0 + $1.weight }
            + glue.reduce(0) { $0 + $1.weight }
    }
}

extension ResourceRecord {
    fileprivate var weight: Int { EvidenceWeight.record + name.wire.count + dataWeight }

    private var dataWeight: Int {
        switch data {
        case .address: 0
        case .ns(let name), .cname(let name), .ptr(let name), .mx(_, let name):
            EvidenceWeight.array + name.wire.count
        case .soa(let soa):
            2 * EvidenceWeight.array + soa.primary.wire.count + soa.mailbox.wire.count
        case .txt(let texts):
            texts.reduce(EvidenceWeight.array) { $0 + EvidenceWeight.array + $1.count }
        case .other(_, let bytes): EvidenceWeight.array + bytes.count
        }
    }
}

/// The fixed parts, rounded up from their sizes on a 64-bit machine.
private enum EvidenceWeight {
    /// An array's header, and the pointer to it.
    static let array = 40
    /// A record in its array, and the array of its name.
    static let record = 64 + array
    /// The data once more, as an outcome holds it.
    static let value = 48
    static let attempt = 160
    static let observation = 320
}
