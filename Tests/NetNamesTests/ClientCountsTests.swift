import NetNames
import Testing

@Suite struct ClientCountsTests {
    @Test func `an IPv4 address counts by itself, an IPv6 address by its 64`() throws {
        let same = ["192.0.2.1": "192.0.2.1", "2001:db8:1:2::1": "2001:db8:1:2:ffff::2"]
        let other = ["192.0.2.1": "192.0.2.2", "2001:db8:1:2::1": "2001:db8:1:3::1"]
        for (one, next) in same {
            var counts = ClientCounts(mostEach: 1)
            #expect(counts.enter(try #require(IPAddress(one))))
            #expect(!counts.enter(try #require(IPAddress(next))))
            #expect(counts.enter(try #require(other[one].flatMap { IPAddress($0) })))
        }
    }

    @Test func `who leaves makes room, for himself and in the sum`() {
        let (one, other) = (IPAddress.v4(1), IPAddress.v4(2))
        var counts = ClientCounts(most: 3, mostEach: 2)
        #expect(
            [one, one, one, other, other].map { counts.enter($0) } == [
                true, true, false, true, false,
            ])
        counts.leave(one)
        #expect([other, one, one].map { counts.enter($0) } == [true, false, false])
        // Who never entered leaves nothing.
        counts.leave(.v4(9))
        #expect(counts.sum == 3)
    }

    @Test func `who is exempt is bound by the sum alone`() {
        var counts = ClientCounts(most: 2, mostEach: 1)
        #expect((0..<3).map { _ in counts.enter(.v4(1), isExempt: true) } == [true, true, false])
    }
}
