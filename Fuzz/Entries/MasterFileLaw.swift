import DNSModel
import LookupEngine

/// A file is refused with one printable line, or its records survive printing and reading.
enum MasterFileLaw {
    static func breach(by bytes: [UInt8]) -> String? {
        if PlannedUpdate.isUpdate(bytes) { return updateBreach(by: bytes) }
        let file: ZoneFile
        do {
            file = try ZoneFile(name: "fuzz", bytes: bytes)
        } catch {
            return hasControl(error.located) ? "the error is not one line" : nil
        }
        let entries = file.contents.entries
        for entry in entries.prefix(mostRecords)
        where !MasterFileRoundTrip.holds(for: entry.record) {
            return "the round trip differs: \(MasterFilePrinter.line(entry.record))"
        }
        // Making zones is the world's work, and small enough only for a small file.
        guard entries.count <= mostRecords else { return nil }
        do {
            let world = try ZoneWorld(files: [file])
            for entry in entries {
                _ = world.reply(to: Question(entry.record.name, entry.record.type))
            }
            return nil
        } catch {
            return hasControl(error.located) ? "the error is not one line" : nil
        }
    }

    /// An update is refused with one printable line, too, or it can be laid over an answer.
    private static func updateBreach(by bytes: [UInt8]) -> String? {
        do {
            let update = try PlannedUpdate(name: "fuzz", bytes: bytes)
            let overlay = Overlay(changes: update.changes)
            for case .add(let record) in update.changes.prefix(mostRecords) {
                let question = Question(record.name, record.type)
                let empty = WorldReply(code: .noError, isAuthoritative: true)
                let source = WorldReply(
                    code: .noError, isAuthoritative: true, answers: [record])
                let laid = overlay.reply(to: question) ?? overlay.laid(over: source, for: question)
                if laid.answers.isEmpty, laid.authority.isEmpty { return "an answer of nothing" }
                _ = overlay.laid(over: empty, for: question)
            }
            return nil
        } catch {
            return hasControl(error.located) ? "the error is not one line" : nil
        }
    }

    /// A $GENERATE line makes thousands of records of one kind: reading all of them is checked,
    /// printing only the first.
    private static let mostRecords = 100
}

/// Whether a text would do more to a terminal than show: C0, DEL and C1 controls, line feeds too.
func hasControl(_ text: String) -> Bool {
    text.unicodeScalars.contains { $0.value < 0x20 || (0x7f...0x9f).contains($0.value) }
}
