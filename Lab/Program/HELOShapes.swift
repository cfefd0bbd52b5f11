import NetNames
import SenderIdentity

/// What a client says of itself.
package enum HELOShape: String, CaseIterable {
    // How the name stands to the PTR names.
    case confirmedPointer, confirmedPointerOtherCase, confirmedPointerDot, laterConfirmedPointer
    case unconfirmedPointer
    // Where the name leads.
    case pool, poolOfBothFamilies, toClient, toClientAmongOthers, toClientDot, aliasToClient
    case aliasElsewhere, aliasDangling
    case mxOnly, nullMX, otherFamilyOnly, txtOnly, noSuchName
    case servfail, refused, formerr, timeout
    case servfailButMX, ownFailsOtherAnswers, otherFailsToClient, otherFailsElsewhere, mxFails
    // Literals and bare addresses.
    case ownLiteral, prefixLiteral, foreignLiteral, brokenLiteral
    case ownTagged, foreignTagged, ownUntagged, foreignUntagged, oddlySpelledLiteral
    case bareOwn, bareForeign, bareOther
    // Odd forms.
    case underscore, underscoreNowhere, localhost, singleLabel, singleLabelNowhere
    case leadingHyphen, trailingHyphen, emptyLabel, digits, nonsense, long, empty
    /// The server's own name or address.
    case serversOwn

    var needsConfirmedPointer: Bool {
        switch self {
        case .confirmedPointer, .confirmedPointerOtherCase, .confirmedPointerDot,
            .laterConfirmedPointer:
            true
        default: false
        }
    }

    static func deck(waitsLong: Bool) -> Deck<HELOShape> {
        Deck(allCases.map { ($0, $0.weight(waitsLong: waitsLong)) })
    }

    private func weight(waitsLong: Bool) -> Int {
        switch self {
        case .nonsense: 10
        case .digits, .brokenLiteral: 6
        case .oddlySpelledLiteral, .prefixLiteral: 5
        case .confirmedPointer, .laterConfirmedPointer, .pool, .toClient, .servfail,
            .unconfirmedPointer, .emptyLabel, .ownTagged, .ownUntagged:
            4
        case .timeout: waitsLong ? 0 : 2
        case .refused, .formerr, .poolOfBothFamilies, .aliasToClient, .aliasElsewhere,
            .aliasDangling, .nullMX, .txtOnly, .empty, .long, .bareForeign, .foreignTagged,
            .foreignUntagged, .underscoreNowhere:
            2
        case .serversOwn: 3
        default: 3
        }
    }
}

extension Plot {
    /// Adds what the shape needs to DNS and returns the argument as bytes.
    mutating func helo(_ shape: HELOShape, pointers: Pointers, _ dice: inout Dice) -> [UInt8] {
        features.append("helo:\(shape.rawValue)")
        let text = heloText(shape, pointers: pointers, &dice)
        return Array(text.utf8)
    }

    /// The PTR names a HELO argument may repeat, as a client would write them.
    struct Pointers {
        var confirmed: [String] = []
        var unconfirmed: [String] = []
    }

    private mutating func heloText(
        _ shape: HELOShape, pointers: Pointers, _ dice: inout Dice
    ) -> String {
        let plain = name("h")
        let first = pointers.confirmed.first ?? plain
        switch shape {
        case .confirmedPointer: return first
        case .confirmedPointerOtherCase:
            return first.replacing("p", with: "P").replacing("lab", with: "Lab")
        case .confirmedPointerDot: return first + "."
        case .laterConfirmedPointer: return pointers.confirmed.last ?? plain
        case .unconfirmedPointer: return pointers.unconfirmed.last ?? plain
        case .pool: add(plain, [stranger(), neighbor, stranger(2)])
        case .poolOfBothFamilies: add(plain, [stranger(), stranger(otherFamily: true)])
        case .toClient: add(plain, [client])
        case .toClientAmongOthers: add(plain, [stranger(), client])
        case .toClientDot:
            add(plain, [client])
            return plain + "."
        case .aliasToClient: addAlias(plain, to: [client])
        case .aliasElsewhere: addAlias(plain, to: [stranger()])
        case .aliasDangling: add(plain, "CNAME", name("gone"))
        case .mxOnly: add(plain, "MX", "mx.dest.test")
        case .nullMX: add(plain, "MX", ".")
        case .otherFamilyOnly: add(plain, [stranger(otherFamily: true)])
        case .txtOnly: add(plain, "TXT", "x")
        case .noSuchName: break
        case .servfail: fail(plain, "SERVFAIL")
        case .refused: fail(plain, "REFUSED")
        case .formerr: fail(plain, "FORMERR")
        case .timeout: fail(plain, "DROP")
        case .servfailButMX:
            add(plain, "MX", "mx.dest.test")
            fail(plain, dice.pick(["A", "AAAA"]), "SERVFAIL")
        case .ownFailsOtherAnswers:
            add(plain, [stranger(otherFamily: true)])
            fail(plain, ownType, "SERVFAIL")
        case .otherFailsToClient:
            add(plain, [client])
            fail(plain, otherType, "SERVFAIL")
        case .otherFailsElsewhere:
            add(plain, [stranger()])
            fail(plain, otherType, "SERVFAIL")
        case .mxFails: fail(plain, "MX", dice.pick(["SERVFAIL", "REFUSED"]))
        case .underscore:
            add("he_lo" + plain, [client])
            return "he_lo" + plain
        case .underscoreNowhere: return "he_lo" + plain
        case .localhost:
            return dice.pick([
                "localhost", "LOCALHOST", "localhost.", "localhost.localdomain", "x.localhost",
            ])
        case .singleLabel:
            add("label\(id)", [client])
            return "label\(id)"
        case .singleLabelNowhere: return "nolabel\(id)"
        case .leadingHyphen:
            add("-" + plain, [client])
            return "-" + plain
        case .trailingHyphen:
            add("x-." + plain, [client])
            return "x-." + plain
        case .emptyLabel:
            return dice.pick([".\(plain)", "a..\(plain)", "\(plain)..", "..", "."])
        case .long:
            return dice.pick([
                String(repeating: "x", count: 64) + "." + plain,
                String(repeating: "x", count: 63) + "." + plain,
                String(repeating: "abcdefg.", count: 32) + plain,
                String(repeating: "abcdefg.", count: 29) + plain,
            ])
        case .empty: return ""
        case .digits:
            return dice.pick([
                "\(12_345 + id)", "1.2.3", "1.2.3.4.5", "256.256.256.256", "1.2.3.999", "1.2.3.",
                "127.0.0.1", "0", "\(id).lab", "x.\(id)", "0x7f.1", "1.2.3.4x", "010.1.2.3",
            ])
        case .nonsense: return nonsense(plain, &dice)
        case .serversOwn:
            return dice.pick([
                "mx.dest.test", "MX.Dest.Test", "mx", "dest.test", "[192.0.2.250]", "192.0.2.250",
                "[127.0.0.1]",
            ])
        case .ownLiteral, .prefixLiteral, .foreignLiteral, .brokenLiteral, .ownTagged,
            .foreignTagged, .ownUntagged, .foreignUntagged, .oddlySpelledLiteral, .bareOwn,
            .bareForeign, .bareOther:
            return addressText(shape, &dice)
        }
        return plain
    }

