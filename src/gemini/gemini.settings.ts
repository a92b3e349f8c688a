import { bytes, choice, decimal, duration, flag, httpUrl, list, text } from '../platform/setting-kinds.js';
import { defineSettings } from '../platform/settings.js';

/** Settings of the calls to models. */
export const geminiSettings = defineSettings('gemini', 'Gemini', {
  upstream: choice({
    variable: 'GEMINI_UPSTREAM',
    options: ['auto', 'gemini', 'simulator'],
    default: 'auto',
    about:
      'Who answers. `auto`: Gemini when a key is configured, else the built-in simulator (never in production). `gemini` without a key: each client is served with the key it brings.',
  }),
  apiKeys: list({
    variable: 'GEMINI_API_KEY',
    aliases: ['GOOGLE_API_KEY'],
    secret: true,
    max: 100,
    each: /^([\w.-]{1,64}:)?[\x21-\x39\x3b-\x7e]{6,512}$/,
    eachIs: 'a key or project:key, 6 to 512 printable characters',
    about:
      'Key of the Gemini API, or several separated by commas. `project:key` groups keys by project, since quotas and files are per project; files are kept with the first.',
    example: 'project-a:AIza…,project-b:AIza…',
  }),
  badKeyMs: duration({
    variable: 'BAD_KEY_REST',
    unit: 's',
    default: '10m',
    min: '1s',
    max: '1d',
    about:
      'How long a key that Gemini refuses (wrong, blocked, of a suspended project) is left alone while there are others; then one call tries it again. A mended key comes back by itself, a dead one costs an attempt every ten minutes.',
  }),
  baseUrl: httpUrl({
    variable: 'GEMINI_BASE_URL',
    default: 'https://generativelanguage.googleapis.com',
    about: 'Address of the Gemini API.',
  }),
  defaultModel: text({
    variable: 'DEFAULT_MODEL',
    default: 'gemini-2.5-flash',
    max: 100,
    about: 'Model of `/api/v6/stream` when the request gives no `model_hint`.',
  }),
  fallbackModels: list({
    variable: 'GEMINI_FALLBACK_MODELS',
    each: /^[\w.*/-]+(>[\w.*/-]+)*$/,
    eachIs: 'a model or model>fallback1>fallback2',
    about: 'Models to try when the one asked for fails: `*` stands for any model, `model>fallback1>fallback2` for one.',
    example: 'gemini-2.5-pro>gemini-2.5-flash',
  }),
  deadlineMs: duration({
    variable: 'REQUEST_DEADLINE_MS',
    unit: 'ms',
    default: '10m',
    min: '100ms',
    max: '24h',
    about:
      'Time for a whole call unless the client asks for less; the default time-out of the OpenAI SDK, long enough for long thoughts.',
  }),
  firstTokenMs: duration({
    variable: 'TTFT_TIMEOUT_MS',
    unit: 'ms',
    default: '60s',
    min: '100ms',
    max: '1h',
    about:
      'Time for the first word of a streamed answer; thinking models stay silent for most of a minute. A count of tokens that grows is a sign of thinking, and begins it anew.',
  }),
  answerFallbacks: list({
    variable: 'DEFAULT_MODEL_FALLBACKS',
    default: 'gemini-2.5-flash-lite,gemini-2.5-pro',
    max: 15,
    each: /^[\w.-]+$/,
    eachIs: 'a model',
    about:
      'Models that `/api/v6/stream` goes on to when its model fails and GEMINI_FALLBACK_MODELS names no chain for it.',
  }),
  besideMs: duration({
    variable: 'FIRST_TOKEN_BESIDE_MS',
    unit: 'ms',
    default: '8s',
    min: '100ms',
    max: '1h',
    about:
      'Silence before the first word after which the next target is asked beside the silent one; the first to speak answers.',
  }),
  idleMs: duration({
    variable: 'STREAM_IDLE_TIMEOUT_MS',
    unit: 'ms',
    default: '30s',
    min: '100ms',
    max: '1h',
    about:
      'Longest silence within a streamed answer once it has begun; healthy streams pause for a few seconds at most.',
  }),
  endGraceMs: duration({
    variable: 'STREAM_END_GRACE_MS',
    unit: 'ms',
    default: '1s',
    min: '0ms',
    max: '1m',
    about: 'How long to wait for the end of a stream after its answer is complete; then the node ends it itself.',
  }),
  heartbeatMs: duration({
    variable: 'SSE_HEARTBEAT_INTERVAL',
    unit: 's',
    default: '15s',
    min: '1s',
    max: '5m',
    about:
      'Silence after which the event streams of the node itself send a comment; common proxies cut at 60 s of silence.',
  }),
  beatMs: duration({
    variable: 'STREAM_HEARTBEAT_INTERVAL',
    unit: 's',
    default: '15s',
    min: '0ms',
    max: '5m',
    about:
      'Silence after which a streamed answer that has begun gets an event without content (a comment on OpenAI routes); common proxies cut at 60 s of silence. `0s`: never.',
  }),
  earlyHeadMs: duration({
    variable: 'STREAM_EARLY_HEAD',
    unit: 's',
    default: '45s',
    min: '0ms',
    max: '1h',
    about:
      'Wait for the first word after which the head of a streamed answer is sent with a heartbeat; an error then has no status any more. As late as proxies that cut at 60 s allow. `0s`: never.',
  }),
  minPerSecond: decimal({
    variable: 'STREAM_MIN_CHARACTERS_PER_SECOND',
    default: 1,
    min: 0,
    max: 10_000,
    about:
      'A streamed answer that comes more slowly than this, over STREAM_FLOOR_WINDOW, counts as stalled and is gone on with elsewhere. The slowest healthy models are twenty times as fast. `0`: never.',
  }),
  floorWindowMs: duration({
    variable: 'STREAM_FLOOR_WINDOW',
    unit: 's',
    default: '60s',
    min: '100ms',
    max: '1h',
    about:
      'Time over which the pace of a streamed answer is taken; twice the longest silence allowed, so that one pause is no sign.',
  }),
  coalesce: flag({
    variable: 'COALESCE_ENABLED',
    default: false,
    about:
      'One call to Gemini answers all identical ones of a client that arrive while it is in flight. Off, since who asks twice may want two different answers.',
  }),
  staleIfErrorMs: duration({
    variable: 'STALE_IF_ERROR',
    unit: 's',
    default: '0s',
    min: '0s',
    max: '24h',
    about:
      'Greatest age of an earlier answer to the identical call that is given when Gemini or the node fails to answer; `0s` keeps none. Off, since answers are then held in memory.',
  }),
  answerMemory: bytes({
    variable: 'ANSWER_CACHE_MEMORY',
    default: '64MiB',
    min: '1MiB',
    max: '64GiB',
    about:
      'Memory for answers that are shared (COALESCE_ENABLED) or kept (STALE_IF_ERROR), all together; some hundreds to thousands of common answers. One answer takes at most ANSWER_BUFFER_LIMIT.',
  }),
  eventLimit: bytes({
    variable: 'STREAM_EVENT_LIMIT',
    default: '64MiB',
    min: '64KiB',
    max: '512MiB',
    about: 'Largest single event of a stream; an event can carry an image of some tens of megabytes.',
  }),
  answerBuffer: bytes({
    variable: 'ANSWER_BUFFER_LIMIT',
    default: '8MiB',
    min: '64KiB',
    max: '512MiB',
    about:
      'Up to this size a whole answer is checked before any of it is sent; a larger one is passed on as it comes. Of a streamed one as much text is kept, to go on with it where it breaks; `/api/v6/stream` gives no longer one.',
  }),
});
