/** Where a server that listens on an address is reached from its own machine: by the loopback, if it listens everywhere. */
export function loopbackOf({ address, port }: { readonly address: string; readonly port: number }): {
  readonly host: string;
  readonly port: number;
} {
  // Who listens on all addresses of IPv6 takes IPv4 too; a machine without `::1` is more common than one without this.
  return { host: address === '0.0.0.0' || address === '::' ? '127.0.0.1' : address, port };
}
