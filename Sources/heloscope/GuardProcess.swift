import Glibc

/// What the guard has to see to about its own process.
enum GuardProcess {
    /// Descriptors for a thousand connections of each protocol, and room.
    private static let enough: rlim_t = 65_536

    /// Takes as many descriptors as the system allows, up to what is of use: shells give 1,024.
    static func raiseDescriptorLimit() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        let wanted = min(enough, limit.rlim_max)
        guard limit.rlim_cur < wanted else { return }
        limit.rlim_cur = wanted
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }

    /// Keeps what is logged out of the protocol.
    ///
    /// spawn(8) connects all three standard streams with its client, by a socket: where errors would
    /// go to the client, they go nowhere, and the log is the file that the settings name. Whoever
    /// tries it on a terminal or in a pipe sees them.
    static func separateErrors() {
        var output = stat()
        var errors = stat()
        guard fstat(STDOUT_FILENO, &output) == 0, fstat(STDERR_FILENO, &errors) == 0,
            output.st_mode & S_IFMT == S_IFSOCK, output.st_dev == errors.st_dev,
            output.st_ino == errors.st_ino
        else { return }
        let nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC)
        guard nowhere >= 0 else { return }
        dup2(nowhere, STDERR_FILENO)
        close(nowhere)
    }
}
