import { expect, it } from 'vitest';
import { readTabMessage } from './tab-message.js';

it('understands what it says itself, and nothing else', () => {
  const event = { name: 'heal_run', data: '{}', id: '7' };
  for (const message of [
    { kind: 'who' },
    { kind: 'gone' },
    { kind: 'access' },
    { kind: 'state', state: 'live' },
    { kind: 'event', event },
  ])
    expect(readTabMessage(message)).toEqual(message);
  const foreign = [
    null,
    'who',
    {},
    { kind: 'dance' },
    { kind: 'state', state: 'merry' },
    { kind: 'event' },
    { kind: 'event', event: { ...event, id: 7 } },
  ];
  for (const message of foreign) expect(readTabMessage(message)).toBeUndefined();
});
