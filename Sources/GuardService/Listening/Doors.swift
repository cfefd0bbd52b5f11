import Glibc
import NIOCore
import NIOPosix
import NetNames
import ServerSockets
import Synchronization

/// The listening sockets: opened together, closed together.
final class Doors: Sendable {
    private let desk: Desk
    private let group: any EventLoopGroup
    private let state = Mutex(State())

    private struct State {
        var channels: [any Channel] = []
        var files: [String: SocketFiles.Identity] = [:]
    }

    /// Connections that may wait in the kernel until they are accepted.
    private static let backlog: Int32 = 1024

    init(_ desk: Desk, on group: any EventLoopGroup) {
        self.desk = desk
        self.group = group
    }

    /// Opens one.
    /// - Returns: The port, or 0.
    /// - Throws: ``ListeningError``.
    func open(_ listener: GuardListener) async throws -> Int {
        do {
            let channel = try await bind(listener)
            state.withLock { $0.channels.append(channel) }
            return channel.localAddress?.port ?? 0
        } catch let error as IOError {
            throw ListeningError(
                what: listener.place.description,
                reason: String(cString: strerror(error.errnoCode)))
        }
    }

    func close() async {
        let (channels, files) = state.withLock { state in
            defer { state = State() }
            return (state.channels, state.files)
        }
        for (path, identity) in files { SocketFiles.remove(path, if: identity) }
        for channel in channels { try? await channel.close() }
    }

    private func bind(_ listener: GuardListener) async throws -> any Channel {
        let desk = desk
        let speaks = listener.speaks
        var bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: Self.backlog)
            .serverChannelInitializer { server in
                server.eventLoop.makeCompletedFuture {
                    try server.pipeline.syncOperations.addHandler(AcceptPause())
                }
            }
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            // A request comes in one piece; asking once more would be in vain.
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelInitializer { child in
                child.eventLoop.makeCompletedFuture {
                    guard desk.metrics.open(speaks, most: desk.options.limits.connections) else {
                        throw TooManyConnections()
                    }
                    child.closeFuture.whenComplete { _ in desk.metrics.closed(speaks) }
                    guard let lane = desk.lane(on: child.eventLoop) else { return }
                    try lane.fit(child, for: speaks)
                }
            }
        switch listener.place {
        case .tcp(let address, let port):
            bootstrap =
                bootstrap
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            return try await bootstrap.bind(host: address.description, port: Int(port)).get()
        case .descriptor(let number):
            return try await bootstrap.withBoundSocket(number).get()
        case .unix(let file):
            try SocketFiles.clear(file)
            // Nobody gets in before mode and group are set.
            let mask = umask(0o177)
            defer { umask(mask) }
            let channel = try await bootstrap.bind(unixDomainSocketPath: file.path).get()
            do {
                try SocketFiles.open(file)
            } catch {
                try? await channel.close()
                unlink(file.path)
                throw error
            }
            let identity = SocketFiles.identity(of: file.path)
            state.withLock { $0.files[file.path] = identity }
            return channel
        }
    }
}

/// Why a connection is closed as soon as it is there.
private struct TooManyConnections: Error {}
