import Reports
import Testing

/// Dates without a calendar library.
@Suite struct CivilTimeTests {
    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00Z", 4), (-1, "1969-12-31T23:59:59Z", 3),
            (951_782_400, "2000-02-29T00:00:00Z", 2), (1_795_000_000, "2026-11-18T11:06:40Z", 3),
            (4_107_542_400, "2100-03-01T00:00:00Z", 1),
            (-62_135_596_800, "0001-01-01T00:00:00Z", 1),
            (253_402_300_799, "9999-12-31T23:59:59Z", 5),
        ] as [(Int64, String, Int)])
    func `a second is a time of day on a day`(second: Int64, text: String, weekday: Int) {
        #expect(Timestamp.text(second) == text)
        #expect(CivilTime(second).weekday == weekday)
    }
}
