package import Foundation

/// One mail before rspamd: who brought it, and what DNS knows of him.
package struct ScanSituation: Codable, Hashable {
    package let id: Int
    package let client: String
    /// As ``Situation/helo``.
    package let helo: String
    /// What the mail server in front would name the client's host; nil where it knows none.
    package var hostname: String?
    package let features: [String]
    /// As ``Situation/zone``.
    package let zone: [String]

    package init(id: Int, client: String, helo: String, features: [String], zone: [String]) {
        self.id = id
        self.client = client
        self.helo = helo
        self.features = features
        self.zone = zone
    }

    package func line() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self)
    }

    package static func read(_ file: URL) throws -> [ScanSituation] {
        let decoder = JSONDecoder()
        return try Data(contentsOf: file).split(separator: UInt8(ascii: "\n")).map {
            try decoder.decode(ScanSituation.self, from: $0)
        }
    }
}

/// What the real rspamd said of a situation, as `Lab/tools/scan.py` wrote it down.
package struct RecordedScan: Codable {
    package let id: Int
    /// The symbols about HELO and reverse DNS, with their points; nil where the scan failed.
    package let symbols: [String: Double]?

    private struct Header: Codable {
        let version: String
    }

    /// Reads the file's first line, package and version, and the scans.
    package static func read(_ file: URL) throws -> (version: String, scans: [RecordedScan]) {
        let decoder = JSONDecoder()
        let lines = try Data(contentsOf: file).split(separator: UInt8(ascii: "\n"))
        guard let first = lines.first else { throw Failure("\(file.path()) is empty") }
        return (
            try decoder.decode(Header.self, from: first).version,
            try lines.dropFirst().map { try decoder.decode(RecordedScan.self, from: $0) }
        )
    }
}
