import NetNames

/// What is known of the providers, as of November 2026.
///
/// `isVerified: false` marks what no page of the provider itself was seen to say. So are all domains
/// by which a provider is recognized: they come from names and zones seen in public, and a wrong
/// guess costs a wrong hint, never a verdict.
extension Provider {
    package static let all: [Provider] = [
        aws, azure, googleCloud, hetzner, ovhcloud, digitalOcean, linode, vultr, ionos, contabo,
        sendGrid,
    ]

    static let aws = Provider(
        id: "aws", name: "AWS", serverDomains: ["amazonaws.com", "amazon.com"],
        pointerDomains: ["amazonaws.com"], demandsForwardFirst: true,
        instructions: [
            Instruction("Only an Elastic IP address can have a PTR record of one's own."),
            Instruction(
                "Set it. The change is pending for a while; the second command shows its status.",
                command: "aws ec2 modify-address-attribute --allocation-id <id> --domain-name NAME"),
            Instruction(
                "Its status:",
                command: "aws ec2 describe-addresses-attribute --allocation-ids <id>"
                    + " --attribute domain-name"),
            Instruction(
                "Port 25 is limited until AWS lifts it: that is a request of its own.",
                isVerified: false),
        ],
        source: "AWS CLI reference, ec2 modify-address-attribute; Amazon EC2 User Guide, Elastic IP"
    )

    static let azure = Provider(
        id: "azure", name: "Azure",
        serverDomains: ["azure-dns.com", "azure-dns.net", "azure-dns.org", "azure-dns.info"],
        pointerDomains: ["cloudapp.azure.com", "cloudapp.net"], demandsForwardFirst: true,
        instructions: [
            Instruction(
                "Set it. The name must lead to the address at that moment; there can be one only.",
                command: "az network public-ip update --resource-group <group> --name <public-ip>"
                    + " --reverse-fqdn NAME.", family: .v4),
            Instruction(
                "Azure's own IPv6 addresses cannot have a PTR record: send over IPv4.",
                family: .v6, isVerified: false),
        ],
        source: "Microsoft Learn, Azure DNS: reverse DNS for services hosted in Azure")

    static let googleCloud = Provider(
        id: "google-cloud", name: "Google Cloud",
        serverDomains: ["googledomains.com"], pointerDomains: ["bc.googleusercontent.com"],
        demandsForwardFirst: true,
        instructions: [
            Instruction(
                "Google wants to see that the domain is yours: verify it in Search Console.",
                isVerified: false),
            Instruction(
                "Set it on the primary interface of the VM; load balancers and Cloud NAT have none.",
                command: "gcloud compute instances update-access-config <instance> --zone <zone>"
                    + " --public-ptr --public-ptr-domain NAME.", family: .v4),
            Instruction(
                "Set it on the primary interface of the VM, which must have external IPv6.",
                command: "gcloud compute instances update-access-config <instance> --zone <zone>"
                    + " --ipv6-public-ptr-domain NAME.", family: .v6),
        ],
        source: "gcloud reference, compute instances update-access-config")

    static let hetzner = Provider(
        id: "hetzner", name: "Hetzner", serverDomains: ["your-server.de", "hetzner.com"],
        pointerDomains: ["your-server.de"], demandsForwardFirst: false,
        instructions: [
            Instruction(
                "A cloud server:",
                command: "hcloud server set-rdns <server> --ip ADDRESS --hostname NAME"),
            Instruction(
                "A floating IP, primary IP or load balancer: the same with hcloud floating-ip,"
                    + " primary-ip or load-balancer."),
            Instruction(
                "A dedicated server: Robot, the server's IPs, the field behind the address.",
                isVerified: false),
        ],
        source: "hcloud CLI manual, hcloud_server_set-rdns")

