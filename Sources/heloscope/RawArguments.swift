import Glibc

/// The command line as bytes: a string of Swift's has replaced what is not UTF-8.
enum RawArguments {
    /// The bytes behind an argument that was parsed as text; an option's value may follow `=`.
    static func bytes(of text: String) -> [UInt8] {
        guard text.unicodeScalars.contains("\u{fffd}") else { return Array(text.utf8) }
        for argument in all {
            if String(decoding: argument, as: UTF8.self) == text { return argument }
            let value = argument.drop { $0 != UInt8(ascii: "=") }.dropFirst()
            if String(decoding: value, as: UTF8.self) == text { return Array(value) }
        }
        return Array(text.utf8)
    }

    private static var all: [[UInt8]] {
        (0..<Int(CommandLine.argc)).compactMap { index in
            guard let pointer = CommandLine.unsafeArgv[index] else { return nil }
            return Array(UnsafeRawBufferPointer(start: pointer, count: strlen(pointer)))
        }
    }
}
