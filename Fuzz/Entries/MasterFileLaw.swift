import DNSModel
import LookupEngine

/// A file is refused with one printable line, or its records survive printing and reading.
enum MasterFileLaw {
    static func breach(by bytes: [UInt8]) -> String? {
        guard MasterFileRoundTrip.holds(for: bytes) else { return "the round trip differs" }
        guard let file = try? ZoneFile(name: "fuzz", bytes: bytes) else { return nil }
        // The zones made of it answer for each of its names.
        do {
            let world = try ZoneWorld(files: [file])
            for entry in file.contents.entries.prefix(mostQuestions) {
                _ = world.reply(to: Question(entry.record.name, entry.record.type))
            }
            return nil
        } catch {
            return hasControl(error.located) ? "the error is not one line" : nil
        }
    }

    /// A $GENERATE line may make thousands of records of one kind.
    private static let mostQuestions = 50
}

/// Whether a text would do more to a terminal than show: C0, DEL and C1 controls, line feeds too.
func hasControl(_ text: String) -> Bool {
    text.unicodeScalars.contains { $0.value < 0x20 || (0x7f...0x9f).contains($0.value) }
}
