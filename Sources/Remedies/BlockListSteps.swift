import SenderIdentity

/// What to do about block lists, behind everything that PTR and HELO need: a list asks first what
/// was mended.
extension Planner {
    var blockListSteps: [RemedyStep] {
        facts.blockLists.compactMap { list in
            switch list.result {
            case .listed:
                RemedyStep(
                    .you,
                    .requestRemoval(list.zone, page: KnownBlockList.list(at: list.zone)?.removal))
            case .unknown(let doubt): RemedyStep(.you, .askBlockListAgain(list.zone, doubt))
            case .notListed: nil
            }
        }
    }
}
