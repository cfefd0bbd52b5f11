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
            id: id, owner: OwnerDigest(of: "token"), expires: expires,
            evidence: Array(repeating: UInt8(ascii: "e"), count: size))
    }

    @Test func `reports outlive the service`() async throws {
        try await inFolder { folder in
            do {
                let store = try ReportStore(path: folder + "/reports", most: 10)
                #expect(try await store.keep(report("a")) == [])
            }
            let store = try ReportStore(path: folder + "/reports", most: 10)
            #expect(try await store.report("a", at: 99) == report("a"))
            #expect(try await store.report("a", at: 100) == nil)
        }
    }

    @Test func `the oldest make room`() async throws {
        let store = try ReportStore(path: "", most: 3)
        var gone: [String] = []
        for id in ["a", "b", "c", "d", "e"] { gone += try await store.keep(report(id)) }
        #expect(gone == ["a", "b"])
        #expect(try await store.count() == 3)
        #expect(try await store.report("b", at: 0) == nil)
        #expect(try await store.report("c", at: 0) != nil)
    }

    @Test func `reports are bounded in bytes, too`() async throws {
        let store = try ReportStore(path: "", most: 100, mostMegabytes: 1)
        var gone: [String] = []
        for id in 0..<20 { gone += try await store.keep(report("\(id)", size: 200_000)) }
        let bytes = try await store.bytes()
        #expect(bytes <= 1 << 20)
        let count = try await store.count()
        #expect(bytes == 200_000 * count)
        #expect(try await store.report("19", at: 0) != nil)
        #expect(gone.first == "0")
        // A report larger than all together still has its place, alone.
        gone = try await store.keep(report("large", size: 2_000_000))
        #expect(try await store.count() == 1)
        #expect(try await store.report("large", at: 0) != nil)
        #expect(try await store.sweep(at: 100) == ["large"])
        #expect(try await store.bytes() == 0)
    }

    @Test func `the file is its owner's alone and holds no token`() async throws {
        try await inFolder { folder in
            let path = folder + "/reports"
            #expect(
                FileManager.default.createFile(
                    atPath: path, contents: nil, attributes: [.posixPermissions: 0o644]))
            let store = try ReportStore(path: path, most: 10)
            let token = "a token that nobody guesses"
            _ = try await store.keep(
                .init(
                    id: "a", owner: OwnerDigest(of: token), expires: 100,
                    evidence: Array("evidence of a secret".utf8)))
            #expect(try await !store.delete("a", token: OwnerDigest(of: token).text))
            let mode = { (path: String) in
                try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            }
            #expect(try mode(path) == 0o600)
            let kept = try Data(contentsOf: URL(filePath: path))
            #expect(kept.firstRange(of: Data("evidence of a secret".utf8)) != nil)
            #expect(kept.firstRange(of: Data(token.utf8)) == nil)
            #expect(try await store.delete("a", token: token))
            for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
                let bytes = try Data(contentsOf: URL(filePath: folder + "/" + name))
                #expect(bytes.firstRange(of: Data("a secret".utf8)) == nil, "\(name)")
            }
        }
    }

    @Test func `what is past its time is swept away`() async throws {
        let store = try ReportStore(path: "", most: 10)
        _ = try await store.keep(report("a", expires: 10))
        _ = try await store.keep(report("b", expires: 11))
        #expect(try await store.sweep(at: 10) == ["a"])
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
                for id in 0..<50 { _ = try await store.keep(report("\(id)", size: 3000)) }
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
            _ = try await first.keep(report("a"))
        }
    }

    @Test func `a full disk loses nothing that was there`() async throws {
        let store = try ReportStore(path: "", most: 100, mostPages: 12)
        _ = try await store.keep(report("a"))
        await #expect(throws: (any Error).self) {
            for id in 0..<20 { _ = try await store.keep(report("\(id)", size: 5000)) }
        }
        #expect(try await store.report("a", at: 0) == report("a"))
        #expect(await store.isReady())
    }
}
