import GuardDecisions
import NetNames
import ReceiverModels
import SenderIdentity

/// A value of a shared cache is refused, or it is what a guard would have written; and what it says
/// is decided on without harm.
///
/// The last eight bytes are replaced by the right checksum in a second try, which a fuzzer would
/// never guess: whoever shares the cache may know the secret.
enum SharedFactsLaw {
    static func breach(by bytes: [UInt8]) -> String? {
        for key in keys {
            if let breach = breach(by: bytes, key) { return breach }
            if let breach = breach(by: codec.sealed(bytes, for: key), key) { return breach }
        }
        return nil
    }

    private static func breach(by bytes: [UInt8], _ key: DecisionKey) -> String? {
        guard let shared = codec.decode(bytes, for: key, at: now) else { return nil }
        guard shared.key == key else { return "another's facts" }
        guard codec.encode(shared, at: now) == bytes else { return "written differently" }
        guard shared.lifetime > .zero, shared.lifetime <= SharedFactsCodec.longestLifetime else {
            return "a lifetime out of bounds"
        }
        let request = GuardRequest(client: key.client, helo: key.helo)
        let decision = GuardRules.honest.decision(for: request, on: shared.facts)
        guard !decision.action.keepsOut else { return "the default keeps mail out" }
        var cache = DecisionCache()
        guard
            case .lookUp(let flight) = cache.ask(
                key, by: .init(1), until: .seconds(1), at: .zero, under: .honest)
        else { return "nothing to look up" }
        let arrival = cache.admit(shared, for: flight, at: .zero)
        guard arrival.facts == shared.facts, cache.count == 1 else { return "not kept" }
        return nil
    }

    private static let codec = SharedFactsCodec()
    /// The time in the corpus's values: 2026-11-21T00:00:00Z.
    private static let now: Int64 = 1_795_219_200
    private static let keys = [
        DecisionKey(client: .v4(0x2d4c_2105), helo: Array("mail.example.com".utf8)),
        DecisionKey(client: IPAddress(high: 0x2a01_04f8 << 32, low: 0x25), helo: nil),
    ]
}
