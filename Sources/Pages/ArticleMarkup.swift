import Reports

/// Our own articles as HTML.
///
/// They have headings, paragraphs, lists, blocks indented by four spaces, `code`, and **bold**. They
/// come from this repository, and still every text is escaped.
enum ArticleMarkup {
    static func html(_ markdown: String) -> String {
        var html = ""
        var block: [Substring] = []
        let lines = markdown.split(separator: "\n", omittingEmptySubsequences: false)
        for line in lines {
            guard line.isEmpty else {
                block.append(line)
                continue
            }
            if !block.isEmpty { html += self.html(of: block) }
            block = []
        }
        return block.isEmpty ? html : html + self.html(of: block)
    }

    private static func html(of block: [Substring]) -> String {
        guard let first = block.first else { return "" }
        if first.hasPrefix("## ") { return heading(first.dropFirst(3), "h2", block) }
        if first.hasPrefix("# ") { return heading(first.dropFirst(2), "h1", block) }
        if first.hasPrefix("    ") {
            let text = block.map { String($0.dropFirst(4)) }.joined(separator: "\n")
            return "<pre class=\"copy\" tabindex=\"0\">\(MarkupText.escape(text))</pre>\n"
        }
        if first.hasPrefix("- ") {
            var items: [String] = []
            for line in block {
                if line.hasPrefix("- ") {
                    items.append(String(line.dropFirst(2)))
                } else if let last = items.indices.last {
                    items[last] += " " + line.drop { $0 == " " }
                }
            }
            return "<ul>" + items.map { "<li>\(inline($0))</li>" }.joined() + "</ul>\n"
        }
        return "<p>\(inline(block.joined(separator: "\n")))</p>\n"
    }

    private static func heading(_ text: Substring, _ tag: String, _ block: [Substring]) -> String {
        "<\(tag)>\(inline(String(text)))</\(tag)>\n"
            + (block.count > 1 ? html(of: Array(block.dropFirst())) : "")
    }

    /// Code and bold; a sign without its partner stands for itself.
    private static func inline(_ text: String) -> String {
        var html = ""
        for (index, part) in text.split(separator: "`", omittingEmptySubsequences: false)
            .enumerated()
        {
            html +=
                index.isMultiple(of: 2)
                ? bold(String(part)) : "<code>\(MarkupText.escape(String(part)))</code>"
        }
        return html
    }

    private static func bold(_ text: String) -> String {
        let parts = text.split(separator: "**", omittingEmptySubsequences: false)
        guard parts.count > 1, !parts.count.isMultiple(of: 2) else {
            return MarkupText.escape(text)
        }
        return parts.enumerated().map { index, part in
            let escaped = MarkupText.escape(String(part))
            return index.isMultiple(of: 2) ? escaped : "<strong>\(escaped)</strong>"
        }.joined()
    }
}
