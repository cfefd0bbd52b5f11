import NIOCore
import Synchronization

/// Pages that are the same for everybody: rendered once, and again in a new month.
///
/// Only pages of our own catalogue come in, so their number needs no bound.
final class ArticleCache: Sendable {
    private struct State {
        var month = ""
        var pages: [String: ByteBuffer] = [:]
    }

    private let state = Mutex(State())

    /// The ready page, or the one that is made now.
    /// - Parameters:
    ///   - path: Its path here.
    ///   - month: The present month: articles about receivers tell how old a rule's check is.
    ///   - make: Renders it.
    /// - Returns: Its bytes.
    func page(_ path: String, in month: String, make: () -> String) -> ByteBuffer {
        let ready = state.withLock { state in
            if state.month != month { state = State(month: month) }
            return state.pages[path]
        }
        if let ready { return ready }
        let made = ByteBuffer(string: make())
        state.withLock { state in
            if state.month == month { state.pages[path] = made }
        }
        return made
    }
}
