/// A connection that has limits of time, and an end.
protocol GuardedConnection: AnyObject {
    /// Where the list keeps it.
    var place: Int { get set }

    /// Ends it if it takes too long.
    func check(at now: Duration)
    /// Ends it as soon as the peer would not notice.
    func drain()
    /// Ends it now.
    func close()
}

/// The connections of a lane.
struct ConnectionList {
    private var all: [any GuardedConnection] = []

    var count: Int { all.count }

    mutating func add(_ connection: any GuardedConnection) {
        connection.place = all.count
        all.append(connection)
    }

    mutating func remove(_ connection: any GuardedConnection) {
        let place = connection.place
        guard place < all.count, all[place] === connection, let last = all.popLast() else {
            return
        }
        guard last !== connection else { return }
        last.place = place
        all[place] = last
    }

    /// Those that are there now: what is done with them may close them.
    var snapshot: [any GuardedConnection] { all }
}
