import LookupEngine
import Synchronization

/// Random numbers from a seed for a closure that is shared and may keep no state of its own.
final class Dice: Sendable {
    private let generator: Mutex<SeededGenerator>

    init(seed: UInt64) {
        generator = Mutex(SeededGenerator(seed: seed))
    }

    func roll(_ sides: Int) -> Int {
        generator.withLock { .random(in: 0..<sides, using: &$0) }
    }
}

/// Counts the labels of a delegation that gets deeper with each question.
final class Depth: Sendable {
    private let labels = Mutex(0)

    func next() -> Int {
        labels.withLock { labels in
            labels += 1
            return labels
        }
    }
}
