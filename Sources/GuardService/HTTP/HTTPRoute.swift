import GuardDecisions
import NIOHTTP1

/// What is answered to a request.
struct HTTPReply {
    let status: HTTPResponseStatus
    let type: String
    let body: [UInt8]
    /// For 405.
    var allowed: String?

    static func plain(_ status: HTTPResponseStatus, _ text: String) -> HTTPReply {
        plain(status, Array(text.utf8))
    }

    static func plain(_ status: HTTPResponseStatus, _ bytes: [UInt8]) -> HTTPReply {
        HTTPReply(status: status, type: "text/plain; charset=utf-8", body: bytes)
    }

    static func json(_ status: HTTPResponseStatus, _ bytes: [UInt8]) -> HTTPReply {
        HTTPReply(status: status, type: "application/json", body: bytes)
    }
}

/// The resources that the guard has.
enum HTTPRoute {
    case decide
    case map(query: [UInt8])
    case health
    case ready
    case metrics
    case unknown
    /// Known, but not with this method.
    case other(allowed: String)

    init(_ head: HTTPRequestHead) {
        let target = Array(head.uri.utf8).split(
            separator: UInt8(ascii: "?"), maxSplits: 1, omittingEmptySubsequences: false)
        let query = target.count == 2 ? Array(target[1]) : []
        let isGet = head.method == .GET || head.method == .HEAD
        switch String(decoding: target.first ?? [], as: UTF8.self) {
        case "/api/v1/decide": self = head.method == .POST ? .decide : .other(allowed: "POST")
        case "/api/v1/decide/map":
            self = isGet ? .map(query: query) : .other(allowed: "GET, HEAD")
        case "/healthz": self = isGet ? .health : .other(allowed: "GET, HEAD")
        case "/readyz": self = isGet ? .ready : .other(allowed: "GET, HEAD")
        case "/metrics": self = isGet ? .metrics : .other(allowed: "GET, HEAD")
        default: self = .unknown
        }
    }

    /// Answers once, now or by the deadline.
    func answer(_ body: [UInt8], on lane: Lane, reply: @escaping (HTTPReply) -> Void) {
        switch self {
        case .decide:
            guard let asked = DecideRequest(json: body) else {
                let words = "not a JSON object whose ip, helo, recipient and queue are texts"
                reply(.json(.badRequest, Array("{\"error\":\"\(words)\"}\n".utf8)))
                return
            }
            guard let request = asked.request else {
                let words = asked.ip == nil ? "no ip" : "ip is no address"
                reply(.json(.badRequest, Array("{\"error\":\"\(words)\"}\n".utf8)))
                return
            }
            lane.decide(request, .http) { [weak lane] decision in
                guard let lane else { return }
                reply(.json(.ok, lane.ruling.words.json(for: decision, request)))
            }
        case .map(let query):
            let asked = DecideRequest(query: query)
            guard let request = asked.request else {
                reply(.plain(.badRequest, asked.ip == nil ? "no ip\n" : "ip is no address\n"))
                return
            }
            lane.decide(request, .http) { [weak lane] decision in
                guard let lane else { return }
                let text = lane.ruling.words.mapText(for: decision)
                reply(text.map { .plain(.ok, $0) } ?? .plain(.notFound, ""))
            }
        case .health: reply(.plain(.ok, "ok\n"))
        case .ready:
            reply(
                lane.desk.isEnding
                    ? .plain(.serviceUnavailable, "ending\n") : .plain(.ok, "ready\n"))
        case .metrics: lane.desk.metricsText(on: lane.eventLoop) { reply(.metrics($0)) }
        case .unknown: reply(.plain(.notFound, "not found\n"))
        case .other(let allowed):
            var answer = HTTPReply.plain(.methodNotAllowed, "use \(allowed)\n")
            answer.allowed = allowed
            reply(answer)
        }
    }
}

extension HTTPReply {
    /// Prometheus' text format.
    fileprivate static func metrics(_ text: String) -> HTTPReply {
        HTTPReply(
            status: .ok, type: "text/plain; version=0.0.4; charset=utf-8", body: Array(text.utf8))
    }
}
