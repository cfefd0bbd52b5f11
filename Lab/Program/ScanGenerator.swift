import NetNames
import ReceiverModels
import SenderIdentity

/// Makes situations for rspamd from a seed: the same seed and count make the same run.
///
/// Beside the shapes of the mail servers' situations there are names that look like an access
/// line's, and almost do, and addresses that nobody can have.
package struct ScanGenerator {
    private var dice: Dice
    private var sides = Deck<HostSide>([(.statuses, 4), (.names, 8), (.patterned, 6)])
    private var counts = Deck([(1, 9), (2, 3), (3, 1)])
    private var statuses = ReverseStatus.deck(waitsLong: false)
    private var names = NameShape.deck(waitsLong: false)
    private var speech = Deck<Speech>([(.shaped, 9), (.patterned, 8), (.numbers, 3)])
    private var shapes = HELOShape.deck(waitsLong: false)

    private enum HostSide {
        /// No PTR name.
        case statuses
        case names
        /// A confirmed name with a word of access lines.
        case patterned
    }

    private enum Speech {
        case shaped
        case patterned
        case numbers
    }

    package init(seed: UInt64) {
        dice = Dice(seed: seed)
    }

    package mutating func situations(count: Int) throws -> [ScanSituation] {
        var made: [ScanSituation] = []
        for index in 0..<count { made.append(try situation(id: index + 1)) }
        return made
    }

    private mutating func situation(id: Int) throws -> ScanSituation {
        var plot = Plot(id: id, client: client(id))
        plot.features.append(plot.client.family == .v4 ? "v4" : "v6")
        let pointers = addReverse(to: &plot)
        let helo = Array(argument(in: &plot, pointers).utf8)
        var situation = ScanSituation(
            id: id, client: plot.client.description, helo: HELOArgument(helo).text,
            features: plot.features, zone: plot.zone)
        situation.hostname = hostname(of: try LabWorld.facts(of: situation))
        return situation
    }

    /// What Postfix names the client's host, as its own model has it.
    private func hostname(of facts: IdentityFacts) -> String? {
        let rule = Receiver.postfix.rules.first { $0.id == "reject_unknown_client_hostname" }
        let settings = ReceiverSettings([
            ReceiverSettings.recordOrder: "as-received", "search-list": "absent",
        ])
        guard let rule, rule.judgement(facts, settings) == .accepts else { return nil }
        return facts.pointer.names.first?.name.description
    }

    /// A client address nobody else has, as those of ``SituationGenerator``.
    private mutating func client(_ id: Int) -> IPAddress {
        dice.chance(75)
            ? .v4(0xc612_0000 | UInt32(id / 250) << 8 | UInt32(id % 250 + 1))
            : IPAddress(high: 0x2001_0db8_0018_0000 | UInt64(id), low: 0x19)
    }

    private mutating func addReverse(to plot: inout Plot) -> Plot.Pointers {
        var pointers = Plot.Pointers()
        var found: [String] = []
        switch sides.draw(&dice) {
        case .statuses:
            plot.addReverse(statuses.draw(&dice))
            return pointers
        case .names:
            for _ in 0..<counts.draw(&dice) {
                let shape = names.draw(&dice)
                let name = plot.pointerName(shape)
                plot.features.append("ptr:\(shape.rawValue)")
                found.append(name)
                if shape.isPlainlyConfirmed {
                    pointers.confirmed.append(name)
                } else {
                    pointers.unconfirmed.append(name)
                }
            }
        case .patterned:
            plot.features.append("ptr:access-line")
            let name = patterned(in: &plot)
            plot.add(name, [plot.client])
            found = [name]
            pointers.confirmed = found
        }
        plot.addReverse(found, throughAlias: dice.chance(10))
        return pointers
    }

    private mutating func argument(in plot: inout Plot, _ pointers: Plot.Pointers) -> String {
        switch speech.draw(&dice) {
        case .shaped:
            var shape = shapes.draw(&dice)
            // No mail server takes a HELO without an argument.
            while shape == .empty { shape = shapes.draw(&dice) }
            let helo = plot.helo(shape, pointers: pointers, &dice)
            return String(decoding: helo, as: UTF8.self)
        case .patterned:
            plot.features.append("helo:access-line")
            let name = patterned(in: &plot)
            if dice.chance(40) { plot.add(name, [plot.client]) }
            return name
        case .numbers:
            plot.features.append("helo:numbers")
            let text = dice.pick(Self.numbers)
            return dice.chance(30) ? "[\(text)]" : text
        }
    }

    private static let words =
        ("nat homeuser unused-addr pppoe dynamic catv comcast broadband fbx peer customer customers"
        + " wifi kabel dynip broad dsl-line adsl-line xdsl-line ppp pool gprs brodband user inaddr"
        + " in-addr host dhcp cdma client clients cable dialup dial-up bredband cablemodem pptp"
        + " fibertel dsl adsl xdsl dsl-dynamic adsl-dynamic dyn modem static mail server vpn")
        .split(separator: " ").map(String.init)
    private static let before = [
        "", "a.", "a-", "a", "7", "7.", "7-", "77", "77.", "77-", "a7", "a7-", "a-7", "a.7.", "a77",
        "a777", "a-777", "1777-", "1.2.3.",
    ]
    private static let after = ["", "-7", ".7", "7", "-77", ".77", "-7a", ".7-", "a", "-a", "s-8"]

    private mutating func patterned(in plot: inout Plot) -> String {
        let head = dice.pick(Self.before) + dice.pick(Self.words) + dice.pick(Self.after)
        let name = "\(head).\(plot.name("i"))"
        return dice.chance(10) ? name.uppercased() : name
    }

    private static let numbers = [
        "0.1.2.3", "10.1.2.3", "10.mail.test", "127.0.0.1", "127.mail.test", "169.254.7.7",
        "192.168.1.1", "172.15.0.1", "172.16.0.1", "172.29.1.1", "172.31.0.9", "172.32.0.1",
        "192.0.0.9", "192.0.1.9", "192.0.2.9", "192.88.99.1", "198.51.100.4", "203.0.113.4",
        "100.63.0.1", "100.64.0.1", "100.70.1.1", "100.99.1.1", "100.100.1.1", "100.119.1.1",
        "100.120.1.1", "100.127.255.1", "100x64.1", "1.2.3.255", "11.2.3.255", "8.8.8.8", "8-8-8-8",
        "8x8x8x8", "8.8.8", "8.8.8.8.8", "8.8.8.88.", "255.255.255.255", "::1", "::2",
        "2001:db8::7",
        "2001:db8:7::1", "2001:DB8::7", "fc00::1", "fd00::1", "fe80::1", "FE80::1", "fec0:1::",
        "fef1:7", "abcd:ef", "abg:1", "2a00:1::2", "device.lan", "DSLdevice.LAN", "speedtouch.lan",
        "xdevice.lan", "mail.lan", "mail.local", "host.localdomain", "rspamc.local", "RSPAMC.local",
        "x.in-addr.arpa", "8.8.8.8.in-addr.arpa", "a.b", "a.bc", "a.bcd", "a-.bcd", "a.-bc",
        "a.bc-",
    ]
}
