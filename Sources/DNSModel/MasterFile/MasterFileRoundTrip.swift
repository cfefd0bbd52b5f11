/// The law between reader and printer, as one pure function: fuzzers and tests call it.
package enum MasterFileRoundTrip {
    /// Reads any bytes; true when they are refused, or every record survives printing and reading.
    ///
    /// Refusal must come with a sentence of one line, so that is made here too.
    package static func holds(for bytes: [UInt8]) -> Bool {
        let file: MasterFile
        do {
            file = try MasterFileReader.read(bytes)
        } catch {
            return !error.located(in: "file").utf8.contains { $0 < 0x20 || $0 == 0x7f }
        }
        return file.entries.allSatisfy { holds(for: $0.record) }
    }

    /// Whether the printed line is ASCII and reads back as this record and nothing else.
    package static func holds(for record: ResourceRecord) -> Bool {
        let line = Array(MasterFilePrinter.line(record).utf8)
        let isPlain = line.allSatisfy { (0x20...0x7e).contains($0) }
        let entries = (try? MasterFileReader.read(line))?.entries
        return isPlain && entries?.map(\.record) == [record]
    }
}
