import Glibc
import Logging

/// The process's file descriptors: each connection takes one.
enum Descriptors {
    /// Left for the database, the resolvers' sockets of all checks, and files.
    private static let reserve = 1024

    /// How many connections the system lets us have, after the limit was raised as far as it goes.
    /// - Parameters:
    ///   - wanted: What the settings say.
    ///   - logger: Told when it is less.
    /// - Returns: That many, or less.
    static func connections(_ wanted: Int, logger: Logger) -> Int {
        var limit = rlimit()
        let files = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(files, &limit) == 0 else { return wanted }
        if limit.rlim_cur < limit.rlim_max {
            let old = limit
            limit.rlim_cur = limit.rlim_max
            if setrlimit(files, &limit) != 0 { limit = old }
        }
        let possible = Int(clamping: limit.rlim_cur)
        // Of few descriptors half are for connections: better than none.
        let most = max(1, possible - min(reserve, possible / 2))
        guard most < wanted else { return wanted }
        logger.warning(
            "fewer connections than max-connections: raise the limit of open files",
            metadata: ["connections": "\(most)", "open-files": "\(possible)"])
        return most
    }
}
