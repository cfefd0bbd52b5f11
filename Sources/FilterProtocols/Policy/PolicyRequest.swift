package import NetNames

/// One request of Postfix's policy delegation protocol, as SMTPD_POLICY_README describes it.
///
/// An attribute that is empty or missing is nil: Postfix does not tell the two apart. Text is what
/// came, and untrusted.
package struct PolicyRequest: Hashable, Sendable {
    /// Attributes that are read; all others are ignored, as the protocol demands.
    package enum Attribute: String, Hashable, Sendable, CaseIterable {
        case request
        case protocolState = "protocol_state"
        case clientAddress = "client_address"
        case clientName = "client_name"
        case reverseClientName = "reverse_client_name"
        case heloName = "helo_name"
        case sender
        case recipient
        case queueID = "queue_id"
        case instance
        case saslUsername = "sasl_username"
        case policyContext = "policy_context"

        /// The place among ``allCases``.
        fileprivate var place: Int {
            switch self {
            case .request: 0
            case .protocolState: 1
            case .clientAddress: 2
            case .clientName: 3
            case .reverseClientName: 4
            case .heloName: 5
            case .sender: 6
            case .recipient: 7
            case .queueID: 8
            case .instance: 9
            case .saslUsername: 10
            case .policyContext: 11
            }
        }
    }

    /// By ``Attribute/place``.
    private var values: [[UInt8]?] = Array(repeating: nil, count: Attribute.allCases.count)

    package subscript(_ attribute: Attribute) -> [UInt8]? { values[attribute.place] }

    /// The client; nil for `unknown`, as for clients on a Unix socket.
    package var address: IPAddress? { self[.clientAddress].flatMap(PeerText.address) }

    /// What the client said in HELO or EHLO, as far as Postfix shows it.
    package var helo: [UInt8]? { self[.heloName] }

    /// Postfix writes `?` for a space and for `< > ( ) \ " ; @` in HELO: the real name may differ.
    package var mayHaveMangledHELO: Bool { helo?.contains(UInt8(ascii: "?")) ?? false }

    /// The name that Postfix confirmed: a hint, since the protocol does not say why it is missing.
    package var confirmedName: [UInt8]? { known(.clientName) }

    /// The first name of the client's PTR records, not confirmed.
    package var reverseName: [UInt8]? { known(.reverseClientName) }

    /// Whether this is the request that Postfix's check_policy_service sends.
    package var isPolicy: Bool { self[.request].map { $0 == Array(Self.policy.utf8) } ?? false }

    package var isForPostmaster: Bool { self[.recipient].map(PeerText.isPostmaster) ?? false }

    /// No header can be added any more.
    package var isAtEndOfMessage: Bool {
        self[.protocolState].map { $0 == Array("END-OF-MESSAGE".utf8) } ?? false
    }

    package static let policy = "smtpd_access_policy"

    private func known(_ attribute: Attribute) -> [UInt8]? {
        self[attribute].flatMap { $0 == Array("unknown".utf8) ? nil : $0 }
    }

    /// Keeps the first value of an attribute: a second one is not Postfix's.
    fileprivate mutating func set(_ attribute: Attribute, _ value: [UInt8]) {
        if values[attribute.place] == nil { values[attribute.place] = value }
    }
}

/// Puts a request together from its lines.
struct PolicyRequestReader: Hashable, Sendable {
    private var request = PolicyRequest()
    private var bytes = 0
    private var attributes = 0

    /// Whether nothing of a request has come.
    var isAtStart: Bool { bytes == 0 }

    /// Takes a line without its LF, and gives the request that it ends.
    mutating func take(_ line: [UInt8]) throws(PolicyError) -> PolicyRequest? {
        bytes += line.count + 1
        guard bytes <= PolicyLimits.request else { throw .requestTooLong }
        // People who try the protocol by hand end lines with CR LF; Postfix never does.
        let line = line.last == Ascii.carriageReturn ? line.dropLast() : line[...]
        if line.isEmpty {
            guard attributes > 0 else { throw .emptyRequest }
            defer { self = PolicyRequestReader() }
            return request
        }
        guard !line.contains(0) else { throw .containsNUL }
        guard let equals = line.firstIndex(of: UInt8(ascii: "=")) else { throw .lineWithoutEquals }
        attributes += 1
        guard attributes <= PolicyLimits.attributes else { throw .tooManyAttributes }
        let value = line[(equals + 1)...]
        if !value.isEmpty, let attribute = Self.attribute(line[..<equals]) {
            request.set(attribute, Array(value))
        }
        return nil
    }

    private static func attribute(_ name: ArraySlice<UInt8>) -> PolicyRequest.Attribute? {
        guard name.count < byLength.count else { return nil }
        for (bytes, attribute) in byLength[name.count] where bytes[...] == name {
            return attribute
        }
        return nil
    }

    /// The names by their length: a search in a dictionary costs more, for each line that comes.
    private static let byLength: [[(bytes: [UInt8], attribute: PolicyRequest.Attribute)]] = {
        let names = PolicyRequest.Attribute.allCases.map { (Array($0.rawValue.utf8), $0) }
        let longest = names.map(\.0.count).max() ?? 0
        return (0...longest).map { length in names.filter { $0.0.count == length } }
    }()
}
