import Foundation
import GRDB

/// Kept reports: their evidence, from which every form is derived anew.
///
/// One connection reads and writes: SQLite before 3.51.3 can damage a write-ahead log that two
/// connections write to at once, and Debian's is older. The file is locked against other programs.
package final class ReportStore: Sendable {
    private let queue: DatabaseQueue
    private let most: Int

    package struct Kept: Sendable, Hashable {
        package let id: String
        /// Proves that somebody may delete it.
        package let token: String
        /// Seconds since 1970-01-01 UTC.
        package let expires: Int64
        /// What `--save-evidence` writes.
        package let evidence: [UInt8]

        package init(id: String, token: String, expires: Int64, evidence: [UInt8]) {
            self.id = id
            self.token = token
            self.expires = expires
            self.evidence = evidence
        }
    }

    /// Reports in memory; each takes about 20 kB, so 20 MB.
    private static let mostInMemory = 1000

    /// Opens the file, or keeps everything in memory when the path is empty.
    /// - Parameters:
    ///   - path: The file; it is made where there is none.
    ///   - most: Reports kept; a new one takes the place of the oldest.
    ///   - mostPages: SQLite's limit of the file, for tests of a full disk.
    /// - Throws: ``StoreError``.
    package init(path: String, most: Int, mostPages: Int? = nil) throws {
        self.most = path.isEmpty ? min(most, Self.mostInMemory) : most
        var configuration = Configuration()
        configuration.label = "reports"
        configuration.prepareDatabase { database in
            // A committed report outlives a power cut; there are few writes.
            try database.execute(sql: "PRAGMA synchronous = FULL")
            try database.execute(sql: "PRAGMA locking_mode = EXCLUSIVE")
            if let mostPages {
                try database.execute(sql: "PRAGMA max_page_count = \(mostPages)")
            }
        }
        do {
            queue =
                path.isEmpty
                ? try DatabaseQueue(configuration: configuration)
                : try DatabaseQueue(path: path, configuration: configuration)
            try Self.migrator.migrate(queue)
            // A file that can only be read is found out now, not at the first report.
            try queue.write { try $0.execute(sql: "PRAGMA user_version = 1") }
        } catch {
            throw StoreError(error)
        }
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

    package func keep(_ report: Kept) async throws {
        try await queue.write { [most] database in
            try database.execute(
                sql: "INSERT INTO report (id, token, expires, evidence) VALUES (?, ?, ?, ?)",
                arguments: [report.id, report.token, report.expires, Data(report.evidence)])
            // Rows are numbered as they come.
            try database.execute(
                sql: "DELETE FROM report WHERE rowid <= ?",
                arguments: [database.lastInsertedRowID - Int64(most)])
        }
    }

    /// The report, unless it is gone or past its time.
    package func report(_ id: String, at now: Int64) async throws -> Kept? {
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
    package func delete(_ id: String, token: String) async throws -> Bool {
        try await queue.write { database in
            let own = try String.fetchOne(
                database, sql: "SELECT token FROM report WHERE id = ?", arguments: [id])
            guard let own, RandomName.areEqual(own, token) else { return false }
            try database.execute(sql: "DELETE FROM report WHERE id = ?", arguments: [id])
            return true
        }
    }

    /// Deletes what is past its time.
    package func sweep(at now: Int64) async throws {
        try await queue.write { database in
            try database.execute(sql: "DELETE FROM report WHERE expires <= ?", arguments: [now])
        }
    }

    /// How many reports there are.
    package func count() async throws -> Int {
        try await queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM report") ?? 0 }
    }

    /// Whether the store answers.
    package func isReady() async -> Bool {
        (try? await queue.read { try Int.fetchOne($0, sql: "SELECT 1") }) == 1
    }
}
