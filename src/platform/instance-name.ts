import { type TelemetrySettings, telemetrySettings } from './telemetry.settings.js';

/**
 * What tells this node from others of its service: `service.instance.id` of the resource where that is given, else `NODE_NAME`
 * with the port. The same in every life of the node, as long as those are.
 */
export function instanceName(
  resource: Readonly<Record<string, string>>,
  { nodeName, port }: { readonly nodeName: string; readonly port: number },
): string {
  return resource['service.instance.id'] ?? `${nodeName}:${port}`;
}

/** Name of the service: as given by its own variable, else by the resource. */
export function serviceNameOf({ serviceName, resource }: Pick<TelemetrySettings, 'serviceName' | 'resource'>): string {
  const given = serviceName !== telemetrySettings.settings.serviceName.fallback;
  return given ? serviceName : (resource['service.name'] ?? serviceName);
}
