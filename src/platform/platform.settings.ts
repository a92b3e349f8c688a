import { hostname } from 'node:os';
import { bytes, choice, duration, flag, integer, list, optionalFlag, text, httpUrl } from './setting-kinds.js';
import { defineSettings, type Setting, SettingProblem } from './settings.js';

const named = text({
  variable: 'NODE_NAME',
  max: 63,
  example: 'prod-1',
  about:
    'Name of this node, for those who run several: it stands in every entry of the journal. Letters, digits, `.`, `_` and `-`. Unset: the name of the machine, which in a container or a pod is its own; nodes that share a machine and a database need one each.',
});

const nodeName: Setting<string> = {
  ...named,
  read: (raw) => {
    const value = named.read(raw);
    if (value === '')
      return hostname()
        .replace(/[^\w.-]/g, '_')
        .slice(0, 63);
    if (/^[\w.-]+$/.test(value)) return value;
    throw new SettingProblem('has characters other than letters, digits, ".", "_" and "-"');
  },
};

/** Settings of the process and its HTTP server. */
export const platformSettings = defineSettings('platform', 'Process and HTTP server', {
  nodeEnv: text({
    variable: 'NODE_ENV',
    default: 'development',
    about: 'Name of the environment: `development`, `test` or `production`. Decides which file of `config/` is read.',
  }),
  nodeName,
  host: text({
    variable: 'HOST',
    default: '127.0.0.1',
    about:
      'Address to listen on. Loopback by default, so that a first try is open to nobody else; the image sets `0.0.0.0`.',
  }),
  port: integer({
    variable: 'PORT',
    default: 8081,
    min: 0,
    max: 65_535,
    about: 'Port to listen on; 0 takes any free one.',
  }),
  backlog: integer({
    variable: 'LISTEN_BACKLOG',
    default: 4096,
    min: 1,
    max: 65_535,
    about:
      'Connections that may wait to be accepted; of more, those who connect notice nothing but seconds of delay. Thousands of clients that come at once fit in; the kernel allows `net.core.somaxconn` at most.',
  }),
  publicUrl: httpUrl({
    variable: 'PUBLIC_URL',
    about:
      'Address under which clients reach the node, for links it hands out (uploads). Unset: taken from the request.',
  }),
  trustProxy: list({
    variable: 'TRUST_PROXY',
    max: 20,
    each: /^(\d{1,2}|[\da-fA-F.:]+(\/\d{1,3})?|loopback|linklocal|uniquelocal)$/,
    eachIs: 'a hop count, an address or a range',
    about:
      'Reverse proxies whose `X-Forwarded-*` headers are believed: a hop count, or addresses and ranges. Unset: nobody is believed, as anyone could send them.',
    example: 'loopback,10.0.0.0/8',
  }),
  corsOrigins: list({
    variable: 'CORS_ORIGINS',
    each: /^(\*|https?:\/\/[^\s/]+)$/,
    eachIs: 'an origin such as https://app.example.com',
    about: 'Origins of web pages that may call the node. Unset: cross-origin calls are off.',
    example: 'https://app.example.com',
  }),
  clientApiKeys: list({
    variable: 'CLIENT_API_KEYS',
    secret: true,
    max: 1000,
    each: /^[\x21-\x7e]{8,512}$/,
    eachIs: '8 to 512 printable characters',
    about: 'Keys that clients must send in the slot their SDK uses. Unset: the node is open to all who can reach it.',
    example: 'team-a-3f9c2d71,team-b-88ab01ce',
  }),
  adminToken: text({
    variable: 'ADMIN_TOKEN',
    secret: true,
    about:
      'Bearer token for `/self/*`, and what administrators sign in with on the page; of 20 characters or more, since shorter ones can be guessed. Unset: only direct loopback peers are let in; bound to another address the node makes one and prints it once.',
    example: 'a-long-random-text',
  }),
  adminSessionLifeMs: duration({
    variable: 'ADMIN_SESSION_LIFE',
    unit: 'h',
    default: '12h',
    min: '1m',
    max: '7d',
    about:
      'How long an administrator who signs in on the page stays signed in. Half a day spans a shift; some are told by their rules to keep it shorter.',
  }),
  metricsToken: text({
    variable: 'METRICS_TOKEN',
    secret: true,
    about: 'Bearer token for `/metrics`; administrators read it with theirs. Unset: open, as scrapers expect.',
    example: 'a-long-random-text',
  }),
  docsEnabled: optionalFlag({
    variable: 'DOCS_ENABLED',
    about: 'Serve `/docs` and `/openapi.json`. Unset: served unless `NODE_ENV=production`.',
  }),
  logLevel: choice({
    variable: 'LOG_LEVEL',
    options: ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'],
    default: 'info',
    about: 'Least level that is logged. Prompts and answers are logged at no level.',
  }),
  logFormat: choice({
    variable: 'LOG_FORMAT',
    options: ['auto', 'json', 'pretty', 'ecs', 'gcp'],
    default: 'auto',
    about: 'Form of the log lines; `auto` is `pretty` on a terminal and `json` elsewhere.',
  }),
  accessLog: flag({
    variable: 'ACCESS_LOG',
    default: true,
    about:
      'Log one line per request to the API when it ends (`request_finished`, level info): what happened to a request a user asks about must be there before it is asked for. Off saves some 40 µs of CPU per request.',
  }),
  bodyLimit: bytes({
    variable: 'REQUEST_BODY_LIMIT',
    default: '100MiB',
    min: '1KiB',
    max: '1GiB',
    about:
      'Largest request body of a call to a model. Gemini takes inline data up to 100 MB; larger media goes through uploads, which are not limited.',
  }),
  receiveTimeoutMs: duration({
    variable: 'REQUEST_RECEIVE_TIMEOUT',
    unit: 's',
    default: '60s',
    min: '1s',
    max: '1h',
    about:
      'Time a client has to send the body of a call, so that slow senders cannot hold memory. Uploads are not limited by it.',
  }),
  headersTimeoutMs: duration({
    variable: 'REQUEST_HEADERS_TIMEOUT',
    unit: 's',
    default: '20s',
    min: '1s',
    max: '10m',
    about: 'Time a client has to send the headers of a request; generous for mobile networks, short for slowloris.',
  }),
  keepAliveMs: duration({
    variable: 'KEEP_ALIVE_TIMEOUT',
    unit: 's',
    default: '75s',
    min: '1s',
    max: '1h',
    about:
      'How long an idle client connection stays open. Longer than the 60 s of common load balancers, so that they close first.',
  }),
  maxHeaderBytes: bytes({
    variable: 'REQUEST_HEADERS_LIMIT',
    default: '32KiB',
    min: '8KiB',
    max: '1MiB',
    about: 'Largest size of the headers of a request; twice the default of Node, for tokens and tracing baggage.',
  }),
  shutdownDelayMs: duration({
    variable: 'SHUTDOWN_DELAY_SECONDS',
    unit: 's',
    default: '5s',
    min: '0s',
    max: '10m',
    about: 'After SIGTERM: how long new requests are still served while load balancers take notice.',
  }),
  shutdownGraceMs: duration({
    variable: 'SHUTDOWN_GRACE_SECONDS',
    unit: 's',
    default: '25s',
    min: '0s',
    max: '2h',
    about:
      'After the delay: how long running answers may go on. Raise it, and the grace period of the manifest, to the longest stream.',
  }),
  startBanner: flag({
    variable: 'L104_BANNER',
    default: true,
    about: 'Print the start banner when standard error is a terminal.',
  }),
});
