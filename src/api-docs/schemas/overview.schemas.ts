import { type Json } from '../domain/operation.js';
import { whole } from './whole.js';

const text = { type: 'string' };
const count = { type: 'integer', minimum: 0 };
const moment = { type: 'string', format: 'date-time' };
const maybe = { type: ['string', 'null'] };
const list = (items: Json): Json => ({ type: 'array', items });

/** The shape of the node in numbers. */
export const overviewSchemas: Json = {
  Overview: whole({
    timestamp: moment,
    node: whole({
      name: { ...text, description: '`NODE_NAME`, or the name of the machine.' },
      version: text,
      node_version: text,
      processes: { ...count, description: 'Processes that share its port; each counts and limits by itself.' },
      process_id: count,
      started_at: moment,
    }),
    vitals: list(
      whole({
        name: { ...text, example: 'event_loop_delay' },
        value: { type: ['number', 'null'], description: 'Null while it is not known.' },
        unit: { enum: ['seconds', 'bytes', 'count'] },
        limit: { type: ['number', 'null'] },
        stays: { enum: ['below', 'above'], description: 'On which side of the limit it should stay.' },
        level: {
          enum: ['ok', 'near', 'over', 'unknown'],
          description: '`near` is four fifths of the way to the limit; `over` is what the watchdog complains of.',
        },
        at: { ...moment, description: 'When it was read: some are read by the watchdog, every `WATCHDOG_INTERVAL`.' },
      }),
    ),
    forecasts: whole({
      enabled: { type: 'boolean', description: 'False while the watchdog is off, which takes the readings.' },
      horizon_seconds: { type: 'number', description: '`FORECAST_HORIZON`.' },
      figures: list(
        whole({
          name: { ...text, example: 'file_descriptors', description: 'Name of the vital.' },
          state: {
            enum: ['likely', 'possible', 'no_sign', 'reached', 'no_limit', 'unknown'],
            description: '`likely` is what is raised; `reached` is what the watchdog complains of already.',
          },
          unknown_because: {
            enum: ['unread', 'too_seldom', 'too_new', null],
            description: '`too_seldom`: `WATCHDOG_INTERVAL` is more than a tenth of the horizon.',
          },
          probability: {
            type: ['number', 'null'],
            description:
              'Share of the paces seen that lead to the limit within the horizon; not calibrated. Null while it is not known.',
          },
          limit_in_seconds: { type: ['number', 'null'], description: 'Null where it is not in sight.' },
          known_at: { ...maybe, format: 'date-time', description: 'When it will be known at the earliest.' },
          raised_at: { ...maybe, format: 'date-time' },
          subject: { ...text, example: 'running out of file descriptors', description: 'What is likely.' },
          advice: { ...text, description: 'What can be done before.' },
        }),
      ),
    }),
    limits: whole({
      calls: whole({ in_flight: count, limit: count }),
      models: list(
        whole({
          name: { ...text, description: 'Model and form of answer.' },
          limit: { ...count, description: 'Attempts that may wait for their first word at once; adapts to the load.' },
          in_flight: count,
          waiting: count,
        }),
      ),
      retry_budget: whole({ used: count, allowed: count, window_seconds: count }),
      rate_limit: whole({
        requests: { ...count, description: 'What each client may send in the window.' },
        window_seconds: { type: 'number' },
        clients: { ...count, description: 'Clients that are remembered.' },
      }),
    }),
    streams: whole({ open: { ...count, description: 'Answers that are being sent.' } }),
    keys: list(
      whole({
        id: { ...text, description: 'The first digits of its SHA-256 hash.' },
        state: { enum: ['ready', 'resting', 'refused'] },
        project: { ...maybe, description: 'Null for a key that is a project of its own.' },
        in_flight: count,
        fault: { ...maybe, description: 'Why Gemini does not take it.' },
        rests: list(whole({ model: text, kind: text, until: moment, remaining_seconds: count })),
      }),
    ),
    store: whole({
      state: { enum: ['opening', 'ready', 'unusable'] },
      reason: maybe,
      since: moment,
      database: { ...text, description: 'Name of the file, or host and database of the server.' },
      kind: { enum: ['sqlite', 'postgres'] },
      size_bytes: { type: ['number', 'null'], description: 'Null while it is not known.' },
      pending_writes: { ...count, description: 'Writes that wait or run.' },
      pending_limit: count,
      redo_bytes: { type: ['number', 'null'], description: 'The journal beside the file; null where there is none.' },
      last_backup_at: { type: ['string', 'null'], format: 'date-time' },
    }),
  }),
};
