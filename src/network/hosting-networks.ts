export interface HostingNetwork {
  asn: number
  /** who runs it */
  name: string
  /** why traffic from it is rarely a person asking for a code */
  reason: 'cloud' | 'servers' | 'vpn'
}

/**
 * Networks whose addresses are rented to programs, reviewed one by one. A short list on purpose: a person behind a wrongly
 * listed network meets smaller lines of credit. Kept off it:
 *
 * - networks with subscribers, mobile or fixed (public lists name MTN and Airtel in Nigeria, banks and universities);
 * - where Apple's Private Relay and other relays for people come out: Akamai 36183 and 20940, Cloudflare 13335, Fastly
 *   54113;
 * - Google 15169, which carries its VPN for phones besides old cloud addresses (cloud customers are in 396982).
 *
 * `cloud`: virtual machines by the minute; `servers`: rented servers; `vpn`: backbones that commercial VPNs rent.
 */
export const HOSTING_NETWORKS: readonly HostingNetwork[] = [
  { asn: 16509, name: 'Amazon Web Services', reason: 'cloud' },
  { asn: 14618, name: 'Amazon Web Services (us-east)', reason: 'cloud' },
  { asn: 396982, name: 'Google Cloud', reason: 'cloud' },
  { asn: 8075, name: 'Microsoft Azure', reason: 'cloud' },
  { asn: 31898, name: 'Oracle Cloud', reason: 'cloud' },
  { asn: 36351, name: 'IBM Cloud (SoftLayer)', reason: 'cloud' },
  { asn: 14061, name: 'DigitalOcean', reason: 'cloud' },
  { asn: 63949, name: 'Akamai Connected Cloud (Linode)', reason: 'cloud' },
  { asn: 20473, name: 'Vultr', reason: 'cloud' },
  { asn: 16276, name: 'OVHcloud', reason: 'cloud' },
  { asn: 35540, name: 'OVHcloud (second network)', reason: 'cloud' },
  { asn: 24940, name: 'Hetzner', reason: 'cloud' },
  { asn: 213230, name: 'Hetzner Cloud', reason: 'cloud' },
  { asn: 212317, name: 'Hetzner (Finland, US)', reason: 'cloud' },
  { asn: 12876, name: 'Scaleway', reason: 'cloud' },
  { asn: 45102, name: 'Alibaba Cloud', reason: 'cloud' },
  { asn: 37963, name: 'Alibaba Cloud (China)', reason: 'cloud' },
  { asn: 134963, name: 'Alibaba Cloud (Singapore)', reason: 'cloud' },
  { asn: 132203, name: 'Tencent Cloud', reason: 'cloud' },
  { asn: 45090, name: 'Tencent Cloud (China)', reason: 'cloud' },
  { asn: 139341, name: 'Tencent Cloud (Aceville)', reason: 'cloud' },
  { asn: 136907, name: 'Huawei Cloud', reason: 'cloud' },
  { asn: 55990, name: 'Huawei Cloud (China)', reason: 'cloud' },
  { asn: 138915, name: 'Kaopu Cloud', reason: 'cloud' },
  { asn: 200350, name: 'Yandex Cloud', reason: 'cloud' },
  { asn: 199524, name: 'Gcore', reason: 'cloud' },
  { asn: 54825, name: 'Equinix Metal (Packet)', reason: 'cloud' },
  { asn: 27357, name: 'Rackspace', reason: 'cloud' },
  { asn: 19994, name: 'Rackspace', reason: 'cloud' },
  { asn: 33070, name: 'Rackspace', reason: 'cloud' },
  { asn: 8560, name: 'IONOS', reason: 'servers' },
  { asn: 51167, name: 'Contabo', reason: 'servers' },
  { asn: 40021, name: 'Contabo (US)', reason: 'servers' },
  { asn: 141995, name: 'Contabo (Asia)', reason: 'servers' },
  { asn: 197540, name: 'netcup', reason: 'servers' },
  { asn: 60781, name: 'Leaseweb (Netherlands)', reason: 'servers' },
  { asn: 28753, name: 'Leaseweb (Germany)', reason: 'servers' },
  { asn: 30633, name: 'Leaseweb (US)', reason: 'servers' },
  { asn: 7203, name: 'Leaseweb (US)', reason: 'servers' },
  { asn: 395954, name: 'Leaseweb (US)', reason: 'servers' },
  { asn: 59253, name: 'Leaseweb (Singapore)', reason: 'servers' },
  { asn: 133752, name: 'Leaseweb (Hong Kong)', reason: 'servers' },
  { asn: 36352, name: 'ColoCrossing (HostPapa)', reason: 'servers' },
  { asn: 54290, name: 'Hostwinds (HostPapa)', reason: 'servers' },
  { asn: 8100, name: 'QuadraNet', reason: 'servers' },
  { asn: 53667, name: 'FranTech (BuyVM)', reason: 'servers' },
  { asn: 29802, name: 'Hivelocity', reason: 'servers' },
  { asn: 7979, name: 'Servers.com', reason: 'servers' },
  { asn: 40676, name: 'Psychz Networks', reason: 'servers' },
  { asn: 46844, name: 'Sharktech', reason: 'servers' },
  { asn: 23470, name: 'ReliableSite', reason: 'servers' },
  { asn: 19318, name: 'InterServer', reason: 'servers' },
  { asn: 25820, name: 'IT7 Networks (BandwagonHost)', reason: 'servers' },
  { asn: 55286, name: 'B2 Net Solutions (ServerMania)', reason: 'servers' },
  { asn: 47583, name: 'Hostinger', reason: 'servers' },
  { asn: 26496, name: 'GoDaddy', reason: 'servers' },
  { asn: 22612, name: 'Namecheap', reason: 'servers' },
  { asn: 49981, name: 'WorldStream', reason: 'servers' },
  { asn: 43350, name: 'NForce', reason: 'servers' },
  { asn: 29066, name: 'velia.net', reason: 'servers' },
  { asn: 200019, name: 'AlexHost', reason: 'servers' },
  { asn: 49505, name: 'Selectel', reason: 'servers' },
  { asn: 9123, name: 'Timeweb', reason: 'servers' },
  { asn: 198610, name: 'Beget', reason: 'servers' },
  { asn: 9370, name: 'SAKURA internet', reason: 'servers' },
  { asn: 9009, name: 'M247', reason: 'vpn' },
  { asn: 60068, name: 'Datacamp (CDN77)', reason: 'vpn' },
  { asn: 212238, name: 'Datacamp', reason: 'vpn' },
  { asn: 62240, name: 'Clouvider', reason: 'vpn' },
]
