import HTTPTypes
import Hummingbird
import NIOCore
import Pages
import Reports
import SenderIdentity

/// Kept reports as bodies: each form is rendered once for all who look at it.
extension Site {
    /// A kept report in one of its forms.
    /// - Throws: ``WebError/gone``, ``WebError/storeDown``, or that too many ask.
    func kept(_ id: String, as form: ReportForm) async throws -> BodyCache.Entry {
        try await cache.entry(.init(id: id, form: form), at: desk.now) {
            let kept: ReportStore.Kept?
            do {
                kept = try await desk.store.report(id, at: desk.now)
            } catch {
                metrics.countStoreFailure()
                throw WebError.storeDown
            }
            guard let report = kept else { throw WebError.gone }
            let (subject, evidence) = try EvidenceCodec.decode(report.evidence)
            let links = ReportLinks(
                path: path(of: id), address: publicURL + path(of: id),
                expires: "on " + String(Timestamp.text(report.expires).prefix(10)))
            let text = try self.text(
                of: Report(subject: subject, evidence: evidence), form, links)
            return BodyCache.Entry(
                body: ByteBuffer(string: text),
                ownerPlace: form == .html ? PageRenderer.ownerPlace(in: text) : nil,
                owner: report.owner, expires: report.expires)
        }
    }

    /// Whether a report is in the store.
    /// - Throws: ``WebError/storeDown``.
    func isKept(_ id: String) async throws -> Bool {
        do {
            return try await desk.store.report(id, at: desk.now) != nil
        } catch {
            metrics.countStoreFailure()
            throw WebError.storeDown
        }
    }

    /// A report that no store would take, or that is being made.
    func unkept(
        _ id: String, _ subject: Subject, _ evidence: Evidence, as form: ReportForm
    ) async throws -> ByteBuffer {
        try await cache.making(id) {
            ByteBuffer(
                string: try text(of: Report(subject: subject, evidence: evidence), form, nil))
        }
    }

    /// The page with the form that deletes the report.
    func ownersPage(_ entry: BodyCache.Entry, of id: String, token: String) -> ByteBuffer {
        guard let place = entry.ownerPlace,
            let start = entry.body.getSlice(at: entry.body.readerIndex, length: place),
            var rest = entry.body.getSlice(
                at: entry.body.readerIndex + place, length: entry.body.readableBytes - place)
        else { return entry.body }
        var page = start
        page.writeString(pages.deletion(path: path(of: id), token: token))
        page.writeBuffer(&rest)
        return page
    }

    private func text(
        of report: Report, _ form: ReportForm, _ links: ReportLinks?
    ) throws -> String {
        metrics.countRendered()
        switch form {
        case .json: return try ReportJSON.render(report)
        case .markdown: return MarkdownReport.render(report)
        case .text: return TextReport.render(report, .init(showsAll: true))
        case .html:
            let model = try PageModel(report)
            return pages.page(
                title: model.title,
                content: pages.report(
                    model, links: links, note: links == nil ? Self.notKept : nil))
        }
    }

    private static let notKept =
        "This report could not be kept: it is gone in a minute. Save what you need of it."
}

extension ReportForm {
    func response(_ body: ByteBuffer) -> Response {
        Response(
            status: .ok,
            headers: [.contentType: contentType, .cacheControl: "private, no-store"],
            body: .init(byteBuffer: body))
    }
}
