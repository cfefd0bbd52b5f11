import Glibc

/// A file that is its owner's alone: names and addresses of those who were looked up are in it.
enum PrivateFile {
    /// Makes the file where there is none, and takes others' rights away where it has them.
    ///
    /// SQLite gives its journal the rights of the file. What cannot be opened is left to SQLite,
    /// which says why.
    static func prepare(_ path: String) throws {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0o600)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            status.st_mode & 0o077 != 0
        else { return }
        _ = fchmod(descriptor, status.st_mode & 0o700)
    }
}
