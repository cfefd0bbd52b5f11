import Glibc

/// What systemd passes on and wants to be told (sd_listen_fds(3), sd_notify(3)).
enum ServiceManager {
    /// The first descriptor that is passed on.
    private static let firstDescriptor: CInt = 3

    /// The socket that the service manager opened for us, if it did.
    static var passedSocket: CInt? {
        guard let owner = variable("LISTEN_PID"), Int32(owner) == getpid(),
            let count = variable("LISTEN_FDS").flatMap({ Int($0) }), count >= 1
        else { return nil }
        return firstDescriptor
    }

    /// Tells the service manager that connections are accepted.
    static func tellReady() { tell("READY=1") }

    static func tell(_ state: String) {
        guard let path = variable("NOTIFY_SOCKET"), let first = path.utf8.first,
            first == UInt8(ascii: "/") || first == UInt8(ascii: "@")
        else { return }
        var bytes = Array(path.utf8)
        // An abstract address begins with a zero byte.
        if first == UInt8(ascii: "@") { bytes[0] = 0 }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count)
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                let message = Array(state.utf8)
                _ = sendto(
                    descriptor, message, message.count, Int32(MSG_NOSIGNAL), pointer,
                    length)
            }
        }
    }

    private static func variable(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }
    }
}
