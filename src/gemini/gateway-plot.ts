import { type Plot } from '../metrics/index.js';

type Labels = Readonly<Record<string, string | number>>;

/** What the history shows of the calls to models. */
export const GATEWAY_PLOT: Plot = {
  tracks: [
    { name: 'rescued', kind: 'count', from: 'l104_rescued_calls_total' },
    { name: 'retries', kind: 'count', from: 'l104_further_attempts_total' },
    {
      name: 'failovers',
      kind: 'count',
      from: 'l104_retried_calls_total',
      where: ({ result }: Labels) => result === 'failover',
    },
    {
      name: 'resumes',
      kind: 'count',
      from: 'l104_resumed_streams_total',
      where: ({ result }: Labels) => result === 'joined',
    },
    {
      name: 'tokens_input',
      kind: 'count',
      from: 'l104_tokens_total',
      where: ({ type }: Labels) => type === 'input',
    },
    {
      name: 'tokens_output',
      kind: 'count',
      from: 'l104_tokens_total',
      // Thoughts are charged as output.
      where: ({ type }: Labels) => type === 'output' || type === 'thoughts',
    },
    {
      name: 'tokens',
      kind: 'count',
      from: 'l104_tokens_total',
      // Those of a cache are among the input already.
      where: ({ type }: Labels) => type !== 'cached',
    },
    { name: 'first_token', kind: 'buckets', from: 'l104_time_to_first_token_seconds' },
    { name: 'streams_open', kind: 'gauge', from: 'l104_streams_open' },
  ],
  series: [
    {
      name: 'rescued',
      unit: 'per minute',
      help: 'Calls that were answered only with help: another attempt, another model, or going on behind a break.',
      shown: { as: 'rate', of: 'rescued' },
    },
    {
      name: 'retries',
      unit: 'per minute',
      help: 'Attempts after the first one of a call, whatever they were sent for.',
      shown: { as: 'rate', of: 'retries' },
    },
    {
      name: 'failovers',
      unit: 'per minute',
      help: 'Calls that another model answered than the one asked for.',
      shown: { as: 'rate', of: 'failovers' },
    },
    {
      name: 'resumes',
      unit: 'per minute',
      help: 'Streams gone on with behind a break.',
      shown: { as: 'rate', of: 'resumes' },
    },
    {
      name: 'tokens_input',
      unit: 'per minute',
      help: 'Tokens of prompts.',
      shown: { as: 'rate', of: 'tokens_input' },
    },
    {
      name: 'tokens_output',
      unit: 'per minute',
      help: 'Tokens of answers, thoughts included.',
      shown: { as: 'rate', of: 'tokens_output' },
    },
    {
      name: 'tokens',
      unit: 'per minute',
      help: 'Tokens of prompts and answers together.',
      shown: { as: 'rate', of: 'tokens' },
    },
    {
      name: 'first_token_p50',
      unit: 's',
      help: 'Time to the first word of a stream: half of them took no longer.',
      shown: { as: 'quantile', of: 'first_token', q: 0.5 },
    },
    {
      name: 'first_token_p95',
      unit: 's',
      help: 'Time to the first word of a stream: one in twenty took longer.',
      shown: { as: 'quantile', of: 'first_token', q: 0.95 },
    },
    { name: 'streams_open', unit: '', help: 'Streams that are being sent.', shown: { as: 'mean', of: 'streams_open' } },
  ],
};
