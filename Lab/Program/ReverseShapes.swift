import NetNames

/// What is wrong when a client has no PTR name at all.
package enum ReverseStatus: String, CaseIterable {
    case noSuchName, noData, servfail, refused, formerr, notimp, timeout
    /// An alias (RFC 2317) that leads to a name without PTR, or to none.
    case aliasWithoutData, aliasDangling

    static func deck(waitsLong: Bool) -> Deck<ReverseStatus> {
        Deck([
            (.noSuchName, 10), (.noData, 8), (.servfail, 8), (.refused, 6), (.formerr, 4),
            (.notimp, 2), (.timeout, waitsLong ? 1 : 4), (.aliasWithoutData, 2),
            (.aliasDangling, 2),
        ])
    }
}

/// One PTR name: where it leads, and how it is written.
package enum NameShape: String, CaseIterable {
    case confirmed, upperCase, amongOthers, manyAddresses, bothFamilies
    case alias, aliasElsewhere, aliasDangling
    case elsewhere, neighbor, otherFamily
    case noSuchName, noData, mxOnly
    case servfail, refused, formerr, timeout
    // One family fails, the other one answers.
    case ownFailsOtherAnswers, otherFailsOwnConfirms, otherFailsOwnElsewhere, otherFailsOwnNoData
    // Odd names; all lead to the client unless the name says otherwise.
    case underscore, underscoreElsewhere, slash, space, leadingHyphen, trailingHyphen, hyphenLabel
    case numeric, numericTail, singleLabel, localhost, reverseTail, root, highByte, longLabel, star

    /// Whether the name leads back to the client in a way that every receiver sees.
    var isPlainlyConfirmed: Bool {
        [.confirmed, .upperCase, .amongOthers, .bothFamilies, .alias].contains(self)
    }

    static func deck(waitsLong: Bool) -> Deck<NameShape> {
        Deck(allCases.map { ($0, $0.weight(waitsLong: waitsLong)) })
    }

    private func weight(waitsLong: Bool) -> Int {
        switch self {
        case .confirmed: 22
        case .elsewhere: 10
        case .noSuchName: 8
        case .servfail: 7
        case .otherFamily, .noData, .underscore: 4
        case .timeout: waitsLong ? 1 : 3
        case .upperCase, .amongOthers, .alias, .neighbor, .ownFailsOtherAnswers,
            .otherFailsOwnConfirms, .slash:
            3
        case .bothFamilies, .aliasElsewhere, .aliasDangling, .refused, .formerr,
            .otherFailsOwnElsewhere, .otherFailsOwnNoData, .space, .leadingHyphen,
            .trailingHyphen, .numeric, .singleLabel, .reverseTail:
            2
        case .manyAddresses, .mxOnly, .underscoreElsewhere, .hyphenLabel, .numericTail,
            .localhost, .root, .highByte, .longLabel, .star:
            1
        }
    }
}

extension Plot {
    /// Adds a name of this shape to DNS and returns it as a PTR record has it.
    mutating func pointerName(_ shape: NameShape) -> String {
        let plain = name()
        switch shape {
        case .confirmed: add(plain, [client])
        case .upperCase:
            add(plain, [client])
            return "P" + plain.dropFirst().replacing("lab", with: "LAB")
        case .amongOthers: add(plain, [stranger(), client, stranger(2)])
        case .manyAddresses: add(plain, (1...60).map { stranger($0) } + [client])
        case .bothFamilies: add(plain, [client, stranger(otherFamily: true)])
        case .alias: addAlias(plain, to: [client])
        case .aliasElsewhere: addAlias(plain, to: [stranger()])
        case .aliasDangling: add(plain, "CNAME", name("gone"))
        case .elsewhere: add(plain, [stranger()])
        case .neighbor: add(plain, [neighbor])
        case .otherFamily: add(plain, [stranger(otherFamily: true)])
        case .noSuchName: break
        case .noData: add(plain, "TXT", "x")
        case .mxOnly: add(plain, "MX", "mx.dest.test")
        case .servfail: fail(plain, "SERVFAIL")
        case .refused: fail(plain, "REFUSED")
        case .formerr: fail(plain, "FORMERR")
        case .timeout: fail(plain, "DROP")
        case .ownFailsOtherAnswers:
            add(plain, [stranger(otherFamily: true)])
            fail(plain, ownType, "SERVFAIL")
        case .otherFailsOwnConfirms:
            add(plain, [client])
            fail(plain, otherType, "SERVFAIL")
        case .otherFailsOwnElsewhere:
            add(plain, [stranger()])
            fail(plain, otherType, "SERVFAIL")
        case .otherFailsOwnNoData:
            add(plain, "TXT", "x")
            fail(plain, otherType, "SERVFAIL")
        case .underscore: return confirmed("un_der" + plain)
        case .underscoreElsewhere:
            add("un_der" + plain, [stranger()])
            return "un_der" + plain
        case .slash: return confirmed("sl/ash" + plain)
        case .space: return confirmed("sp\\032ace" + plain)
        case .leadingHyphen: return confirmed("-" + plain)
        case .trailingHyphen: return confirmed("x-." + plain)
        case .hyphenLabel: return confirmed("x.-y." + plain)
        case .numeric: return "10.\(id >> 8 & 255).\(id & 255).9"
        case .numericTail: return confirmed("n\(id).\(id)")
        case .singleLabel: return confirmed("single\(id)-\(zone.count)")
        case .localhost: return "localhost"
        case .reverseTail: return confirmed(plain + ".18.198.in-addr.arpa")
        case .root: return "."
        case .highByte: return confirmed("\\252ber" + plain)
        case .longLabel: return confirmed(String(repeating: "x", count: 63) + "." + plain)
        case .star: return confirmed("st*r" + plain)
        }
        return plain
    }

    private mutating func confirmed(_ name: String) -> String {
        add(name, [client])
        return name
    }

    mutating func addAlias(_ owner: String, to addresses: [IPAddress]) {
        let real = name("real")
        add(owner, "CNAME", real)
        add(real, addresses)
    }

    mutating func addReverse(_ status: ReverseStatus) {
        let reverse = ReverseName.name(of: client).description
        features.append("reverse:\(status.rawValue)")
        switch status {
        case .noSuchName: break
        case .noData: add(reverse, "TXT", "x")
        case .servfail: fail(reverse, "SERVFAIL")
        case .refused: fail(reverse, "REFUSED")
        case .formerr: fail(reverse, "FORMERR")
        case .notimp: fail(reverse, "NOTIMP")
        case .timeout: fail(reverse, "DROP")
        case .aliasWithoutData:
            add(reverse, "CNAME", "rev\(id).lab.test")
            add("rev\(id).lab.test", "TXT", "x")
        case .aliasDangling: add(reverse, "CNAME", "rev\(id).lab.test")
        }
    }

    /// PTR records for the names, in this order; through an alias as RFC 2317 delegates.
    mutating func addReverse(_ names: [String], throughAlias: Bool) {
        let reverse = ReverseName.name(of: client)
        var owner = reverse.description
        if throughAlias {
            features.append("reverse:alias")
            let labels = owner.split(separator: ".", maxSplits: 1)
            let child = "\(labels[0]).0/25.\(labels[1])"
            add(owner, "CNAME", child)
            owner = child
        }
        for name in names { add(owner, "PTR", name) }
    }
}
