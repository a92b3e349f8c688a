import { hostname } from 'node:os';

/**
 * What tells this node from others of its service: `service.instance.id` of the resource where that is given, else the name
 * of the host with the port. The same in every life of the node, as long as those are.
 */
export function instanceName(resource: Readonly<Record<string, string>>, port: number): string {
  return resource['service.instance.id'] ?? `${hostname()}:${port}`;
}