    static let ovhcloud = Provider(
        id: "ovhcloud", name: "OVHcloud", serverDomains: ["ovh.net", "ovh.ca", "anycast.me"],
        pointerDomains: ["ovh.net", "ovh.ca", "ovh.us"], demandsForwardFirst: true,
        instructions: [
            Instruction(
                "Control panel, IP, the address's menu, Modify the reverse path.",
                isVerified: false)
        ],
        source: "OVHcloud guide, configuring a reverse DNS")

    static let digitalOcean = Provider(
        id: "digitalocean", name: "DigitalOcean", serverDomains: ["digitalocean.com"],
        pointerDomains: ["digitalocean.com"], demandsForwardFirst: false,
        instructions: [
            Instruction(
                "The Droplet's name is the PTR name, if it is fully qualified: rename the Droplet.",
                command: "doctl compute droplet-action rename <droplet-id> --droplet-name NAME"),
            Instruction(
                "Of a Droplet's IPv6 addresses only the first one has a PTR record.", family: .v6),
            Instruction(
                "Reserved IPs have no PTR record: send from the Droplet's own address.",
                isVerified: false),
        ],
        source: "DigitalOcean documentation, glossary: PTR record")

    static let linode = Provider(
        id: "linode", name: "Akamai (Linode)", serverDomains: ["linode.com"],
        pointerDomains: ["linodeusercontent.com", "linode.com"], demandsForwardFirst: true,
        instructions: [
            Instruction("Set it:", command: "linode-cli networking ip-update ADDRESS --rdns NAME")
        ],
        source: "Linode API, networking: update an IP address's RDNS")

    static let vultr = Provider(
        id: "vultr", name: "Vultr", serverDomains: ["vultr.com", "choopa.com"],
        pointerDomains: ["vultrusercontent.com", "vultr.com"], demandsForwardFirst: false,
        instructions: [
            Instruction(
                "Set it; it may take 6 to 12 hours.",
                command: "vultr-cli instance reverse-dns set-ipv4 <instance-id> ADDRESS"
                    + " --entry NAME", family: .v4),
            Instruction(
                "Set it; it may take 6 to 12 hours.",
                command: "vultr-cli instance reverse-dns set-ipv6 <instance-id> ADDRESS"
                    + " --entry NAME", family: .v6),
        ],
        source: "Vultr documentation, vultr-cli instance reverse-dns; vultr_reverse_ipv4")

    static let ionos = Provider(
        id: "ionos", name: "IONOS Cloud",
        serverDomains: ["ionos.com", "ui-dns.com", "profitbricks.com"],
        pointerDomains: ["pbiaas.com", "onlinehome-server.info"], demandsForwardFirst: true,
        instructions: [
            Instruction(
                "Cloud DNS, reverse records: create one of the address with the name, by the API or"
                    + " a tool on it."),
            Instruction(
                "It must be a reserved IPv4 address, or a /128 of your /56.", isVerified: false),
        ],
        source: "IONOS Cloud DNS API, reverse records")

    static let contabo = Provider(
        id: "contabo", name: "Contabo", serverDomains: ["contabo.net", "contabo.com"],
        pointerDomains: ["contaboserver.net"], demandsForwardFirst: false,
        instructions: [
            Instruction("API: PUT /v1/dns/ptrs/ with the address behind it.", family: .v4),
            Instruction(
                "API: POST /v1/dns/ptrs creates one, PUT /v1/dns/ptrs/ with the address behind it"
                    + " changes it.", family: .v6),
            Instruction("Customer panel, Reverse DNS management.", isVerified: false),
        ],
        source: "Contabo API, DNS: PTR records")

    static let sendGrid = Provider(
        id: "sendgrid", name: "SendGrid", serverDomains: ["sendgrid.net"],
        pointerDomains: ["sendgrid.net"], demandsForwardFirst: true,
        instructions: [
            Instruction(
                "A dedicated IP only: Settings, Sender Authentication, Reverse DNS. It names the A"
                    + " record to publish."),
            Instruction("Once SendGrid has verified that record, it makes the PTR record."),
        ],
        source: "Twilio SendGrid documentation, reverse DNS")
}
