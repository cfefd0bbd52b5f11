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
            case .recipient: 6
            case .queueID: 7
            case .instance: 8
            case .saslUsername: 9
            case .policyContext: 10
            }
        }
    }

    /// By ``Attribute/place``.
    private var values: [[UInt8]?] = Array(repeating: nil, count: Attribute.allCases.count)

    package subscript(_ attribute: Attribute) -> [UInt8]? { values[attribute.place] }

    /// The client; nil for `unknown`, as for clients on a Unix socket.
    package private(set) var address: IPAddress?

    /// What the client said in HELO or EHLO, as far as Postfix shows it: it writes `?` for a space
    /// and for `< > ( ) \ " ; @`.
    package var helo: [UInt8]? { self[.heloName] }

    /// What Postfix found out itself: the protocol does not say why a name is not confirmed.
    package var hint: ServerHint? {
        guard let name = self[.clientName] else { return nil }
        return ServerHint(
            name == ServerHint.noName ? .unknown : .confirmed, name: self[.reverseClientName])
    }

    /// Whether this is the request that Postfix's check_policy_service sends.
    package var isPolicy: Bool { self[.request].map { $0 == Array(Self.policy.utf8) } ?? false }

    package var isForPostmaster: Bool { self[.recipient].map(PeerText.isPostmaster) ?? false }

    /// No header can be added any more.
    package var isAtEndOfMessage: Bool {
        self[.protocolState].map { $0 == Array("END-OF-MESSAGE".utf8) } ?? false
    }

    package static let policy = "smtpd_access_policy"

    /// Keeps the first value of an attribute: a second one is not Postfix's.
    fileprivate mutating func set(_ attribute: Attribute, _ value: [UInt8]) {
        guard values[attribute.place] == nil else { return }
        values[attribute.place] = value
        if attribute == .clientAddress { address = PeerText.address(value) }
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
    mutating func take(_ line: ArraySlice<UInt8>) throws(PolicyError) -> PolicyRequest? {
        bytes += line.count + 1
        guard bytes <= PolicyLimits.request else { throw .requestTooLong }
        switch Self.content(of: line) {
        case .empty:
            guard attributes > 0 else { throw .emptyRequest }
            defer { self = PolicyRequestReader() }
            return request
        case .broken(let error):
            throw error
        case .attribute(let attribute, let value):
            attributes += 1
            guard attributes <= PolicyLimits.attributes else { throw .tooManyAttributes }
            if let attribute, !value.isEmpty { request.set(attribute, value) }
            return nil
        }
    }

    private enum Content {
        case empty
        case broken(PolicyError)
        /// Nil for one that is not read; its value is left out then.
        case attribute(PolicyRequest.Attribute?, [UInt8])
    }

    /// In one go over the bytes: twenty lines make a request, and slices of them cost more than they.
    private static func content(of line: ArraySlice<UInt8>) -> Content {
        line.withUnsafeBufferPointer { line in
            // People who try the protocol by hand end lines with CR LF; Postfix never does.
            let end = line.last == Ascii.carriageReturn ? line.count - 1 : line.count
            guard end > 0 else { return .empty }
            var equals: Int?
            for index in 0..<end {
                if line[index] == 0 { return .broken(.containsNUL) }
                if equals == nil, line[index] == UInt8(ascii: "=") { equals = index }
            }
            guard let equals else { return .broken(.lineWithoutEquals) }
            let name = UnsafeBufferPointer(rebasing: line[..<equals])
            guard let attribute = attribute(name) else { return .attribute(nil, []) }
            return .attribute(attribute, Array(line[(equals + 1)..<end]))
        }
    }

    private static func attribute(
        _ name: UnsafeBufferPointer<UInt8>
    ) -> PolicyRequest.Attribute? {
        guard name.count < byLength.count else { return nil }
        for (bytes, attribute) in byLength[name.count] where bytes.elementsEqual(name) {
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
