import NetNames

/// The words a mistyped one may have meant.
enum NearestWords {
    /// More changes than this and the guess helps nobody.
    private static let farthest = 4
    /// Longer input is no slip of the fingers, and the distance costs its length.
    private static let longestInput = 64

    /// Up to three words by edit distance, nearest first; one letter at least has to be the same.
    static func nearest(to text: String, among words: [String]) -> [String] {
        // Codes and ids are in lower case, whatever was typed.
        let bytes = text.utf8.map(Ascii.lowercased)
        guard !bytes.isEmpty, bytes.count <= longestInput else { return [] }
        return
            words
            .map { (word: $0, distance: distance(bytes, Array($0.utf8))) }
            .filter { $0.distance <= farthest }
            .filter { $0.distance < min(bytes.count, $0.word.utf8.count) }
            .sorted { ($0.distance, $0.word) < ($1.distance, $1.word) }
            .prefix(3)
            .map(\.word)
    }

    /// Levenshtein's distance: insertions, deletions, replacements.
    private static func distance(_ one: [UInt8], _ other: [UInt8]) -> Int {
        var row = Array(0...other.count)
        for (index, byte) in one.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for (column, candidate) in other.enumerated() {
                let replaced = diagonal + (byte == candidate ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(replaced, diagonal + 1, row[column] + 1)
            }
        }
        return row[other.count]
    }
}
