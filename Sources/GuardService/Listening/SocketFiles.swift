import Glibc

/// Making and removing Unix sockets in the file system.
enum SocketFiles {
    /// Removes a socket that nobody listens on any more.
    /// - Throws: ``ListeningError`` when somebody does, or when it is no socket.
    static func clear(_ file: UnixSocketFile) throws {
        var status = stat()
        guard lstat(file.path, &status) == 0 else { return }
        guard status.st_mode & S_IFMT == S_IFSOCK else {
            throw ListeningError(what: file.path, reason: "there is a file that is no socket")
        }
        if isAnswered(file.path) {
            throw ListeningError(what: file.path, reason: "another process listens there")
        }
        unlink(file.path)
    }

    /// Lets those in who may connect; until then nobody but the owner can.
    /// - Throws: ``ListeningError`` for a group that does not exist or is not ours to give.
    static func open(_ file: UnixSocketFile) throws {
        if !file.group.isEmpty {
            guard let group = number(ofGroup: file.group) else {
                throw ListeningError(what: file.path, reason: "no such group: \(file.group)")
            }
            guard chown(file.path, uid_t.max, group) == 0 else { throw failure(file) }
        }
        guard chmod(file.path, mode_t(file.mode)) == 0 else { throw failure(file) }
    }

    /// Which file stands at a path.
    struct Identity: Hashable {
        let device: dev_t
        let inode: ino_t
    }

    static func identity(of path: String) -> Identity? {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        return Identity(device: status.st_dev, inode: status.st_ino)
    }

    /// Removes our own socket, not one that a successor has put there.
    static func remove(_ path: String, if identity: Identity?) {
        guard let identity, Self.identity(of: path) == identity else { return }
        unlink(path)
    }

    private static func isAnswered(_ path: String) -> Bool {
        let descriptor = socket(
            AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue),
            0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return false }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        // A full queue belongs to somebody, too.
        return result == 0 || errno == EAGAIN
    }

    private static func number(ofGroup name: String) -> gid_t? {
        if let number = gid_t(name) { return number }
        guard let entry = getgrnam(name) else { return nil }
        return entry.pointee.gr_gid
    }

    private static func failure(_ file: UnixSocketFile) -> ListeningError {
        ListeningError(what: file.path, reason: String(cString: strerror(errno)))
    }
}

/// Why the guard cannot listen or log somewhere.
package struct ListeningError: Error, Hashable, Sendable {
    /// The address or the path.
    package let what: String
    /// The system's words.
    package let reason: String
}
