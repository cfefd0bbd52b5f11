package import DNSModel
import DNSWire
import NetNames
package import SenderIdentity

/// A virtual DNS server: real bytes in, real bytes out, and the faults it was told to have.
package struct ScriptedServer: Sendable {
    /// What attempts name it as: `address#port`, or a zone file's name.
    package let label: String
    /// From a query to its answer when nothing else delays it.
    package let latency: Duration
    private let reply: @Sendable (Question) -> WorldReply
    private let faults: @Sendable (Question) -> [Fault]
    /// Queries seen for each question.
    private var seen: [Question: Int] = [:]

    package init(
        label: String, latency: Duration = .milliseconds(1),
        reply: @escaping @Sendable (Question) -> WorldReply,
        faults: @escaping @Sendable (Question) -> [Fault] = { _ in [] }
    ) {
        self.label = label
        self.latency = latency
        self.reply = reply
        self.faults = faults
    }

    /// Something the server does some time after a query.
    package struct Delivery: Hashable, Sendable {
        package enum Content: Hashable, Sendable {
            /// A datagram, or a piece of the stream.
            case bytes([UInt8])
            /// The connection ends.
            case close
        }

        package let content: Content
        package let delay: Duration
        /// False for a datagram that comes from another address.
        package let isFromServer: Bool
    }

    /// How many pieces of a trickle are delivered: half a minute, longer than anyone waits.
    private static let tricklePieces = 30

    /// Answers one query, without the length that TCP puts before it.
    ///
    /// Faults that only datagrams can have (forgery, another sender, twice) do not show over TCP.
    package mutating func answer(
        _ query: [UInt8], over transport: Observation.Transport, alsoFailing extra: [Fault] = []
    ) -> [Delivery] {
        guard let message = try? Message(reading: query), let question = message.questions.first,
            !message.flags.contains(.response)
        else { return [] }
        seen[question, default: 0] += 1
        var answer = ScriptedAnswer(
            to: message, question, world: reply(question), attempt: seen[question, default: 1])
        for fault in faults(question) + extra { answer.apply(fault, over: transport) }
        guard !answer.isSilent else { return [] }
        switch transport {
        case .udp: return datagrams(of: answer)
        case .tcp: return stream(of: answer)
        }
    }

    private func datagrams(of answer: ScriptedAnswer) -> [Delivery] {
        let datagram = Delivery(
            content: .bytes(answer.datagram), delay: answer.delay,
            isFromServer: !answer.comesFromElsewhere)
        var deliveries = Array(repeating: datagram, count: answer.isTwice ? 2 : 1)
        if let forgery = answer.forgery {
            let forged = Delivery(
                content: .bytes(forgery), delay: answer.delay, isFromServer: true)
            deliveries.insert(forged, at: 0)
        }
        return deliveries
    }

    private func stream(of answer: ScriptedAnswer) -> [Delivery] {
        let framed = StreamFrame.bytes(around: answer.bytes)
        switch answer.stream {
        case .silent:
            return []
        case .refused:
            return [.init(content: .close, delay: answer.delay, isFromServer: true)]
        case .trickling:
            return framed.prefix(Self.tricklePieces).enumerated().map { second, byte in
                .init(content: .bytes([byte]), delay: .seconds(second), isFromServer: true)
            }
        case .whole:
            return [.init(content: .bytes(framed), delay: answer.delay, isFromServer: true)]
        }
    }
}
