import Glibc
import SenderIdentity

/// Whole writes to a descriptor, with errno: FileHandle ends the program when a disk is full.
enum Descriptor {
    /// Writes all bytes.
    /// - Returns: The errno of the failure, or nil.
    static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32? {
        var offset = 0
        while offset < bytes.count {
            let written = bytes[offset...].withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            if written > 0 {
                offset += written
            } else if written < 0, errno != EINTR {
                return errno
            }
        }
        return nil
    }
}

/// The answer.
enum StandardOutput {
    /// Prints the text.
    /// - Throws: ``UserError`` with exit code 74, as for a full disk; a reader that went away is none.
    static func write(_ text: String) throws {
        guard let code = Descriptor.write(Array(text.utf8), to: STDOUT_FILENO), code != EPIPE
        else { return }
        throw UserError.inputOutput(
            "cannot write to standard output: \(errorText(code))",
            hint: "is the disk full, or the output closed?")
    }

    /// The columns of the terminal; 80 where the output is none.
    ///
    /// COLUMNS goes first.
    static var width: Int {
        if let text = getenv("COLUMNS"), let columns = Int(String(cString: text)), columns > 0 {
            return columns
        }
        var size = winsize()
        if ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 {
            return Int(size.ws_col)
        }
        return 80
    }

    /// Colors on a terminal, unless NO_COLOR is set and not empty (no-color.org) or TERM is dumb.
    static var isColored: Bool {
        if let text = getenv("NO_COLOR"), text.pointee != 0 { return false }
        if let term = getenv("TERM"), String(cString: term) == "dumb" { return false }
        return isatty(STDOUT_FILENO) == 1
    }
}

/// The talk: progress, errors, hints.
enum StandardError {
    static func write(_ text: String) {
        _ = Descriptor.write(Array(text.utf8), to: STDERR_FILENO)
    }
}

func errorText(_ code: Int32) -> String {
    strerror(code).map { String(cString: $0) } ?? "error \(code)"
}
