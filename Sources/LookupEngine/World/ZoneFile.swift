package import DNSModel

/// A master file that has been read, under the name the user gave it.
package struct ZoneFile: Hashable, Sendable {
    package let name: String
    package let contents: MasterFile

    package init(name: String, contents: MasterFile) {
        self.name = name
        self.contents = contents
    }

    /// Reads the bytes of a file.
    /// - Parameters:
    ///   - name: The file's name for error messages.
    ///   - bytes: The whole file.
    /// - Throws: ``WorldError`` with the line and the reason.
    package init(name: String, bytes: [UInt8]) throws(WorldError) {
        self.name = name
        do {
            contents = try MasterFileReader.read(bytes)
        } catch {
            throw WorldError(file: name, line: error.line, reason: .syntax(error))
        }
    }
}

/// A record and the place it was read at.
struct SourcedRecord {
    let record: ResourceRecord
    let file: String
    let line: Int

    func error(_ reason: WorldError.Reason) -> WorldError {
        WorldError(file: file, line: line, reason: reason)
    }
}
