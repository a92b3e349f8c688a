import { EventEmitter } from 'node:events';
import { type ExecutionContext } from '@nestjs/common';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ManualClock } from '../kernel/clock.js';
import { AdminAccess } from './admin-access.js';
import { AdminEvents } from './admin-events.js';
import { AdminGuard } from './admin.guard.js';
import { createLog } from './logging.js';

const TOKEN = 'the-admin-token-of-this-test';
const clock = new ManualClock();
const settings = { adminToken: TOKEN, adminSessionLifeMs: 60_000, trustProxy: [], publicUrl: '' };
const access = new AdminAccess(settings as never, clock);
const guard = new AdminGuard(access, new AdminEvents(createLog('silent', 'json')), clock);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** An answer that goes on until somebody ends it, let through by the guard. */
function answered(headers: Record<string, string>): { destroyed: boolean; emit(event: 'close'): void } {
  const request = { method: 'GET', headers: { host: 'node', ...headers }, socket: { remoteAddress: '192.0.2.1' } };
  const response = Object.assign(new EventEmitter(), {
    destroyed: false,
    destroy: () => {
      response.destroyed = true;
    },
  });
  const http = { getRequest: () => request, getResponse: () => response };
  expect(guard.canActivate({ switchToHttp: () => http } as unknown as ExecutionContext)).toBe(true);
  return response;
}
const sessionCookie = (): Record<string, string> => {
  const { value } = access.begin(TOKEN, { headers: {}, socket: {} } as never);
  return { cookie: `l104_session=${value}`, 'sec-fetch-site': 'same-origin' };
};

it('ends an answer that goes on with the session it was given to', () => {
  const response = answered(sessionCookie());
  vi.advanceTimersByTime(59_999);
  expect(response.destroyed).toBe(false);
  vi.advanceTimersByTime(1);
  expect(response.destroyed).toBe(true);
});

it('leaves no timer behind an answer that has ended, and sets none for the token', () => {
  answered(sessionCookie()).emit('close');
  answered({ authorization: `Bearer ${TOKEN}` });
  expect(vi.getTimerCount()).toBe(0);
});
