import FilterProtocols
import Foundation
import MailListener
import Testing

@Suite(.timeLimit(.minutes(1))) struct SecuredTests {
    /// A certificate of its own making, gone after the test.
    private static func withCertificate(
        _ body: (_ certificate: String, _ key: String) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let certificate = folder.appending(path: "chain.pem").path()
        let key = folder.appending(path: "key.pem").path()
        let openssl = Process()
        openssl.executableURL = URL(filePath: "/usr/bin/openssl")
        openssl.arguments = [
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-subj", "/CN=mx.example.net", "-days", "2", "-keyout", key, "-out", certificate,
        ]
        openssl.standardError = FileHandle.nullDevice
        try await withCheckedThrowingContinuation { continuation in
            openssl.terminationHandler = { _ in continuation.resume() }
            do { try openssl.run() } catch { continuation.resume(throwing: error) }
        }
        try #require(openssl.terminationStatus == 0)
        try await body(certificate, key)
    }

    @Test func `STARTTLS secures the session, and forgets what came before`() async throws {
        try await Self.withCertificate { certificate, key in
            try await TestListener.run(offersTLS: true) {
                $0.tls = try TLSMaterial.context(certificate: certificate, privateKey: key)
            } _: { listener in
                try await MailClient.connect(listener.port) { client in
                    _ = await client.reply()
                    #expect(await client.say("EHLO a.example").contains("STARTTLS\r\n"))
                    // What stands behind it in clear is somebody else's word.
                    #expect(
                        await client.say("STARTTLS\r\nMAIL FROM:<injected@b>").hasPrefix("220 ")
                    )
                    try await client.startTLS()
                    #expect(await client.say("MAIL FROM:<>").hasPrefix("503 "))
                    let offer = await client.say("EHLO b.example")
                    #expect(offer.hasPrefix("250-") && !offer.contains("STARTTLS"))
                    #expect(await client.say("MAIL FROM:<>").hasPrefix("250 "))
                    #expect(await client.say("RCPT TO:<a@b>").hasPrefix("550-5.7.25 "))
                    #expect(await client.say("QUIT").hasPrefix("221 "))
                }
                try await listener.seen.waitUntil(ended: 1)
                let mail = try #require(listener.seen.mails.first)
                #expect(mail.client.isSecured)
                #expect(mail.client.helo == Array("b.example".utf8))
            }
        }
    }

    @Test func `what is no handshake ends the connection`() async throws {
        try await Self.withCertificate { certificate, key in
            try await TestListener.run(offersTLS: true) {
                $0.tls = try TLSMaterial.context(certificate: certificate, privateKey: key)
            } _: { listener in
                try await MailClient.connect(listener.port) { client in
                    _ = await client.reply()
                    _ = await client.say("EHLO a.example")
                    _ = await client.say("STARTTLS")
                    try await client.send("MAIL FROM:<>\r\n")
                    let said = await client.rest()
                    #expect(!said.contains("250"))
                }
                try await listener.seen.waitUntil(ended: 1)
                #expect(listener.seen.mails.isEmpty)
            }
        }
    }

    @Test func `who never shakes hands is let go`() async throws {
        try await Self.withCertificate { certificate, key in
            try await TestListener.run(offersTLS: true) {
                $0.tls = try TLSMaterial.context(certificate: certificate, privateKey: key)
                $0.times.second = 0.01
            } _: { listener in
                try await MailClient.connect(listener.port) { client in
                    _ = await client.reply()
                    _ = await client.say("EHLO a.example")
                    _ = await client.say("STARTTLS")
                    try await listener.seen.waitUntil(ended: 1)
                    #expect(listener.seen.ends == [.idle])
                }
            }
        }
    }

    @Test func `files that hold no certificate or another key are named`() async throws {
        try await Self.withCertificate { certificate, key in
            #expect(throws: TLSMaterial.Unusable.self) {
                try TLSMaterial.context(certificate: key, privateKey: key)
            }
            #expect(throws: TLSMaterial.Unusable.self) {
                try TLSMaterial.context(certificate: certificate, privateKey: "/nowhere")
            }
            try await Self.withCertificate { _, other in
                #expect(throws: TLSMaterial.Unusable.self) {
                    try TLSMaterial.context(certificate: certificate, privateKey: other)
                }
            }
        }
    }
}
