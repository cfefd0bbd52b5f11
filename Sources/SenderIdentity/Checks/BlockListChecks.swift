import NetNames

extension Check {
    /// Is the client on a block list (RFC 5782)? Once for each list that was asked for.
    @Sendable
    static func blockLists(_ facts: IdentityFacts) -> [Finding] {
        facts.blockLists.map { list in
            switch list.result {
            case .listed(let listing): Finding(.blockListed(list.zone, listing), list.ids)
            case .notListed: Finding(.notBlockListed(list.zone), list.ids)
            case .unknown(let doubt): Finding(.blockListUnknown(list.zone, doubt), list.ids)
            }
        }
    }
}
