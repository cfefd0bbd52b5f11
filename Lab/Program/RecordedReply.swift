package import Foundation
import ReceiverModels

/// What a real server did with a situation, as `Lab/tools/drive.py` wrote it down.
package struct RecordedReply: Codable {
    package let id: Int
    /// Where the session was refused, `accepted`, or why it is not known: `unstable`, `broken`.
    let stage: String
    let code: Int?
    let enhanced: String?
    let text: String?

    /// The reply in the form that our models give it.
    package var outcome: Outcome {
        if stage == "accepted" { return .accepted }
        guard let stage = SMTPStage(rawValue: stage), let code, let text else { return .unsettled }
        let words = [String(code), enhanced, text].compactMap { $0 }
        return .refused(at: stage, words.joined(separator: " "))
    }

    /// The first line of a file of replies.
    package struct Header: Codable {
        package let server: Server
        /// Package and version.
        package let version: String
    }

    package static func read(_ file: URL) throws -> (Header, [RecordedReply]) {
        let decoder = JSONDecoder()
        let lines = try Data(contentsOf: file).split(separator: UInt8(ascii: "\n"))
        guard let first = lines.first else { throw Failure("\(file.path()) is empty") }
        return (
            try decoder.decode(Header.self, from: first),
            try lines.dropFirst().map { try decoder.decode(RecordedReply.self, from: $0) }
        )
    }
}
