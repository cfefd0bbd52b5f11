/// Who gives up when: a binary heap, the earliest first.
///
/// Those who got their answer are passed over when their time comes, or taken out before
/// (``keep(where:)``).
struct DeadlineQueue: Sendable {
    struct Deadline: Sendable {
        let at: Duration
        let waiter: DecisionCache.Waiter
        let key: DecisionKey
    }

    private var heap: [Deadline] = []

    var first: Deadline? { heap.first }
    var count: Int { heap.count }

    mutating func insert(_ deadline: Deadline) {
        heap.append(deadline)
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].at < heap[parent].at else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    mutating func removeFirst() {
        guard let last = heap.popLast(), !heap.isEmpty else { return }
        heap[0] = last
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < heap.count && heap[child].at < heap[least].at {
                least = child
            }
            guard least != parent else { return }
            heap.swapAt(least, parent)
            parent = least
        }
    }

    /// Takes out all others.
    mutating func keep(where isWanted: (Deadline) -> Bool) {
        // In order they are a heap again.
        heap = heap.filter(isWanted).sorted { $0.at < $1.at }
    }
}
