import NetNames

/// The triangle as SVG: readable at 360 pixels, in light and dark, without scripts.
package enum PictureSVG {
    /// Draws the picture.
    /// - Parameters:
    ///   - picture: What to draw.
    ///   - isStandalone: Whether it is a file of its own and brings its colors; within a page they
    ///     come from the page's style sheet.
    /// - Returns: The element, every text escaped.
    package static func render(_ picture: IdentityPicture, isStandalone: Bool = false) -> String {
        var svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(width) \(height)\""
        svg += " class=\"picture\" role=\"img\" aria-labelledby=\"picture-title picture-text\""
        if isStandalone { svg += " width=\"\(2 * width)\" height=\"\(2 * height)\"" }
        svg += ">\n<title id=\"picture-title\">Address, PTR name and HELO name</title>\n"
        svg += "<desc id=\"picture-text\">\(MarkupText.escape(picture.description))</desc>\n"
        if isStandalone { svg += style }
        svg += markers + edges(picture)
        svg += box(picture.address, at: addressBox, "address")
        svg += box(
            picture.pointer ?? .init(title: "PTR record", name: "none"), at: pointerBox,
            picture.pointer == nil ? "missing" : "name")
        svg += box(
            picture.helo ?? .init(title: "HELO", name: "not given"), at: heloBox,
            picture.helo == nil ? "missing" : "name")
        return svg + "</svg>\n"
    }

    // MARK: The drawing's measures

    private static let width = 380
    private static let height = 304

    private struct Box {
        let x: Int
        let y: Int
        let width: Int
        let height: Int
    }

    private static let pointerBox = Box(x: 4, y: 4, width: 172, height: 74)
    private static let heloBox = Box(x: 204, y: 4, width: 172, height: 74)
    private static let addressBox = Box(x: 60, y: 254, width: 260, height: 46)

    // MARK: Edges

    /// An edge's place: its line, and the height at which its label stands on it.
    private struct Course {
        let edge: IdentityPicture.Edge
        let start: (x: Int, y: Int)
        let end: (x: Int, y: Int)
        let label: Int
        var isArrow = true
        /// How far the label stands to the right of the line.
        var shift = 0

        /// Where the line is at a height; the middle of a level one.
        func place(at y: Int) -> Int {
            let rise = end.y - start.y
            return rise == 0
                ? (start.x + end.x) / 2 : start.x + (y - start.y) * (end.x - start.x) / rise
        }
    }

    /// All lines first: a label's rim then hides whatever runs behind it.
    private static func edges(_ picture: IdentityPicture) -> String {
        let courses = [
            Course(edge: picture.reverse, start: (104, 252), end: (44, 82), label: 198),
            Course(
                edge: picture.forward, start: (86, 80), end: (148, 250), label: 134, shift: 24),
            Course(edge: picture.heloForward, start: (304, 80), end: (252, 250), label: 166),
            Course(
                edge: picture.relation, start: (178, 41), end: (202, 41), label: 98, isArrow: false),
        ].filter { $0.edge.state != .notTested }
        return courses.map(line).joined() + courses.map(label).joined()
    }

    private static func line(_ course: Course) -> String {
        let state = course.edge.state.rawValue
        var svg = "<g class=\"edge \(state)\">"
        svg += "<line x1=\"\(course.start.x)\" y1=\"\(course.start.y)\""
        svg += " x2=\"\(course.end.x)\" y2=\"\(course.end.y)\""
        svg += course.isArrow ? " marker-end=\"url(#arrow-\(state))\"/>" : "/>"
        if course.edge.state == .broken {
            let y = course.label - 32
            let x = course.place(at: y)
            svg += "<path class=\"cross\" d=\"M\(x - 7) \(y - 7)l14 14m0-14l-14 14\"/>"
        }
        return svg + "</g>\n"
    }

    private static func label(_ course: Course) -> String {
        var svg = "<g class=\"edge \(course.edge.state.rawValue)\">"
        svg += "<text x=\"\(course.place(at: course.label) + course.shift)\" y=\"\(course.label)\""
        svg += " text-anchor=\"middle\">\(mark(course.edge.state))"
        return svg + " \(MarkupText.escape(course.edge.label))</text></g>\n"
    }

    /// Color alone tells nothing to many: a sign for each state.
    private static func mark(_ state: IdentityPicture.State) -> String {
        switch state {
        case .holds: "✓"
        case .broken: "✗"
        case .differs: "≠"
        case .unknown: "?"
        case .notTested: "–"
        }
    }

    private static let markers: String = {
        var svg = "<defs>"
        for state in IdentityPicture.State.allCases {
            svg += "<marker id=\"arrow-\(state.rawValue)\" class=\"edge \(state.rawValue)\""
            svg += " viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"7\""
            svg += " markerHeight=\"7\" orient=\"auto-start-reverse\">"
            svg += "<path d=\"M0 0L10 5L0 10z\"/></marker>"
        }
        return svg + "</defs>\n"
    }()

    // MARK: Boxes

    /// What fits a line of a name's box at its font size.
    private static let columns = 25
    private static let mostLines = 3

    private static func box(
        _ corner: IdentityPicture.Corner, at place: Box, _ kind: String
    ) -> String {
        var svg = "<g class=\"corner \(kind)\">"
        svg +=
            "<title>\(MarkupText.escape(corner.title)): \(MarkupText.escape(corner.name))</title>"
        svg += "<rect x=\"\(place.x)\" y=\"\(place.y)\" width=\"\(place.width)\""
        svg += " height=\"\(place.height)\" rx=\"8\"/>"
        let center = place.x + place.width / 2
        svg += "<text class=\"title\" x=\"\(center)\" y=\"\(place.y + 18)\""
        svg += " text-anchor=\"middle\">\(MarkupText.escape(corner.title))</text>"
        let fit = kind == "address" ? 2 * columns : columns
        for (index, line) in lines(of: corner.name, columns: fit).enumerated() {
            svg += "<text class=\"name\" x=\"\(center)\" y=\"\(place.y + 35 + 15 * index)\""
            svg += " text-anchor=\"middle\">\(MarkupText.escape(line))</text>"
        }
        return svg + "</g>\n"
    }

    /// The name broken behind dots where that is possible, at most ``mostLines`` lines.
    static func lines(of name: String, columns: Int) -> [String] {
        var lines: [String] = []
        var rest = Array(name.unicodeScalars)[...]
        while rest.count > columns, lines.count < mostLines - 1 {
            let head = rest.prefix(columns)
            let cut = head.lastIndex(of: ".").map { $0 + 1 } ?? head.endIndex
            lines.append(String(String.UnicodeScalarView(rest[..<cut])))
            rest = rest[cut...]
        }
        let last = rest.count > columns ? rest.prefix(columns - 1) + ["…"] : rest
        return lines + [String(String.UnicodeScalarView(last))]
    }

    /// For a file of its own; the page's style sheet has the same rules.
    private static let style = """
        <style>
        svg { font-family: system-ui, sans-serif; color: #1b1f24; background: #fff;
          --good: #116329; --bad: #b3211b; --warn: #8a4b00; --dim: #57606a; --line: #7d8590;
          --card: #fff; }
        @media (prefers-color-scheme: dark) { svg { color: #e6edf3; background: #0d1117;
          --good: #56d364; --bad: #ff7b72; --warn: #e3b341; --dim: #9198a1; --line: #6e7681;
          --card: #0d1117; } }
        \(rules)
        </style>

        """

    /// The rules that a page's style sheet needs for the picture.
    package static let rules = """
        .picture text { font-size: 11px; fill: currentColor; }
        .picture .corner rect { fill: var(--card); stroke: var(--line); }
        .picture .corner.missing rect { stroke-dasharray: 4 3; }
        .picture .corner .title { font-size: 10px; fill: var(--dim); }
        .picture .corner .name { font-family: ui-monospace, monospace; font-size: 10.5px; }
        .picture .corner.address .name { font-size: 13px; }
        .picture .edge text { paint-order: stroke; stroke: var(--card); stroke-width: 5px;
          stroke-linejoin: round; }
        .picture .edge line { stroke-width: 2; stroke: currentColor; }
        .picture .edge { color: var(--dim); }
        .picture .edge.holds { color: var(--good); }
        .picture .edge.broken { color: var(--bad); }
        .picture .edge.differs, .picture .edge.unknown { color: var(--warn); }
        .picture .edge.broken line { stroke-dasharray: 6 4; }
        .picture .edge.unknown line, .picture .edge.not-tested line { stroke-dasharray: 2 4; }
        .picture .cross { stroke: currentColor; stroke-width: 3; fill: none; }
        .picture marker path { fill: currentColor; }
        """
}
