import NetNames
import Pages
import Reports
import SenderIdentity
import TestSupport
import Testing

/// Reports as pages; what a browser makes of them is tested below Tests/Web.
@Suite struct PageTests {
    @Test(arguments: Scenario.names)
    func `every scenario has a page and a picture`(name: String) throws {
        let scenario = try Scenario(name)
        let report = try scenario.report()
        let model = try PageModel(report)
        let page = try PageRenderer().file(model)
        #expect(page.contains("<h1 id=\"verdict\">\(MarkupText.escape(model.verdict))</h1>"))
        #expect(model.steps.count { $0.isOpen } <= 1)
        for graded in report.verdict.findings {
            #expect(page.contains(graded.finding.code.rawValue))
        }
        for text in [page, PictureSVG.render(IdentityPicture(report), isStandalone: true)] {
            #expect(tags(of: text) == [], "tags that are not closed, or closed twice")
            let obeyed = text.unicodeScalars.filter {
                ($0.value < 0x20 && $0 != "\n") || (0x7f...0x9f).contains($0.value)
            }
            #expect(obeyed.isEmpty)
        }
    }

    /// The elements left open at the end; a wrong end stays, too.
    private func tags(of markup: String) -> [String] {
        var open: [String] = []
        let parts = markup.split(separator: "<", omittingEmptySubsequences: false).dropFirst()
        for part in parts {
            guard let end = part.firstIndex(of: ">") else { return open + [String(part)] }
            let tag = part[..<end]
            let name = tag.prefix { $0.isLetter || $0.isNumber || $0 == "/" || $0 == "!" }
            if name.hasPrefix("!") || ["meta", "input", "col", "link"].contains(name) { continue }
            if name.hasPrefix("/") {
                if open.last == String(name.dropFirst()) {
                    open.removeLast()
                } else {
                    open.append(String(name))
                }
            } else if !tag.hasSuffix("/") {
                open.append(String(name))
            }
        }
        return open
    }

    @Test func `what is good to have stands behind the plan, with its record`() throws {
        let report = try Scenario("spf-mail-from-none").report()
        let page = try PageRenderer().file(try PageModel(report))
        let plan = try #require(page.firstRange(of: "<h2 id=\"plan-heading\">"))
        let optional = try #require(page.firstRange(of: "<h2 id=\"optional-heading\">"))
        let section = page[optional.lowerBound...]
        let receivers = try #require(section.firstRange(of: "<h2 id=\"receivers-heading\">"))
        #expect(plan.lowerBound < optional.lowerBound)
        let record = "pool6.example.com. 3600 IN TXT &quot;v=spf1 a -all&quot;"
        #expect(section[..<receivers.lowerBound].contains(record))
        let none = try Scenario("private-address-without-source").report()
        #expect(try !PageRenderer().file(try PageModel(none)).contains("optional-heading"))
    }

    @Test(arguments: [
        ("<script>", "&lt;script&gt;"), ("a\"b'c&d", "a&quot;b&#39;c&amp;d"),
        ("<\u{338}script>", "&lt;\u{338}script&gt;"), ("\"\u{301}", "&quot;\u{301}"),
        ("\u{1b}[31m", "\\u{1b}[31m"), ("a\u{202e}b", "a\\u{202e}b"), ("\u{feff}", "\\u{feff}"),
        ("a\r\nb", "a\\u{d}\nb"), ("\u{85}\u{2028}", "\\u{85}\\u{2028}"), ("\u{0}", "\\u{0}"),
        ("grün 日本", "grün 日本"),
    ])
    func `markup text is data`(text: String, escaped: String) {
        #expect(Array(MarkupText.escape(text).utf8) == Array(escaped.utf8))
    }

    @Test func `every article is a page`() throws {
        let pages = try PageRenderer()
        for page in FindingPages.pages {
            let html = pages.article(
                ArticleModel(markdown: page.text, back: "/findings", backTitle: "All findings"))
            #expect(html.contains("<h1>\(page.code)</h1>"))
            #expect(html.contains("<h2>Sources</h2>"))
            #expect(tags(of: html) == [], "\(page.code)")
        }
    }

    @Test func `the form keeps what was typed, as data`() throws {
        let form = try PageRenderer().form(
            FormModel(
                address: "\"><script>", helo: "</form>",
                error: .init(what: "<b>", hint: "&amp;")))
        #expect(form.contains("value=\"&quot;&gt;&lt;script&gt;\""))
        #expect(!form.contains("<script>") && !form.contains("<b>"))
        #expect(form.contains("&amp;amp;"))
        #expect(form.contains("aria-invalid=\"true\""))
        #expect(form.contains("name=\"mail_from\""))
        #expect(form.contains("\n<button type=\"submit\">Check</button>\n"))
        #expect(!form.contains("  "))
    }

    @Test(arguments: [
        ("article-b-pool-outside", "leads elsewhere (10)", "differs"),
        ("article-a-no-ptr", "no PTR: NXDOMAIN", "broken"),
    ])
    func `the picture marks the edge`(name: String, label: String, state: String) throws {
        let scenario = try Scenario(name)
        let report = try scenario.report()
        let picture = PictureSVG.render(IdentityPicture(report))
        #expect(picture.contains(label))
        #expect(picture.contains("<g class=\"edge \(state)\"><line"))
        #expect(picture.contains("role=\"img\""))
    }
}
