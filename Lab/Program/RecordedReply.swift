import Foundation

/// What a real server did with a situation, as `Lab/tools/drive.py` wrote it down.
struct RecordedReply: Codable {
    let id: Int
    /// Where the session was refused, or `accepted`.
    let stage: String
    let code: Int?
    let enhanced: String?
    let text: String?

    /// The reply in the form our models give it.
    var outcome: Simulated {
        if stage == "accepted" { return .accepted }
        guard let code, let text else { return .cannotTell }
        return .refused([String(code), enhanced, text].compactMap { $0 }.joined(separator: " "))
    }

    /// The first line of a file of replies.
    struct Header: Codable {
        let server: Server
        /// Package and version.
        let version: String
    }

    static func read(_ file: URL) throws -> (Header, [RecordedReply]) {
        let decoder = JSONDecoder()
        let lines = try Data(contentsOf: file).split(separator: UInt8(ascii: "\n"))
        guard let first = lines.first else { throw Failure("\(file.path()) is empty") }
        return (
            try decoder.decode(Header.self, from: first),
            try lines.dropFirst().map { try decoder.decode(RecordedReply.self, from: $0) }
        )
    }
}
