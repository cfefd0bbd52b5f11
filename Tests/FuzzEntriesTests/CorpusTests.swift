import Foundation
import FuzzEntries
import TestSupport
import Testing

/// What the fuzzers found is tried again in every run.
@Suite struct CorpusTests {
    @Test(arguments: FuzzEntry.allCases)
    func `every input of the corpus keeps the law`(entry: FuzzEntry) throws {
        let inputs = Fixtures.files(in: Fixtures.corpus.appending(path: entry.rawValue))
        #expect(!inputs.isEmpty)
        #expect(inputs.count <= Self.mostInputs)
        for input in inputs {
            let breach = entry.breach(by: try Fixtures.bytes(of: input))
            #expect(breach == nil, "\(input.lastPathComponent)")
        }
    }

    /// All corpora together stay a matter of seconds.
    private static let mostInputs = 200
}
