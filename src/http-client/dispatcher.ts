import { Agent, type Dispatcher, EnvHttpProxyAgent } from 'undici';

/** Makes what carries requests to the upstream: straight, or through the proxy that the environment names. */
export function dispatcherOf(options: Agent.Options): Dispatcher {
  return proxied() ? new EnvHttpProxyAgent(options) : new Agent(options);
}

/** Whether the environment names a proxy for outbound calls; `NO_PROXY` is honoured by the agent. */
export function proxied(): boolean {
  return ['HTTPS_PROXY', 'HTTP_PROXY', 'https_proxy', 'http_proxy'].some((name) => (process.env[name] ?? '') !== '');
}
