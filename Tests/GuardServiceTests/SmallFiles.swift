#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

func unlinkFile(_ path: String) { unlink(path) }

func moveFile(_ path: String, to other: String) { rename(path, other) }

/// How many descriptors of this process are of files whose path begins so.
func descriptors(toFilesLike path: String) -> Int {
    var found = 0
    var target = [CChar](repeating: 0, count: 4096)
    let start = path.utf8.map { CChar(bitPattern: $0) }
    for number in 0..<4096 {
        let count = readlink("/proc/self/fd/\(number)", &target, target.count)
        if count > 0, target.prefix(count).starts(with: start) { found += 1 }
    }
    return found
}

/// The text of a small file, empty where there is none.
func textOfFile(_ path: String) -> String {
    guard let file = fopen(path, "r") else { return "" }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    let count = fread(&bytes, 1, bytes.count, file)
    return String(decoding: bytes.prefix(count), as: UTF8.self)
}

/// Permissions and kind of what stands at a path; nil for nothing.
func modeOfFile(_ path: String) -> UInt32? {
    var status = stat()
    return lstat(path, &status) == 0 ? UInt32(status.st_mode) : nil
}

/// Leaves a Unix socket that nobody listens on.
func makeStaleSocket(_ path: String) {
    let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
    _ = withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
    }
}
