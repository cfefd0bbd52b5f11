import GuardDecisions
package import Logging
import NIOCore
import NIOPosix
import Synchronization

/// The guard as a service: listeners in front, decisions behind.
package final class GuardServer: Sendable {
    private let desk: Desk
    private let doors: Doors
    private let group: MultiThreadedEventLoopGroup
    private let logger: Logger

    /// How often the limits of connections are looked at.
    private static let checking = TimeAmount.milliseconds(250)

    /// Prepares the service; nothing is listened on yet.
    /// - Parameters:
    ///   - options: What the settings say.
    ///   - configuration: What a reload may replace.
    ///   - logger: Told of the service's own affairs; decisions have a log of their own.
    /// - Throws: ``ListeningError`` when the log cannot be opened.
    package init(
        _ options: GuardOptions, _ configuration: GuardConfiguration, logger: Logger
    ) async throws {
        desk = Desk(options, log: try DecisionLog(path: options.logFile))
        let threads = max(1, options.threads)
        group = MultiThreadedEventLoopGroup(numberOfThreads: threads)
        doors = Doors(desk, on: group)
        self.logger = logger
        var lanes: [NIOLoopBound<Lane>] = []
        for (number, eventLoop) in group.makeIterator().enumerated() {
            let desk = desk
            let lane = try await eventLoop.submit {
                let lane = Lane(
                    desk, configuration, number: number, of: threads, on: eventLoop)
                let bound = NIOLoopBound(lane, eventLoop: eventLoop)
                eventLoop.scheduleRepeatedTask(
                    initialDelay: Self.checking, delay: Self.checking
                ) { _ in
                    let now = desk.now
                    for connection in bound.value.connections.snapshot {
                        connection.check(at: now)
                    }
                }
                return bound
            }.get()
            lanes.append(lane)
        }
        let all = lanes
        for lane in all { try await lane.eventLoop.submit { lane.value.all = all }.get() }
        desk.open(all)
    }

    /// Opens the listeners.
    /// - Returns: Their ports, 0 for those that have none, in the order of the options.
    /// - Throws: ``ListeningError``; then nothing is listened on.
    package func listen() async throws -> [Int] {
        var ports: [Int] = []
        for listener in desk.options.listeners {
            do {
                let port = try await doors.open(listener)
                ports.append(port)
                logger.info(
                    "listening",
                    metadata: [
                        "protocol": "\(listener.speaks.rawValue)", "at": "\(listener.place)",
                        "port": "\(port)",
                    ])
            } catch {
                await doors.close()
                throw error
            }
        }
        return ports
    }

    /// Speaks a protocol on two descriptors, as spawn(8) and smtpd give them, until the peer is gone.
    package func serve(_ speaks: GuardProtocol, input: CInt, output: CInt) async throws {
        let desk = desk
        let channel = try await NIOPipeBootstrap(group: group)
            .channelOption(.allowRemoteHalfClosure, value: true)
            // A session is asked before each read whether it wants more, as on a socket (`Doors`).
            .channelOption(.maxMessagesPerRead, value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    _ = desk.metrics.open(speaks, most: .max)
                    channel.closeFuture.whenComplete { _ in desk.metrics.closed(speaks) }
                    guard let lane = desk.lane(on: channel.eventLoop) else { return }
                    try lane.fit(channel, for: speaks)
                }
            }
            .takingOwnershipOfDescriptors(input: input, output: output).get()
        try? await channel.closeFuture.get()
    }

    /// Puts new rules into force; no connection is touched.
    ///
    /// A request that waits is judged by the rules it came under. What is remembered stays: facts
    /// that lack names which new rules need are known by it (`GuardFacts.hasEveryName`).
    package func reload(_ configuration: GuardConfiguration) async {
        for lane in desk.lanes {
            try? await lane.eventLoop.submit { lane.value.ruling = Ruling(configuration) }.get()
        }
        desk.metrics.reloaded(isValid: true)
        reopenLog()
    }

    /// Counts a reload that brought nothing.
    package func keptOldConfiguration() {
        desk.metrics.reloaded(isValid: false)
        reopenLog()
    }

    private func reopenLog() {
        do {
            try desk.log.reopen()
        } catch {
            logger.error("the log stays the old one", metadata: ["error": "\(error)"])
        }
    }

    /// Stops listening, lets open sessions end, and ends.
    package func shutDown() async {
        guard desk.end() else { return }
        await doors.close()
        for lane in desk.lanes {
            lane.eventLoop.execute {
                for connection in lane.value.connections.snapshot { connection.drain() }
            }
        }
        let end = desk.now + desk.options.limits.drain
        while desk.metrics.connections > 0, desk.now < end {
            try? await Task.sleep(for: .milliseconds(20))
        }
        for lane in desk.lanes {
            try? await lane.eventLoop.submit {
                lane.value.shutDown()
                for connection in lane.value.connections.snapshot { connection.close() }
            }.get()
        }
        await desk.log.shutDown()
        try? await group.shutdownGracefully()
    }
}
