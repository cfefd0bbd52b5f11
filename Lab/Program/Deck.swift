import LookupEngine

/// Draws cards by weight and without replacement, so that rare ones come as often as they should.
struct Deck<Card> {
    private let cards: [Card]
    private var rest: [Card] = []

    init(_ weighted: [(Card, Int)]) {
        cards = weighted.flatMap { Array(repeating: $0.0, count: $0.1) }
    }

    mutating func draw(_ dice: inout Dice) -> Card {
        if rest.isEmpty { rest = cards.shuffled(using: &dice.generator) }
        return rest.removeLast()
    }
}

/// Everything random in a run, from one seed.
struct Dice {
    var generator: SeededGenerator

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
    }

    mutating func number(_ range: ClosedRange<Int>) -> Int {
        Int.random(in: range, using: &generator)
    }

    mutating func chance(_ percent: Int) -> Bool { number(1...100) <= percent }

    mutating func pick<Value>(_ values: [Value]) -> Value {
        values[number(0...(values.count - 1))]
    }
}
