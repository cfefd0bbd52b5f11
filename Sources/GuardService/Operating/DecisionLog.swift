import Glibc
import NIOPosix
import NetNames
import Synchronization

/// Where decisions are logged, a line each: written by a thread of its own, so that a slow disk or a
/// full pipe keeps no client waiting.
///
/// Lines that find the buffer full are dropped and counted.
final class DecisionLog: Sendable {
    private struct State {
        var buffer: [UInt8] = []
        var dropped = 0
        var isWriting = false
        var isClosed = false
        var descriptor: CInt
        /// Those that the writer may be using; it closes them between two batches.
        var retired: [CInt] = []
    }

    /// Empty for the standard error.
    private let path: String
    private let state: Mutex<State>
    private let pool = NIOThreadPool(numberOfThreads: 1)

    /// Some 10,000 lines: half a second at full load.
    static let most = 4 << 20
    /// Microseconds that lines are gathered for, since waking a thread for each costs more than they.
    private static let gathering: UInt32 = 10_000

    /// Opens the log.
    /// - Throws: ``ListeningError`` with the path.
    init(path: String) throws {
        self.path = path
        state = Mutex(State(descriptor: try Self.open(path)))
        pool.start()
    }

    /// Lines that were not written.
    var dropped: Int { state.withLock { $0.dropped } }

    func append(_ line: [UInt8]) {
        let mustStart = state.withLock { state in
            guard !state.isClosed, state.buffer.count + line.count <= Self.most else {
                state.dropped += 1
                return false
            }
            state.buffer += line
            defer { state.isWriting = true }
            return !state.isWriting
        }
        if mustStart { pool.submit { _ in self.write() } }
    }

    /// Opens the file anew, after it was moved away; the old one stays if that fails.
    func reopen() throws {
        guard !path.isEmpty else { return }
        let fresh = try Self.open(path)
        let unused = state.withLock { state -> CInt in
            guard !state.isClosed else { return fresh }
            let old = state.descriptor
            state.descriptor = fresh
            guard state.isWriting else { return old }
            state.retired.append(old)
            return -1
        }
        if unused >= 0 { close(unused) }
    }

    /// Writes what is left.
    func shutDown() async {
        state.withLock { $0.isClosed = true }
        try? await pool.shutdownGracefully()
        write()
        // Nobody replaces it any more.
        if !path.isEmpty { close(state.withLock { $0.descriptor }) }
    }

    private func write() {
        while true {
            usleep(Self.gathering)
            let (lines, descriptor, retired) = state.withLock { state in
                defer { (state.buffer, state.retired) = ([], []) }
                if state.buffer.isEmpty { state.isWriting = false }
                return (state.buffer, state.descriptor, state.retired)
            }
            for old in retired { close(old) }
            guard !lines.isEmpty else { return }
            let lost = Self.write(lines, to: descriptor)
            if lost > 0 { state.withLock { $0.dropped += lost } }
        }
    }

    /// - Returns: How many lines could not be written, one that was cut among them.
    private static func write(_ bytes: [UInt8], to descriptor: CInt) -> Int {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if count < 0, errno == EAGAIN {
                var entry = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&entry, 1, 1000)
            } else if count < 0, errno == EINTR {
                continue
            } else {
                return rest.count { $0 == Ascii.lineFeed }
            }
        }
        return 0
    }

    private static func open(_ path: String) throws -> CInt {
        guard !path.isEmpty else { return STDERR_FILENO }
        let descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else {
            throw ListeningError(what: "log \(path)", reason: String(cString: strerror(errno)))
        }
        return descriptor
    }
}
