import Hummingbird
import NIOCore

/// What a cached report is compared with: a plain route of the same library with a ready body.
///
///     heloscope-web-peer PORT LENGTH
@main struct WebPeer {
    static func main() async throws {
        let arguments = CommandLine.arguments.dropFirst().compactMap { Int($0) }
        guard arguments.count == 2 else {
            print("usage: heloscope-web-peer PORT LENGTH")
            return
        }
        let body = ByteBuffer(repeating: UInt8(ascii: "x"), count: arguments[1])
        let router = Router()
        router.get("/") { _, _ in
            Response(
                status: .ok, headers: [.contentType: "text/html; charset=utf-8"],
                body: .init(byteBuffer: body))
        }
        let application = Application(
            router: router,
            configuration: .init(address: .hostname("127.0.0.1", port: arguments[0])))
        try await application.runService()
    }
}
