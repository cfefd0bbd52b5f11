import Foundation
import GRDB

/// Kept reports: their evidence, from which every form is derived anew.
///
/// One connection reads and writes: SQLite before 3.51.3 can damage a write-ahead log that two
/// connections write to at once, and Debian's is older.
final class ReportStore: Sendable {
    private let queue: DatabaseQueue

    struct Kept: Sendable, Hashable {
        let id: String
        /// Proves that somebody may delete it.
        let token: String
        /// Seconds since 1970-01-01 UTC.
        let expires: Int64
        /// What `--save-evidence` writes.
        let evidence: [UInt8]
    }

    /// Opens the file, or keeps everything in memory when the path is empty.
    init(path: String) throws {
        var configuration = Configuration()
        configuration.label = "reports"
        // A committed report outlives a power cut; there are few writes.
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        queue =
            path.isEmpty
            ? try DatabaseQueue(configuration: configuration)
            : try DatabaseQueue(path: path, configuration: configuration)
        try Self.migrator.migrate(queue)
    }

    private static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("reports") { database in
            try database.create(table: "report") { table in
                table.primaryKey("id", .text)
                table.column("token", .text).notNull()
                table.column("expires", .integer).notNull().indexed()
                table.column("evidence", .blob).notNull()
            }
        }
        return migrator
    }

    func keep(_ report: Kept) async throws {
        try await queue.write { database in
            try database.execute(
                sql: "INSERT INTO report (id, token, expires, evidence) VALUES (?, ?, ?, ?)",
                arguments: [report.id, report.token, report.expires, Data(report.evidence)])
        }
    }

    /// The report, unless it is gone or past its time.
    func report(_ id: String, at now: Int64) async throws -> Kept? {
        try await queue.read { database in
            try Row.fetchOne(
                database, sql: "SELECT * FROM report WHERE id = ? AND expires > ?",
                arguments: [id, now]
            ).map { row in
                Kept(
                    id: row["id"], token: row["token"], expires: row["expires"],
                    evidence: [UInt8](row["evidence"] as Data))
            }
        }
    }

    /// Deletes the report if the token is its own.
    /// - Returns: Whether it was there and is gone.
    func delete(_ id: String, token: String) async throws -> Bool {
        try await queue.write { database in
            try database.execute(
                sql: "DELETE FROM report WHERE id = ? AND token = ?", arguments: [id, token])
            return database.changesCount > 0
        }
    }

    /// Deletes what is past its time.
    func sweep(at now: Int64) async throws {
        try await queue.write { database in
            try database.execute(sql: "DELETE FROM report WHERE expires <= ?", arguments: [now])
        }
    }

    /// Whether the store answers.
    func isReady() async -> Bool {
        (try? await queue.read { try Int.fetchOne($0, sql: "SELECT 1") }) == 1
    }
}
