import DNSModel
package import NetNames

/// What one block list says of the client, and whether its word counts.
package struct BlockListFacts: Hashable, Sendable {
    package let zone: BlockListZone
    package let result: Result
    package let ids: [ObservationID]

    package enum Result: Hashable, Sendable {
        case listed(BlockListing)
        case notListed
        /// Could not find out: never a listing.
        case unknown(BlockListDoubt)
    }

    package var listing: BlockListing? {
        if case .listed(let listing) = result { listing } else { nil }
    }

    package var doubt: BlockListDoubt? {
        if case .unknown(let doubt) = result { doubt } else { nil }
    }

    /// Judges the list's answers (RFC 5782 §2.1, §5).
    ///
    /// 1. A code of refusal anywhere: the list did not answer the question.
    /// 2. A failed look-up of the client's entry or of a test entry: not found out.
    /// 3. An address outside 127.0.0.0/8: the zone is no list any more, or somebody redirects.
    /// 4. Test entries the wrong way round: the list is closed, or it lists everybody.
    /// 5. Then, and only then, an entry for the client is a listing, and its absence is none.
    ///
    /// RFC 5782 §2.1 lets lists answer what they like to show a listing; whatever 127.0.0.0/8
    /// holds besides the refusals is one here, known or not. The TXT record only explains.
    init(of zone: BlockListZone, client: IPAddress, in evidence: Evidence) {
        let questions = BlockListQuestions(to: zone, about: client)
        let lookups = [questions.address, questions.listedEntry, questions.unlistedEntry].map {
            Lookup($0, in: evidence)
        }
        let reason = Lookup(questions.reason, in: evidence)
        let outcomes = lookups.map { $0?.outcome ?? .failed(.notRecorded) }
        let answers = outcomes.map(addressList)
        self.zone = zone
        ids = (lookups + [reason]).compactMap { $0?.id }.sorted()
        if let refusal = answers.joined().first(where: KnownBlockList.isRefusal) {
            result = .unknown(.resolverBlocked(refusal))
        } else if let failure = outcomes.lazy.compactMap(\.failure).first {
            result = .unknown(.lookupFailed(failure))
        } else if let stray = answers.joined().first(where: { !KnownBlockList.isPossible($0) }) {
            result = .unknown(.outsideLoopback(stray))
        } else if answers[1].isEmpty {
            result = .unknown(.testEntryMissing(client.family))
        } else if !answers[2].isEmpty {
            result = .unknown(.listsEverything)
        } else if answers[0].isEmpty {
            result = .notListed
        } else {
            result = .listed(BlockListing(at: zone, answers[0], reason?.outcome))
        }
    }
}

/// An entry of a block list that means the client.
package struct BlockListing: Hashable, Sendable {
    /// By value, each once.
    package let codes: [Code]
    /// The list's own words; none where it publishes none, or they could not be had.
    package let reasons: [BlockListReason]

    package struct Code: Hashable, Sendable {
        package let answer: IPAddress
        /// What the list's keepers say it means; nil where they are not known to say.
        package let meaning: String?
    }

    init(at zone: BlockListZone, _ answers: [IPAddress], _ reason: LookupOutcome?) {
        let known = KnownBlockList.list(at: zone)
        codes = Set(answers).sorted().prefix(BlockListLimits.codes).map {
            Code(answer: $0, meaning: known?.meaning(of: $0))
        }
        var reasons: [BlockListReason] = []
        for case .txt(let strings) in reason?.answers?.data ?? [] {
            let one = BlockListReason(Array(strings.joined()))
            if !one.bytes.isEmpty, !reasons.contains(one) { reasons.append(one) }
        }
        self.reasons = Array(reasons.prefix(BlockListLimits.reasons))
    }
}

/// A TXT record of a block list: somebody else's bytes, which every sink has to encode.
package struct BlockListReason: Hashable, Sendable {
    package let bytes: [UInt8]
    /// Whether the record was longer than ``BlockListLimits/reasonBytes``.
    package let isCut: Bool

    init(_ text: [UInt8]) {
        bytes = Array(text.prefix(BlockListLimits.reasonBytes))
        isCut = text.count > BlockListLimits.reasonBytes
    }
}

/// Why a block list's answers say nothing about the client.
package enum BlockListDoubt: Hashable, Sendable {
    case lookupFailed(LookupFailure)
    /// The list answered with a code of its own that means: not to you.
    case resolverBlocked(IPAddress)
    /// An answer outside 127.0.0.0/8: no list gives it.
    case outsideLoopback(IPAddress)
    /// The entry is missing that every list of the family holds.
    case testEntryMissing(IPAddress.Family)
    /// The entry is there that no list holds.
    case listsEverything
}
