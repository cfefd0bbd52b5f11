import NIOCore
import NIOHTTP1
import NIOPosix
import NetNames
import Reports
import Resolution
import SenderIdentity
import Testing

/// The registry's client against a server on the loopback.
@Suite(.timeLimit(.minutes(1))) struct RegistrationClientTests {
    private static let network =
        #"{"startAddress":"198.51.100.0","endAddress":"198.51.100.255","handle":"NET-1"}"#

    /// Serves a bootstrap file that names itself, and the given answer below /ip/.
    private func ask(
        _ answer: @escaping @Sendable (String) -> RegistryServer.Answer
    ) async throws -> Result<Registration, RegistrationFailure> {
        let server = try await RegistryServer.start(answer)
        let client = RegistrationClient(
            bootstrap: "http://127.0.0.1:\(server.port)/boot.json",
            reading: RegistrationReader.reading, deadline: .milliseconds(800))
        let address = try #require(IPAddress("198.51.100.25"))
        let result: Result<Registration, RegistrationFailure>
        do throws(RegistrationFailure) {
            result = .success(try await client.registration(of: address))
        } catch {
            result = .failure(error)
        }
        try await server.channel.close()
        return result
    }

    @Test func `finds the network, through a redirect`() async throws {
        let result = try await ask {
            $0.hasPrefix("/r/") ? .body(Self.network) : .redirect("/r/198.51.100.25")
        }
        #expect(try result.get().handle?.description == "NET-1")
        #expect(try result.get().source.description.hasSuffix("/r/198.51.100.25"))
    }

    @Test func `every way to fail has its name`() async throws {
        #expect(try await ask { _ in .status(404) } == .failure(.notFound))
        #expect(try await ask { _ in .status(500) } == .failure(.status(500)))
        #expect(try await ask { .redirect($0) } == .failure(.tooManyRedirects))
        #expect(try await ask { _ in .redirect("ftp://x") } == .failure(.refusedAddress))
        #expect(try await ask { _ in .silence } == .failure(.timeout))
        #expect(try await ask { _ in .body("<html>") } == .failure(.notJSON))
        let large = String(repeating: " ", count: RegistrationClient.longestBody + 1)
        #expect(try await ask { _ in .body(large) } == .failure(.tooLarge))
    }
}

/// An HTTP server on an ephemeral port of the loopback.
struct RegistryServer: Sendable {
    enum Answer: Sendable {
        case body(String), redirect(String), status(Int), silence
    }

    let channel: any Channel
    var port: Int { channel.localAddress?.port ?? 0 }

    static func start(_ answer: @escaping @Sendable (String) -> Answer) async throws -> Self {
        let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Handler(answer))
                }
            }
        return RegistryServer(channel: try await bootstrap.bind(host: "127.0.0.1", port: 0).get())
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart
        private let answer: @Sendable (String) -> Answer

        init(_ answer: @escaping @Sendable (String) -> Answer) { self.answer = answer }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            guard case .head(let request) = unwrapInboundIn(data) else { return }
            let port = context.channel.localAddress?.port ?? 0
            let services =
                #"{"services":[[["198.51.100.0/24"],["http://127.0.0.1:\#(port)/"]]]}"#
            var status = HTTPResponseStatus.ok
            var headers = HTTPHeaders()
            var body = ""
            switch request.uri == "/boot.json" ? .body(services) : answer(request.uri) {
            case .body(let text): body = text
            case .redirect(let target):
                status = .found
                headers.add(name: "location", value: target)
            case .status(let code): status = .init(statusCode: code)
            case .silence: return
            }
            headers.add(name: "content-length", value: "\(body.utf8.count)")
            let head = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
            context.write(wrapOutboundOut(.head(head)), promise: nil)
            context.write(
                wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: body)))), promise: nil)
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        }
    }
}
