import NetNames
import SenderIdentity

/// The sentences about block lists; what a list sent itself passes ``text(_:)``.
enum BlockListWording {
    /// Codes named in a sentence; the others are in the table and in JSON.
    private static let shownCodes = 3

    static func listed(_ zone: BlockListZone, _ listing: BlockListing, _ client: IPAddress)
        -> String
    {
        "\(client) is listed at \(zone.description): \(codes(listing))"
    }

    static func unknown(_ zone: BlockListZone, _ doubt: BlockListDoubt, _ client: IPAddress)
        -> String
    {
        "Could not find out whether \(client) is listed at \(zone.description): \(phrase(doubt))"
    }

    /// `127.0.0.2 (SBL: …), 127.0.0.77 and 2 more`.
    static func codes(_ listing: BlockListing) -> String {
        let shown = listing.codes.prefix(shownCodes).map { code in
            code.meaning.map { "\(code.answer) (\($0))" } ?? "\(code.answer)"
        }
        let rest = listing.codes.count - shown.count
        return shown.joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
    }

    static func phrase(_ doubt: BlockListDoubt) -> String {
        switch doubt {
        case .lookupFailed(let failure): Causes.phrase(failure)
        case .resolverBlocked(let code): "it answers \(code), \(refusal(code))"
        case .outsideLoopback(let answer):
            "it answers \(answer), outside 127.0.0.0/8, as no list does"
        case .testEntryMissing(let family):
            "its test entry \(testEntry(family)) is missing"
                + (family == .v4 ? ": it is closed" : ": it is closed, or holds no IPv6")
        case .listsEverything:
            "it lists its test entry that must not be listed: it lists everybody"
        }
    }

    /// What is known of the codes of refusal (docs/block-lists.md has the sources).
    private static func refusal(_ code: IPAddress) -> String {
        switch code {
        case .v4(0x7fff_fffc): "the zone's name is mistyped"
        case .v4(0x7fff_fffe): "it serves no public or shared resolver"
        case .v4(0x7fff_ffff): "too many queries came from this resolver"
        default: "it refuses this resolver"
        }
    }

    private static func testEntry(_ family: IPAddress.Family) -> String {
        family == .v4 ? "127.0.0.2" : "::FFFF:7F00:2"
    }

    /// What to do where a list could not be asked.
    static func again(_ zone: BlockListZone, _ doubt: BlockListDoubt) -> String {
        let zone = zone.description
        return switch doubt {
        case .lookupFailed(.notRecorded): "the saved evidence does not hold \(zone): run it live"
        case .lookupFailed:
            "run it again later; if it lasts, \(zone) does not serve you, or is gone"
        case .resolverBlocked(.v4(0x7fff_fffc)):
            "look at how \(zone) is spelt: the list says that its name is mistyped"
        case .resolverBlocked:
            "ask \(zone) through a resolver of your own (--resolver), or register with the list"
        case .testEntryMissing(.v6): "leave \(zone) out where the address is IPv6"
        case .outsideLoopback, .testEntryMissing(.v4), .listsEverything:
            "see whether \(zone) is still kept; if not, leave it out of every mail server, too"
        }
    }

    static func removal(_ zone: BlockListZone, page: String?) -> String {
        "find and mend what it is listed for, then ask \(zone.description) to remove the entry"
            + (page.map { ": \($0)" } ?? "; its own words may say where")
    }

    /// The list's words, quoted.
    static func quotes(_ listing: BlockListing) -> [String] {
        listing.reasons.map { quoted(text($0)) }
    }

    /// The lines below a headline: what a listing does, and the list's first words.
    static func causes(_ listing: BlockListing) -> [String] {
        ["Receivers that use the list may refuse the mail; the rules below ask none."]
            + listing.reasons.prefix(1).map { reason in
                let text = text(reason)
                let isLong = text.utf8.count > longestHeadline
                return quoted(isLong ? text.prefix(longestHeadline) + "…" : text)
            }
    }

    /// Characters of a stranger's words in a headline: two lines and a half, so that who acts stays
    /// on the first screen even if every byte needs four.
    static let longestHeadline = 180

    private static func quoted(_ text: String) -> String { "The list says: «\(text)»" }

    /// Somebody else's bytes as printable ASCII: others as `\DDD`, as names are printed.
    static func text(_ reason: BlockListReason) -> String {
        var shown = ""
        for byte in reason.bytes {
            if byte == Ascii.backslash {
                shown += "\\\\"
            } else if Ascii.isPrintable(byte) {
                shown.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                let digits = String(byte)
                shown += "\\" + String(repeating: "0", count: 3 - digits.utf8.count) + digits
            }
        }
        return shown + (reason.isCut ? "…" : "")
    }
}
