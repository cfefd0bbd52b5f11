import SenderIdentity

/// The step «Block lists» of the tree, and a row for each list.
struct BlockListRow {
    /// `listed`, `not listed` or `unknown`.
    let word: String
    let zone: String
    /// The codes, or why it could not be found out.
    let detail: String
    let quotes: [String]

    static func all(in report: Report) -> [BlockListRow] {
        report.facts.blockLists.map { list in
            let zone = list.zone.description
            return switch list.result {
            case .listed(let listing):
                BlockListRow(
                    word: "listed", zone: zone, detail: BlockListWording.codes(listing),
                    quotes: BlockListWording.quotes(listing))
            case .notListed: BlockListRow(word: "not listed", zone: zone, detail: "", quotes: [])
            case .unknown(let doubt):
                BlockListRow(
                    word: "unknown", zone: zone, detail: BlockListWording.phrase(doubt), quotes: [])
            }
        }
    }

    static let howToTest = "not tested: add --dnsbl default, or --dnsbl ZONE for each list"

    /// `2 lists: not listed`, or the codes with how many lists have them.
    static func summary(_ report: Report) -> String {
        let lists = report.facts.blockLists
        let listed = lists.count { $0.listing != nil }
        let unknown = lists.count { $0.doubt != nil }
        if listed + unknown == 0 { return "not on \(total(lists)) asked" }
        var parts: [String] = []
        if listed > 0 { parts.append("\(FindingCode.blockListed.rawValue): \(listed)") }
        if unknown > 0 { parts.append("\(FindingCode.blockListUnknown.rawValue): \(unknown)") }
        return parts.joined(separator: ", ") + " of \(total(lists))"
    }

    /// `1 of 2 lists`: how many hold the address.
    static func share(_ report: Report) -> String {
        let lists = report.facts.blockLists
        return "\(lists.count { $0.listing != nil }) of \(total(lists))"
    }

    private static func total(_ lists: [BlockListFacts]) -> String {
        lists.count == 1 ? "1 list" : "\(lists.count) lists"
    }
}
