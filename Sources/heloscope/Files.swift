import Glibc

/// Reading and writing whole files as bytes, with named limits and clear errors.
enum Files {
    /// Reads at most `limit` bytes.
    /// - Throws: ``UserError`` with exit code 64: the user named the file.
    static func read(_ path: String, limit: Int, what: String) throws -> [UInt8] {
        // A pipe that nobody writes to must not hold us at opening.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw UserError.usage(
                "\(what) \(shown(path)): \(errorText(errno))", hint: "give the path of a file")
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = chunk.withUnsafeMutableBytes {
                Glibc.read(descriptor, $0.baseAddress, $0.count)
            }
            if count == 0 { return bytes }
            guard count > 0 else {
                if errno == EINTR { continue }
                if errno == EAGAIN, waits(for: descriptor) { continue }
                throw UserError.usage(
                    "\(what) \(shown(path)): \(errorText(errno))", hint: "give the path of a file")
            }
            bytes += chunk[..<count]
            guard bytes.count <= limit else {
                throw UserError.usage(
                    "\(what) \(shown(path)): larger than \(limit) bytes",
                    hint: "is it the right file?")
            }
        }
    }

    /// Whether something that can be read stands there.
    static func isFile(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT != S_IFDIR
    }

    /// Milliseconds that a pipe's writer may take for its next bytes.
    private static let patience: Int32 = 10_000

    /// Waits for a pipe's next bytes.
    /// - Parameter descriptor: Of the pipe.
    /// - Returns: False when none came in time; errno says so then.
    private static func waits(for descriptor: Int32) -> Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        if poll(&entry, 1, patience) > 0 { return true }
        errno = ETIMEDOUT
        return false
    }

    /// Writes a file beside its place and renames it, so that a full disk never leaves half a file.
    ///
    /// A link is followed. A device or a pipe is written to as it is: renaming would replace it.
    /// - Throws: ``UserError`` with exit code 74.
    static func write(_ bytes: [UInt8], to path: String) throws {
        var status = stat()
        let exists = stat(path, &status) == 0
        if exists, status.st_mode & S_IFMT != S_IFREG {
            try writeStraight(bytes, to: path)
        } else {
            try replace(exists ? resolved(path) : path, by: bytes)
        }
    }

    private static func writeStraight(_ bytes: [UInt8], to path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path, errno) }
        var code = Descriptor.write(bytes, to: descriptor)
        if close(descriptor) != 0, code == nil { code = errno }
        if let code { throw failure(path, code) }
    }

    /// The path behind links.
    private static func resolved(_ path: String) -> String {
        guard let pointer = realpath(path, nil) else { return path }
        defer { free(pointer) }
        return String(cString: pointer)
    }

    private static func replace(_ path: String, by bytes: [UInt8]) throws {
        let temporary = path + ".\(getpid()).tmp"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw failure(path, errno) }
        var code = Descriptor.write(bytes, to: descriptor)
        if close(descriptor) != 0, code == nil { code = errno }
        if code == nil, rename(temporary, path) != 0 { code = errno }
        guard let code else { return }
        unlink(temporary)
        throw failure(path, code)
    }

    private static func failure(_ path: String, _ code: Int32) -> UserError {
        .inputOutput(
            "cannot write \(shown(path)): \(errorText(code))", hint: "give another file to write")
    }

    /// A path as printable ASCII: it is the user's, but a terminal obeys every byte.
    static func shown(_ path: String) -> String {
        shownArgument(path)
    }
}

/// A user's argument for an error line: odd bytes escaped, long ones cut.
func shownArgument(_ text: String) -> String {
    var shown = ""
    for byte in text.utf8.prefix(80) {
        if byte >= 0x20, byte < 0x7f {
            shown.unicodeScalars.append(Unicode.Scalar(byte))
        } else {
            let digits = String(byte, radix: 16)
            shown += "\\x" + (digits.utf8.count < 2 ? "0" : "") + digits
        }
    }
    return text.utf8.count > 80 ? "'\(shown)…'" : "'\(shown)'"
}
