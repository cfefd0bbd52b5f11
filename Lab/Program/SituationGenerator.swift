import NetNames
import SenderIdentity

/// Makes situations from a seed: the same seed and count make the same run.
///
/// Servers take turns. Per setting the shapes come from decks, so that each comes about as often
/// as its weight says, also in a short run.
package struct SituationGenerator {
    private var dice: Dice
    private var sources: [Server: Source] = [:]
    /// Silent questions that are left to servers that wait long for them.
    private var silentLeft: [Server: Int] = [:]

    /// One in so many situations may have a silent DNS, where the server waits long.
    package static let situationsPerSilence = 50

    /// The decks of one server.
    private struct Source {
        var settings: Deck<(key: String, focus: Server.Focus, weight: Int)>
        var hands: [String: Hand] = [:]
    }

    /// The decks of one setting.
    private struct Hand {
        var counts = Deck([(0, 4), (1, 9), (2, 5), (3, 2), (4, 1)])
        var statuses: Deck<ReverseStatus>
        var names: Deck<NameShape>
        var helos: Deck<HELOShape>

        init(waitsLong: Bool) {
            statuses = ReverseStatus.deck(waitsLong: waitsLong)
            names = NameShape.deck(waitsLong: waitsLong)
            helos = HELOShape.deck(waitsLong: waitsLong)
        }
    }

    package init(seed: UInt64) {
        dice = Dice(seed: seed)
        for server in Server.allCases {
            sources[server] = Source(settings: Deck(server.settings.map { ($0, $0.weight) }))
        }
    }

    package mutating func situations(count: Int) -> [Situation] {
        for server in Server.allCases where server.waitsLong {
            let own = count / Server.allCases.count
            silentLeft[server] = max(1, own / Self.situationsPerSilence)
        }
        return (0..<count).compactMap { index in
            situation(id: index + 1, for: Server.allCases[index % Server.allCases.count])
        }
    }

    private mutating func situation(id: Int, for server: Server) -> Situation? {
        guard var source = sources[server] else { return nil }
        let setting = source.settings.draw(&dice)
        var hand = source.hands[setting.key] ?? Hand(waitsLong: server.waitsLong)
        let shape = heloShape(for: setting.focus, from: &hand)
        var plot = Plot(id: id, client: client(id, for: shape))
        plot.features.append(plot.client.family == .v4 ? "v4" : "v6")
        let pointers = addReverse(
            to: &plot, server: server, focus: setting.focus, helo: shape, from: &hand)
        let helo = plot.helo(shape, pointers: pointers, &dice)
        source.hands[setting.key] = hand
        sources[server] = source
        return Situation(
            id: id, server: server, setting: setting.key, client: plot.client.description,
            helo: HELOArgument(helo).text, features: plot.features, zone: plot.zone)
    }

    /// Where only the reverse side decides, nine in ten say an ordinary name.
    private mutating func heloShape(
        for focus: Server.Focus, from hand: inout Hand
    ) -> HELOShape {
        if focus == .reverse, dice.chance(90) { return .toClient }
        return hand.helos.draw(&dice)
    }

    /// A client address nobody else has, in 198.18.0.0/15 or 2001:db8:18::/48.
    ///
    /// A literal that only begins like the client's address must itself be one: such clients have
    /// a short last octet.
    private mutating func client(_ id: Int, for shape: HELOShape) -> IPAddress {
        let wantsVersion6 = [.ownTagged, .foreignTagged, .ownUntagged, .foreignUntagged]
            .contains(shape)
        if shape == .prefixLiteral, dice.chance(80) {
            return .v4(0xc613_0000 | UInt32(id / 24) << 8 | UInt32(id % 24 + 1))
        }
        guard dice.chance(wantsVersion6 ? 85 : 25) else {
            return .v4(0xc612_0000 | UInt32(id / 250) << 8 | UInt32(id % 250 + 1))
        }
        // Zero groups here and there, for the spellings.
        let low = UInt64(dice.pick([0x19, 0x6, 0xabcd, 0x1_0000_0000_0000, 0x1_0000_0001]))
        return IPAddress(high: 0x2001_0db8_0018_0000 | UInt64(id), low: low)
    }

    private mutating func addReverse(
        to plot: inout Plot, server: Server, focus: Server.Focus, helo: HELOShape,
        from hand: inout Hand
    ) -> Plot.Pointers {
        var shapes: [NameShape] = []
        if focus == .reverse || (focus == .both && dice.chance(60)) {
            let count = hand.counts.draw(&dice)
            shapes = (0..<count).map { _ in
                let shape = hand.names.draw(&dice)
                return shape == .timeout && !maySilence(server) ? .servfail : shape
            }
        } else if dice.chance(75) {
            shapes = [.confirmed]
        }
        if helo.needsConfirmedPointer, !shapes.contains(where: \.isPlainlyConfirmed) {
            shapes.insert(.confirmed, at: dice.chance(50) ? 0 : shapes.count)
        }
        if helo == .unconfirmedPointer {
            shapes.append(
                dice.pick([.elsewhere, .noSuchName, .servfail, .underscore, .otherFamily]))
        }
        guard !shapes.isEmpty else {
            let status = hand.statuses.draw(&dice)
            plot.addReverse(status == .timeout && !maySilence(server) ? .servfail : status)
            return Plot.Pointers()
        }
        var pointers = Plot.Pointers()
        var names: [String] = []
        for shape in shapes {
            names.append(plot.pointerName(shape))
            plot.features.append("ptr\(names.count):\(shape.rawValue)")
            if shape.isPlainlyConfirmed {
                pointers.confirmed.append(names[names.count - 1])
            } else {
                pointers.unconfirmed.append(names[names.count - 1])
            }
        }
        plot.addReverse(names, throughAlias: dice.chance(10))
        return pointers
    }

    /// Takes one of the silent questions that are left.
    private mutating func maySilence(_ server: Server) -> Bool {
        guard let left = silentLeft[server] else { return true }
        silentLeft[server] = left - 1
        return left > 0
    }
}
