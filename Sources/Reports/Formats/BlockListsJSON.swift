import SenderIdentity

/// What one block list says.
struct BlockListDocument: Encodable {
    let zone: String
    let result: String
    /// Why it could not be found out: a failure of the look-up, or a doubt of its own.
    let cause: String?
    /// The answer behind the cause, if one is.
    let answer: String?
    let codes: [Code]
    let reasons: [String]

    struct Code: Encodable {
        let answer: String
        let meaning: String?
    }

    init(_ list: BlockListFacts) {
        zone = list.zone.description
        codes = list.listing?.codes.map { Code(answer: "\($0.answer)", meaning: $0.meaning) } ?? []
        reasons = list.listing?.reasons.map(BlockListWording.text) ?? []
        cause = list.doubt.map(Self.word)
        switch list.result {
        case .listed: (result, answer) = ("listed", nil)
        case .notListed: (result, answer) = ("not-listed", nil)
        case .unknown(.resolverBlocked(let given)), .unknown(.outsideLoopback(let given)):
            (result, answer) = ("unknown", "\(given)")
        case .unknown: (result, answer) = ("unknown", nil)
        }
    }

    static func word(_ doubt: BlockListDoubt) -> String {
        switch doubt {
        case .lookupFailed(let failure): failure.rawValue
        case .resolverBlocked: "resolver-blocked"
        case .outsideLoopback: "outside-loopback"
        case .testEntryMissing: "test-entry-missing"
        case .listsEverything: "lists-everything"
        }
    }
}
