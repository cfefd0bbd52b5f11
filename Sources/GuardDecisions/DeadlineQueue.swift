/// Who gives up when: a binary heap, the earliest first.
///
/// Those who got their answer are passed over when their time comes.
struct DeadlineQueue: Sendable {
    struct Deadline: Sendable {
        let at: Duration
        let waiter: DecisionCache.Waiter
        let key: DecisionKey
    }

    private var heap: [Deadline] = []

    var first: Deadline? { heap.first }

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
}
