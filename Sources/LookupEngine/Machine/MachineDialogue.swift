package import SenderIdentity

/// One socket of the driver: every datagram query gets a fresh one, and so a fresh port.
package struct SocketToken: Hashable, Sendable {
    package let rawValue: Int

    package init(rawValue: Int) {
        self.rawValue = rawValue
    }
}

/// What happened on the network or on the clock.
package enum MachineEvent: Hashable, Sendable {
    /// A datagram came; `isFromServer` is false when its sender is not the server asked.
    case datagram(SocketToken, [UInt8], isFromServer: Bool)
    case connected(SocketToken)
    /// Bytes of a connection, in pieces of any size.
    case bytes(SocketToken, [UInt8])
    /// The connection ended.
    case closed(SocketToken)
    /// No route, connection refused, no socket to be had.
    case sendFailed(SocketToken)
    /// The time of the last ``MachineAction/wake(at:)`` is here; early ones do no harm.
    case timer
}

/// What the driver is to do; a server is an index into the machine's list.
///
/// Indirect where it is large: actions are handed on more often than they are looked into.
package enum MachineAction: Hashable, Sendable {
    /// Open a datagram socket connected to the server, and send.
    case sendDatagram(SocketToken, server: Int, [UInt8])
    case connect(SocketToken, server: Int)
    case sendBytes(SocketToken, [UInt8])
    /// The socket is not needed any more; closing an unknown one means nothing.
    case close(SocketToken)
    /// Give a ``MachineEvent/timer`` at this time; replaces an earlier wish.
    case wake(at: Duration)
    indirect case finished(PlannedQuestion, Observation)
    /// What the one server that was asked said, under the asker's number.
    indirect case probed(Int, Observation)
}