    /// Bytes no host name has; half of these names lead to the client, where DNS can hold them.
    private mutating func nonsense(_ plain: String, _ dice: inout Dice) -> String {
        let odd = dice.pick([
            " ", "\t", "!", "@", "\"", "<", ">", "<>", "*", "é", "\u{1}", "\u{7f}", "#", ":", "%",
            "'", "(", "()", "[", "]", "=", ";", "$", "&", "/", "+", "|", "~", "^", "`", "{}", "?",
            ",", "\\", "\\\\", "%s",
        ])
        // White space at the ends belongs to the command line, not to the argument.
        let places = ["a\(odd)\(plain)", "\(odd)\(plain)", "\(plain)\(odd)"]
        let text = dice.pick([" ", "\t"].contains(odd) ? Array(places.prefix(1)) : places)
        if dice.chance(50),
            let name = try? DomainName(labels: text.utf8.split(separator: UInt8(ascii: ".")))
        {
            // In a zone line the number sign would begin a comment.
            add(name.description.replacing("#", with: "\\035"), [client])
        }
        return text
    }

    private func addressText(_ shape: HELOShape, _ dice: inout Dice) -> String {
        let own = client.description
        let foreign = dice.chance(50) ? stranger().description : neighbor.description
        let tag = client.family == .v6 ? "IPv6:" : ""
        switch shape {
        case .ownLiteral: return "[\(tag)\(own)]"
        case .foreignLiteral: return "[\(tag)\(foreign)]"
        case .prefixLiteral: return dice.pick(["[\(own)0]", "[\(own)1]", "[\(own)5]"])
        case .ownTagged: return "[IPv6:\(own)]"
        case .foreignTagged: return "[IPv6:\(foreign)]"
        case .ownUntagged: return "[\(own)]"
        case .foreignUntagged: return "[\(foreign)]"
        case .bareOwn: return own
        case .bareForeign: return foreign
        case .bareOther:
            return dice.pick([own + ".", "IPv6:\(own)", stranger(otherFamily: true).description])
        case .brokenLiteral:
            return dice.pick([
                "[\(own)", "\(own)]", "[\(own)].", "[\(own)] x", "[\(own)x]", "[\(own) ]",
                "[ \(own)]", "[1.2.3]", "[256.1.1.1]", "[]", "[lab.test]", "[1.2.3.4.5]",
                "[IPv6:]", "[IPv6:x::]", "[IPv6:1::2::3]", "[[\(own)]]", "[\(own)]]", "[\(own)]x",
                "[x:\(own)]", "[2001:db8]", "[",
            ])
        default: return oddlySpelledLiteral(&dice)
        }
    }

    /// The client's address in another spelling.
    private func oddlySpelledLiteral(_ dice: inout Dice) -> String {
        switch client {
        case .v4(let value):
            let own = client.description
            let octets = own.split(separator: ".")
            let padded = octets.map { String(repeating: "0", count: 3 - $0.count) + $0 }
            return dice.pick([
                "[\(padded.joined(separator: "."))]", "[::ffff:\(own)]", "[IPv6:::ffff:\(own)]",
                "[IPv6:\(own)]", "[\(value)]", "[IPv4:\(own)]", "[\(own):25]", "[\(own)/32]",
            ])
        case .v6:
            let own = client.description
            let bytes = client.bytes
            let groups = stride(from: 0, to: 16, by: 2).map {
                UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1])
            }
            let full = groups.map { String($0, radix: 16) }.joined(separator: ":")
            return dice.pick([
                "[IPv6:\(own.uppercased())]", "[\(own.uppercased())]", "[ipv6:\(own)]",
                "[IPV6:\(own)]", "[IPv6:\(full)]", "[\(full)]", "[IPv6:\(own)%lo]",
                "[IPv6: \(own)]", "[IPv6:\(own)/64]",
            ])
        }
    }
}
