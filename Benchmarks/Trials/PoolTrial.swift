import DNSModel
import LookupEngine
import NetNames
import SenderIdentity

/// The pool recognizer on generated operators: no false acquittal, and pools are found.
enum PoolTrial {
    static let wantedRecallPerMille = 950

    static func run(operators: Int) -> Bool {
        var dice = Dice(seed: 65_0150)
        var pools = 0
        var recognized = 0
        var acquitted = 0
        var shapes: [String: (count: Int, acquitted: Int)] = [:]
        for _ in 0..<operators {
            let shape = dice.pick(OperatorShape.allCases)
            var world = World(client: dice.address(version6: 10))
            shape.build(&world, &dice)
            guard let (facts, _) = try? world.judge() else { return false }
            var isAcquitted = false
            if case .sharedPool = facts.topology { isAcquitted = true }
            if shape.isPool {
                pools += 1
                if isAcquitted { recognized += 1 }
            } else if isAcquitted {
                acquitted += 1
            }
            shapes[shape.rawValue, default: (0, 0)].count += 1
            if isAcquitted { shapes[shape.rawValue, default: (0, 0)].acquitted += 1 }
        }
        print("Pool recognizer, \(operators) operators")
        for (name, row) in shapes.sorted(by: { $0.key < $1.key }) {
            print(
                "  \(Trials.pad(name, 48)) \(Trials.pad("\(row.count)", 5))"
                    + " recognized as a pool \(row.acquitted)")
        }
        print(
            "  recall \(Trials.percent(recognized, of: pools)) of \(pools) pools,"
                + " false acquittals \(acquitted) of \(operators - pools)")
        return acquitted == 0 && recognized * 1000 >= wantedRecallPerMille * pools
    }
}

/// How an operator's hosts share, or do not share, a HELO name.
enum OperatorShape: String, CaseIterable {
    case pool = "pool, client outside the HELO name's addresses"
    case poolInside = "pool, client among them"
    case poolBySite = "pool over several sites"
    case twoHosts = "two hosts, one address record missing"
    case threeHosts = "three hosts, one address record missing"
    case fourHosts = "four hosts, one address record missing"
    case memberWithoutPointer = "many hosts, one without PTR"
    case memberNotConfirmed = "many hosts, one not confirmed"
    case memberUnknown = "many hosts, one look-up fails"
    case clientNotConfirmed = "many hosts, the client not confirmed"
    case heloIsAMember = "the HELO name is one host's own name"
    case foreignDomain = "HELO name of another organization"
    case strangeNames = "members without a common scheme"
    case sharedName = "members share one PTR name"
    case dialUp = "an access line borrows the pool's name"
    case customerHost = "a customer's host borrows its hoster's pool name"
    case customerDomain = "a customer's domain below the hoster's, named alike"

    var isPool: Bool { [.pool, .poolInside, .poolBySite].contains(self) }

    func build(_ world: inout World, _ dice: inout Dice) {
        let domain = "\(dice.word())\(dice.number(1...999)).example"
        let helo = dice.pick(["out", "mta", "relay", "smtp-out"]) + ".\(domain)"
        world.helo = helo
        let family = world.client.family
        let prefix = dice.pick(["mail", "mta", "out", "mail-\(dice.word())", "o\(dice.word())"])
        let width = dice.number(1...4)
        let sites = dice.chance(30) || self == .poolBySite ? [dice.word(), dice.word()] : []
        let name = { (number: Int, site: Int) in
            let digits = String(number)
            let padded = String(repeating: "0", count: max(0, width - digits.count)) + digits
            let place = sites.isEmpty ? "" : sites[site % sites.count] + "."
            return "\(prefix)\(padded).\(place)\(domain)"
        }
        let count: Int =
            switch self {
            case .twoHosts: 1
            case .threeHosts: 2
            case .fourHosts: 3
            default: dice.number(4...18)
            }
        var addresses: Set<IPAddress> = [world.client]
        for number in 1...count {
            var address = dice.address(version6: family == .v6 ? 100 : 0)
            while !addresses.insert(address).inserted {
                address = dice.address(version6: family == .v6 ? 100 : 0)
            }
            world.addAddress(address, to: helo)
            addMember(
                &world, address, name(number, number), helo: helo, domain: domain,
                isFirst: number == 1, &dice)
        }
        addClient(&world, name(count + 1, count + 1), helo: helo, domain: domain)
    }

    private func addMember(
        _ world: inout World, _ address: IPAddress, _ name: String, helo: String, domain: String,
        isFirst: Bool, _ dice: inout Dice
    ) {
        switch self {
        case .memberWithoutPointer where isFirst:
            break
        case .memberNotConfirmed where isFirst:
            world.addPointer(of: address, to: name)
        case .memberUnknown where isFirst:
            world.addHost(name, address)
            world.fail(.init(ReverseName.name(of: address), .ptr), .code(.serverFailure))
        case .heloIsAMember where isFirst:
            world.addPointer(of: address, to: helo)
        case .strangeNames:
            world.addHost("\(dice.word())-\(dice.word()).\(domain)", address)
        case .sharedName:
            world.addHost("mail1.\(domain)", address)
        default:
            world.addHost(name, address)
        }
    }

    private func addClient(
        _ world: inout World, _ name: String, helo: String, domain: String
    ) {
        switch self {
        case .clientNotConfirmed:
            world.addPointer(of: world.client, to: name)
        case .foreignDomain:
            world.addHost("mail1.elsewhere.example", world.client)
        case .dialUp:
            world.addHost("line1.dyn.\(domain)", world.client)
        case .customerHost:
            world.addHost("rental77.\(domain)", world.client)
        case .customerDomain:
            let first = name.prefix { $0 != "." }
            world.addHost("\(first).customer7.\(domain)", world.client)
        case .poolInside:
            world.addHost(name, world.client)
            world.addAddress(world.client, to: helo)
        default:
            world.addHost(name, world.client)
        }
    }
}
