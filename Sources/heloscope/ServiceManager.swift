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

    /// All sockets that were passed on, by their names (`FileDescriptorName=`); in their order.
    static var passedSockets: [(name: String, descriptor: CInt)] {
        guard passedSocket != nil, let count = variable("LISTEN_FDS").flatMap({ Int($0) }),
            (1...mostSockets).contains(count)
        else { return [] }
        let names = variable("LISTEN_FDNAMES").map { $0.split(separator: ":") } ?? []
        return (0..<count).map { index in
            let name = index < names.count ? String(names[index]) : "unknown"
            return (name, firstDescriptor + CInt(index))
        }
    }

    /// More than any service of ours has.
    private static let mostSockets = 64

    /// Tells the service manager that the settings are being read anew; ready follows.
    static func tellReloading() {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        let microseconds = Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
        tell("RELOADING=1\nMONOTONIC_USEC=\(microseconds)")
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
