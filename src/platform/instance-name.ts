import { hostname } from 'node:os';
import { type TelemetrySettings, telemetrySettings } from './telemetry.settings.js';

/**
 * What tells this node from others of its service: `service.instance.id` of the resource where that is given, else the name
 * of the host with the port. The same in every life of the node, as long as those are.
 */
export function instanceName(resource: Readonly<Record<string, string>>, port: number): string {
  return resource['service.instance.id'] ?? `${hostname()}:${port}`;
}

/** Name of the service: as given by its own variable, else by the resource. */
export function serviceNameOf({ serviceName, resource }: Pick<TelemetrySettings, 'serviceName' | 'resource'>): string {
  const given = serviceName !== telemetrySettings.settings.serviceName.fallback;
  return given ? serviceName : (resource['service.name'] ?? serviceName);
}
