import { expect, it } from 'vitest';
import { writeRequest } from './write-request.js';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const text = (value: string): string => Buffer.from(value).toString('hex');

it('is what the definition of the message says, byte for byte', () => {
  const families = [
    { name: 'up', help: '', type: 'gauge' as const, values: [{ labels: { a: 'é', empty: '' }, value: 1 }] },
  ];
  const label = (name: string, value: string): string => {
    const [n, v] = [text(name), text(value)];
    const length = (of: string): string => (of.length / 2).toString(16).padStart(2, '0');
    const content = `0a${length(n)}${n}12${length(v)}${v}`;
    return `0a${length(content)}${content}`;
  };
  // Sorted by name, without the empty one; 300 is two bytes of seven bits; 1.0 is a double.
  const labels = label('__name__', 'up') + label('a', 'é') + label('job', 'l104-node');
  const series = `${labels}120c09000000000000f03f10ac02`;
  expect(hex(writeRequest({ at: 300, families }, { job: 'l104-node' }))).toBe(
    `0a${(series.length / 2).toString(16)}${series}`,
  );
});

it('has a series for each part of a histogram, and longer lengths than one byte tells', () => {
  const values = ['0.5', '+Inf'].map((le) => ({
    labels: { le, path: 'x'.repeat(200) },
    value: 2,
    metricName: 't_bucket',
  }));
  const bytes = writeRequest(
    { at: Date.UTC(2026, 0, 1), families: [{ name: 't', help: '', type: 'histogram', values }] },
    {},
  );
  // The first byte is the field, the next two tell a length above 127.
  expect(bytes[0]).toBe(0x0a);
  const length = (bytes[1]! & 127) + (bytes[2]! << 7);
  expect(bytes[1]! & 128).toBe(128);
  expect(bytes[3 + length]).toBe(0x0a);
  expect(bytes.length).toBeGreaterThan(2 * length);
  expect(hex(bytes)).toContain(text('t_bucket'));
});
