import Foundation
import GRDB

/// Kept reports: their evidence, from which every form is derived anew.
///
/// One connection reads and writes: SQLite before 3.51.3 can damage a write-ahead log that two
/// connections write to at once, and Debian's is older. The file is locked against other programs.
package final class ReportStore: Sendable {
    private let queue: DatabaseQueue
    private let most: Int
    private let mostBytes: Int

    package struct Kept: Sendable, Hashable {
        package let id: String
        /// Of the token that proves that somebody may delete it.
        package let owner: OwnerDigest
        /// Seconds since 1970-01-01 UTC.
        package let expires: Int64
        /// What `--save-evidence` writes.
        package let evidence: [UInt8]

        package init(id: String, owner: OwnerDigest, expires: Int64, evidence: [UInt8]) {
            self.id = id
            self.owner = owner
            self.expires = expires
            self.evidence = evidence
        }
    }

    /// Reports in memory; each takes about 20 kB, so 20 MB.
    private static let mostInMemory = 1000
    /// Megabytes of evidence in memory, however few reports they are.
    private static let mostMegabytesInMemory = 64

    /// Opens the file, or keeps everything in memory when the path is empty.
    /// - Parameters:
    ///   - path: The file; it is made where there is none, for its owner alone.
    ///   - most: Reports kept; a new one takes the place of the oldest.
    ///   - mostMegabytes: Of evidence kept; the oldest make room, too.
    ///   - mostPages: SQLite's limit of the file, for tests of a full disk.
    /// - Throws: ``StoreError``.
    package init(path: String, most: Int, mostMegabytes: Int = 4096, mostPages: Int? = nil) throws {
        self.most = path.isEmpty ? min(most, Self.mostInMemory) : most
        mostBytes =
            (path.isEmpty ? min(mostMegabytes, Self.mostMegabytesInMemory) : mostMegabytes) << 20
        var configuration = Configuration()
        configuration.label = "reports"
        configuration.prepareDatabase { database in
            // A committed report outlives a power cut; there are few writes.
            try database.execute(sql: "PRAGMA synchronous = FULL")
            try database.execute(sql: "PRAGMA locking_mode = EXCLUSIVE")
            // A journal that stays in the folder would keep what was deleted.
            try database.execute(sql: "PRAGMA journal_mode = TRUNCATE")
            // What is deleted is overwritten in the file, too.
            try database.execute(sql: "PRAGMA secure_delete = ON")
            if let mostPages {
                try database.execute(sql: "PRAGMA max_page_count = \(mostPages)")
            }
        }
        do {
            if !path.isEmpty { try PrivateFile.prepare(path) }
            queue =
                path.isEmpty
                ? try DatabaseQueue(configuration: configuration)
                : try DatabaseQueue(path: path, configuration: configuration)
            try StoreSchema.migrator.migrate(queue)
            // A file that can only be read is found out now, not at the first report.
            try queue.write { try $0.execute(sql: "PRAGMA user_version = 1") }
        } catch {
            throw StoreError(error)
        }
    }

    /// Keeps a report; the oldest make room for it.
    /// - Returns: The names of those that are gone.
    package func keep(_ report: Kept) async throws -> [String] {
        try await queue.write { [most, mostBytes] database in
            try database.execute(
                sql: "INSERT INTO report (id, token, expires, evidence) VALUES (?, ?, ?, ?)",
                arguments: [
                    report.id, report.owner.text, report.expires, Data(report.evidence),
                ])
            let own = database.lastInsertedRowID
            // Rows are numbered as they come.
            var gone = try Self.delete(
                "rowid <= ?", [own - Int64(most)], in: database)
            while try Self.bytes(in: database) > mostBytes {
                let oldest = try Self.delete(
                    "rowid IN (SELECT rowid FROM report WHERE rowid < ? ORDER BY rowid LIMIT 8)",
                    [own], in: database)
                guard !oldest.isEmpty else { break }
                gone += oldest
            }
            return gone
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
                    id: row["id"], owner: OwnerDigest(kept: row["token"]), expires: row["expires"],
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
            guard let own, OwnerDigest(kept: own).matches(token) else { return false }
            return try !Self.delete("id = ?", [id], in: database).isEmpty
        }
    }

    /// Deletes what is past its time.
    /// - Returns: The names of those that are gone.
    package func sweep(at now: Int64) async throws -> [String] {
        try await queue.write { try Self.delete("expires <= ?", [now], in: $0) }
    }

    /// How many reports there are.
    package func count() async throws -> Int {
        try await queue.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM report") ?? 0 }
    }

    /// Bytes of evidence.
    package func bytes() async throws -> Int {
        try await queue.read { try Self.bytes(in: $0) }
    }

    /// Whether the store answers.
    package func isReady() async -> Bool {
        (try? await queue.read { try Int.fetchOne($0, sql: "SELECT 1") }) == 1
    }

    private static func bytes(in database: Database) throws -> Int {
        try Int.fetchOne(database, sql: "SELECT bytes FROM account") ?? 0
    }

    private static func delete(
        _ condition: String, _ arguments: StatementArguments, in database: Database
    ) throws -> [String] {
        let gone = try String.fetchAll(
            database, sql: "SELECT id FROM report WHERE \(condition)", arguments: arguments)
        if !gone.isEmpty {
            try database.execute(
                sql: "DELETE FROM report WHERE \(condition)", arguments: arguments)
        }
        return gone
    }
}

/// The tables, and how older files get them.
private enum StoreSchema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("reports") { database in
            try database.create(table: "report") { table in
                table.primaryKey("id", .text)
                table.column("token", .text).notNull()
                table.column("expires", .integer).notNull().indexed()
                table.column("evidence", .blob).notNull()
            }
        }
        // The sum is kept beside the rows: adding it up for each report would read all of them.
        migrator.registerMigration("account") { database in
            try database.execute(
                sql: """
                    CREATE TABLE account (bytes INTEGER NOT NULL);
                    INSERT INTO account SELECT coalesce(sum(length(evidence)), 0) FROM report;
                    CREATE TRIGGER report_added AFTER INSERT ON report BEGIN
                        UPDATE account SET bytes = bytes + length(new.evidence);
                    END;
                    CREATE TRIGGER report_gone AFTER DELETE ON report BEGIN
                        UPDATE account SET bytes = bytes - length(old.evidence);
                    END;
                    """)
        }
        migrator.registerMigration("digests") { database in
            for (id, token) in try Row.fetchAll(database, sql: "SELECT id, token FROM report")
                .map({ ($0["id"] as String, $0["token"] as String) })
            {
                try database.execute(
                    sql: "UPDATE report SET token = ? WHERE id = ?",
                    arguments: [OwnerDigest(of: token).text, id])
            }
        }
        return migrator
    }
}
