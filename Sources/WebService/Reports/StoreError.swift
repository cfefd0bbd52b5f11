import GRDB

/// Why the database of reports cannot be used, for people: SQLite's codes, not its sentences.
package struct StoreError: Error, Hashable, Sendable {
    package let what: String
    package let hint: String

    init(_ error: any Error) {
        guard let error = error as? DatabaseError else {
            what = "the database cannot be used"
            hint = ""
            return
        }
        (what, hint) =
            switch error.resultCode {
            case .SQLITE_FULL: ("the disk is full", "make room; checks go on meanwhile")
            case .SQLITE_IOERR: ("the disk fails", "look at the kernel's log")
            case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
                ("the database cannot be written", "the file and its folder must be the service's")
            case .SQLITE_CANTOPEN:
                ("the database cannot be opened", "is the folder there and writable?")
            case .SQLITE_NOTADB, .SQLITE_CORRUPT:
                (
                    "the database is damaged, or no database",
                    "move it away: the service begins a new one; reports in it are lost"
                )
            case .SQLITE_BUSY, .SQLITE_LOCKED:
                ("another program has the database open", "one service has one database")
            default: ("the database fails (\(error.resultCode))", "")
            }
    }
}
