import Mustache
package import Reports

/// Lays page models out as HTML: templates only, no decisions.
package struct PageRenderer: Sendable {
    private let library: MustacheLibrary

    /// Reads the embedded templates.
    /// - Throws: What is wrong with a template: a programming error, found by any test.
    package init() throws {
        MustacheContentTypes.register(EscapedText(), named: EscapedText.name)
        var library = MustacheLibrary()
        for (name, text) in Templates.all {
            try library.register("{{% CONTENT_TYPE:\(EscapedText.name)}}\n" + text, named: name)
        }
        self.library = library
    }

    /// A report as one file that needs nothing else: styles inside, no script.
    package func file(_ report: PageModel) -> String {
        page(
            Frame(
                title: report.title, isFile: true, style: StyleSheet.text,
                content: render("report", ReportContent(report: report, links: nil, note: nil))))
    }

    /// A page of the service.
    /// - Parameters:
    ///   - title: Of the window.
    ///   - content: HTML.
    ///   - refresh: Seconds after which a browser without scripts asks again; nil for never.
    /// - Returns: The whole page.
    package func page(title: String, content: String, refresh: Int? = nil) -> String {
        page(
            Frame(title: title, isFile: false, style: "", content: content, refresh: refresh))
    }

    /// The report's part of a page of the service.
    /// - Parameters:
    ///   - report: What to show.
    ///   - links: Where the report is kept; nil if it is not.
    ///   - note: What the visitor has to know about that.
    /// - Returns: HTML, every text escaped.
    package func report(_ report: PageModel, links: ReportLinks?, note: String? = nil) -> String {
        render("report", ReportContent(report: report, links: links, note: note))
    }

    /// The form that deletes a report, for its owner.
    package func deletion(path: String, token: String) -> String {
        render("deletion", Deletion(path: path, token: token))
    }

    /// Where a page of a kept report has room for its owner's form.
    /// - Returns: A number of bytes; nil where the page has none.
    package static func ownerPlace(in page: String) -> Int? {
        let mark = Array(Templates.ownerMark.utf8)
        let bytes = page.utf8
        // What strangers sent has no "<" in it.
        return bytes.withContiguousStorageIfAvailable { bytes -> Int? in
            guard bytes.count >= mark.count else { return nil }
            return (0...(bytes.count - mark.count)).first { start in
                bytes[start] == mark[0] && bytes[start..<(start + mark.count)].elementsEqual(mark)
            }
        } ?? nil
    }

    package func form(_ form: FormModel) -> String { render("form", form) }

    package func article(_ article: ArticleModel) -> String { render("article", article) }

    package func articles(_ list: ArticleList) -> String { render("articles", list) }

    package func message(_ message: MessageModel) -> String { render("message", message) }

    package func mail(_ mail: MailModel) -> String { render("mail", mail) }

    private func page(_ frame: Frame) -> String { render("frame", frame) }

    private func render(_ name: String, _ model: Any) -> String {
        library.render(model, withTemplate: name) ?? ""
    }

    private struct Frame {
        let title: String
        let isFile: Bool
        let style: String
        let content: String
        var refresh: Int?
    }

    private struct Deletion {
        let path: String
        let token: String
    }

    private struct ReportContent {
        let report: PageModel
        let links: ReportLinks?
        let note: String?
    }
}

/// The library's own HTML escape works on `Character`s; see ``MarkupText``.
private struct EscapedText: MustacheContentType {
    static let name = "MARKUP"

    func escapeText(_ text: String) -> String { MarkupText.escape(text) }
}

/// Where a kept report can be had again.
package struct ReportLinks: Sendable {
    /// Of this host.
    package let path: String
    /// What is passed on to others: with the host, where it is known.
    package let address: String
    /// When it is deleted, for people.
    package let expires: String

    package init(path: String, address: String, expires: String) {
        self.path = path
        self.address = address
        self.expires = expires
    }
}

/// The form, with what was typed and what was wrong with it.
package struct FormModel: Sendable {
    package let address: String
    package let helo: String
    package let mailFrom: String
    /// The visitor's own address, offered where it could be one to test.
    package let visitor: String?
    /// Whether a mail may be sent instead.
    package let offersMail: Bool
    package let error: Message?

    package struct Message: Sendable {
        package let what: String
        package let hint: String

        package init(what: String, hint: String) {
            self.what = what
            self.hint = hint
        }
    }

    package init(
        address: String = "", helo: String = "", mailFrom: String = "", visitor: String? = nil,
        offersMail: Bool = false, error: Message? = nil
    ) {
        self.address = address
        self.helo = helo
        self.mailFrom = mailFrom
        self.visitor = visitor
        self.offersMail = offersMail
        self.error = error
    }
}

/// A page of the catalogue: its text is our own Markdown, turned into HTML before.
package struct ArticleModel: Sendable {
    package let html: String
    package let back: String
    package let backTitle: String

    package init(markdown: String, back: String, backTitle: String) {
        html = ArticleMarkup.html(markdown)
        self.back = back
        self.backTitle = backTitle
    }
}

package struct ArticleList: Sendable {
    package let title: String
    package let entries: [Entry]

    package struct Entry: Sendable {
        package let path: String
        package let name: String
        package let text: String

        package init(path: String, name: String, text: String) {
            self.path = path
            self.name = name
            self.text = text
        }
    }

    package init(title: String, entries: [Entry]) {
        self.title = title
        self.entries = entries
    }
}

/// A page that only says something: an error, or that a report is gone.
package struct MessageModel: Sendable {
    package let title: String
    package let text: String
    package let hint: String

    package init(title: String, text: String, hint: String) {
        self.title = title
        self.text = text
        self.hint = hint
    }
}

/// An address that waits for one mail; without a script the page asks again by itself.
package struct MailModel: Sendable {
    package let mailbox: String
    package let events: String
    /// The page itself: when the mail has come, or the address's time is over, it leads on.
    package let here: String

    package init(mailbox: String, events: String, here: String) {
        self.mailbox = mailbox
        self.events = events
        self.here = here
    }
}
