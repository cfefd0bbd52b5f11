import Glibc

/// The process's file descriptors: each connection takes one.
enum Descriptors {
    /// Left for the database, the resolvers' sockets of all checks, and files.
    private static let reserve = 1024

    /// What the system lets each listener have.
    struct Share {
        /// Connections of each, in the order they were asked for.
        let connections: [Int]
        /// The limit of open files.
        let files: Int
        /// Whether it is less than was wanted.
        let isShort: Bool
    }

    /// How many connections the system lets us have, after the limit was raised as far as it goes.
    /// - Parameter wanted: What the settings say, for each listener.
    /// - Returns: That many; or less, with an equal part for each that does not want less itself.
    static func share(_ wanted: [Int]) -> Share {
        let possible = raised()
        // Of few descriptors half are for connections: better than none.
        var left = possible - min(reserve, possible / 2)
        var connections = wanted
        let modestFirst = wanted.indices.sorted { wanted[$0] < wanted[$1] }
        for (place, index) in modestFirst.enumerated() {
            connections[index] = max(1, min(wanted[index], left / (wanted.count - place)))
            left -= connections[index]
        }
        return Share(connections: connections, files: possible, isShort: connections != wanted)
    }

    private static func raised() -> Int {
        var limit = rlimit()
        let files = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(files, &limit) == 0 else { return .max }
        if limit.rlim_cur < limit.rlim_max {
            let old = limit
            limit.rlim_cur = limit.rlim_max
            if setrlimit(files, &limit) != 0 { limit = old }
        }
        return Int(clamping: limit.rlim_cur)
    }
}
