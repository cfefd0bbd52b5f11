import SenderIdentity
import Testing

@Suite struct FindingSetTests {
    @Test func `every code has its place, and there is room for all`() {
        #expect(FindingCode.allCases.count <= 64)
        for (place, code) in FindingCode.allCases.enumerated() { #expect(code.index == place) }
        #expect(FindingSet.all.codes == FindingCode.allCases)
    }

    @Test func `bits without a code are no codes`() {
        #expect(FindingSet(bits: .max).codes == FindingCode.allCases)
        #expect(FindingSet.empty.codes.isEmpty)
    }

    @Test func `sets are taken together and apart`() {
        let one = FindingSet([.noPointer, .heloName])
        let other = FindingSet([.heloName, .singleHost])
        #expect(one.union(other).codes == [.noPointer, .heloName, .singleHost])
        #expect(one.intersection(other).codes == [.heloName])
        #expect(one.subtracting(other).codes == [.noPointer])
        #expect(one.contains(.noPointer) && !one.contains(.singleHost))
    }
}
