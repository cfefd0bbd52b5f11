import Foundation
import Testing
import WebService

/// The database of reports: what it promises, and how it fails.
@Suite struct StoreTests {
    private func inFolder(_ test: (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "heloscope-store-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await test(folder.path(percentEncoded: false))
    }

    private func report(_ id: String, expires: Int64 = 100, size: Int = 10) -> ReportStore.Kept {
        .init(
            id: id, token: "token", expires: expires,
            evidence: Array(repeating: UInt8(ascii: "e"), count: size))
    }

    @Test func `reports outlive the service`() async throws {
        try await inFolder { folder in
            do {
                let store = try ReportStore(path: folder + "/reports", most: 10)
                try await store.keep(report("a"))
            }
            let store = try ReportStore(path: folder + "/reports", most: 10)
            #expect(try await store.report("a", at: 99) == report("a"))
            #expect(try await store.report("a", at: 100) == nil)
        }
    }

    @Test func `the oldest make room`() async throws {
        let store = try ReportStore(path: "", most: 3)
        for id in ["a", "b", "c", "d", "e"] { try await store.keep(report(id)) }
        #expect(try await store.count() == 3)
        #expect(try await store.report("b", at: 0) == nil)
        #expect(try await store.report("c", at: 0) != nil)
    }

    @Test func `what is past its time is swept away`() async throws {
        let store = try ReportStore(path: "", most: 10)
        try await store.keep(report("a", expires: 10))
        try await store.keep(report("b", expires: 11))
        try await store.sweep(at: 10)
        #expect(try await store.count() == 1)
    }

    @Test func `a file of another kind is named`() async throws {
        try await inFolder { folder in
            try Data("this is no database, whatever its name says\n".utf8)
                .write(to: URL(filePath: folder + "/reports"))
            let error = #expect(throws: StoreError.self) {
                try ReportStore(path: folder + "/reports", most: 10)
            }
            #expect(error?.what.contains("damaged") == true)
        }
    }

    @Test func `a damaged file is named, not served`() async throws {
        try await inFolder { folder in
            do {
                let store = try ReportStore(path: folder + "/reports", most: 100)
                for id in 0..<50 { try await store.keep(report("\(id)", size: 3000)) }
            }
            let url = URL(filePath: folder + "/reports")
            var bytes = try Data(contentsOf: url)
            for index in 4096..<bytes.count { bytes[index] = 0x5a }
            try bytes.write(to: url)
            await #expect(throws: (any Error).self) {
                let store = try ReportStore(path: folder + "/reports", most: 100)
                _ = try await store.report("7", at: 0)
            }
        }
    }

    @Test func `a folder that is not there is named`() {
        let error = #expect(throws: StoreError.self) {
            try ReportStore(path: "/nowhere/at/all/reports", most: 10)
        }
        #expect(error?.what == "the database cannot be opened")
    }

    @Test func `one service has one database`() async throws {
        try await inFolder { folder in
            let first = try ReportStore(path: folder + "/reports", most: 10)
            let error = #expect(throws: StoreError.self) {
                try ReportStore(path: folder + "/reports", most: 10)
            }
            #expect(error?.what == "another program has the database open")
            try await first.keep(report("a"))
        }
    }

    @Test func `a full disk loses nothing that was there`() async throws {
        let store = try ReportStore(path: "", most: 100, mostPages: 12)
        try await store.keep(report("a"))
        await #expect(throws: (any Error).self) {
            for id in 0..<20 { try await store.keep(report("\(id)", size: 5000)) }
        }
        #expect(try await store.report("a", at: 0) == report("a"))
        #expect(await store.isReady())
    }
}
