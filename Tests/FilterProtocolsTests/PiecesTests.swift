import FilterProtocols
import FuzzEntries
import NetNames
import Testing

/// A stream means the same in whatever pieces it comes, and breaks no law of the fuzzers.
@Suite struct PiecesTests {
    struct Transcript: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let entry: FuzzEntry
        let stream: [UInt8]

        static func policy(_ label: String, _ stream: [UInt8]) -> Transcript {
            Transcript(testDescription: "policy: \(label)", entry: .policy, stream: stream)
        }
        static func milter(_ label: String, _ settings: UInt8, _ stream: [UInt8]) -> Transcript {
            Transcript(
                testDescription: "milter: \(label)", entry: .milter, stream: [settings] + stream)
        }
        static func exim(_ label: String, _ stream: [UInt8]) -> Transcript {
            Transcript(testDescription: "Exim: \(label)", entry: .eximLine, stream: stream)
        }
        static func openSMTPD(_ label: String, _ stream: [UInt8]) -> Transcript {
            Transcript(testDescription: "OpenSMTPD: \(label)", entry: .openSMTPD, stream: stream)
        }

        static func smtp(_ label: String, _ settings: UInt8, _ text: String) -> Transcript {
            Transcript(
                testDescription: "SMTP: \(label)", entry: .smtp,
                stream: [settings] + Array(text.utf8))
        }

        private static let several: [UInt8] = (0..<8).flatMap {
            PolicyStream.request(["instance": "\($0 / 2)"])
        }

        private static let honest: [Transcript] =
            [
                .policy("a request", PolicyStream.request()),
                .policy("requests behind each other", several),
                .policy("without an address", PolicyStream.request(without: ["client_address"])),
                .policy("half of one", Array(PolicyStream.request().dropLast(40))),
                .milter("a message, judged at MAIL", 2, MilterStream.message),
                .milter("a message, judged at RCPT", 3, MilterStream.message),
                .milter("without stripping", 1, MilterStream.message),
                .milter("an old server", 2, MilterStream.offer(2, 0x1f, 0) + MilterStream.client),
                .milter("cut in a frame", 2, Array(MilterStream.message.dropLast(3))),
                .exim("a request", ascii("check ip=192.0.2.1 helo=\"a b\"\n")),
                .exim("without a line end", ascii("check ip=192.0.2.1")),
                .smtp("a mail refused", 0, SMTPStream.mail), .smtp("accepted", 1, SMTPStream.mail),
                .smtp("over TLS", 2, "EHLO a.example\r\nSTARTTLS\r\n" + SMTPStream.mail),
                .smtp("sent ahead", 1, String(repeating: SMTPStream.mail, count: 4)),
                .openSMTPD("a session", OpenSMTPDStream.whole),
            ]

        private static let policyAbuse: [Transcript] = PolicyTests.Abuse.all.map {
            .policy($0.testDescription, $0.stream)
        }

        private static let milterAbuse: [Transcript] = MilterTests.Abuse.all.map {
            .milter($0.testDescription, 2, $0.stream)
        }

        /// Longer ones fill what may wait during a decision, so there pieces make a difference.
        private static let longest = 60_000

        static let all = (honest + policyAbuse + milterAbuse).filter { $0.stream.count < longest }
    }

    @Test(arguments: Transcript.all)
    func `byte by byte is as at once`(transcript: Transcript) {
        #expect(transcript.entry.breach(by: transcript.stream) == nil)
    }

    @Test(arguments: Transcript.all)
    func `a stream cut or broken anywhere keeps the laws`(transcript: Transcript) {
        var random = Seeded(state: 6)
        for _ in 0..<60 {
            var stream = transcript.stream
            let index = Int.random(in: 0..<stream.count, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0: stream.removeSubrange(index...)
            case 1: stream[index] = UInt8.random(in: 0...255, using: &random)
            case 2: stream.remove(at: index)
            default: stream.insert(UInt8.random(in: 0...255, using: &random), at: index)
            }
            #expect(transcript.entry.breach(by: stream) == nil)
        }
    }
}
