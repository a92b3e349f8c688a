import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../kernel/clock.js';
import { pageOf } from './page.js';
import { routeOf } from './route.js';
import { Shelf } from './shelf.js';

describe('Shelf', () => {
  it('forgets what has expired and refuses, or evicts the oldest, when it is full', () => {
    const clock = new ManualClock();
    const shelf = new Shelf<string>(clock, { items: 2, weight: 10, keepMs: 100 });
    expect([shelf.put('a', 'A', { weight: 6 }), shelf.put('b', 'B', { weight: 5 }), shelf.put('c', 'C')]).toEqual([
      true,
      false,
      true,
    ]);
    expect([shelf.put('d', 'D'), shelf.put('d', 'D', { evict: true }), shelf.all()]).toEqual([false, true, ['C', 'D']]);
    expect(shelf.put('e', 'E', { weight: 11, evict: true })).toBe(false);
    expect(shelf.put('c', 'C2', { keepMs: 500 })).toBe(true);
    clock.advance(100);
    expect([shelf.get('d'), shelf.get('c'), shelf.all()]).toEqual([undefined, 'C2', ['C2']]);
    expect([shelf.delete('c'), shelf.delete('c')]).toEqual([true, false]);
  });

  it('shows a thing to its owner alone, whatever others call theirs, and has one limit for all of them', () => {
    const shelf = new Shelf<string>(new ManualClock(), { items: 2, weight: 10, keepMs: 100 });
    shelf.put('a', 'mine', { owner: 'me' });
    shelf.put('a', 'yours', { owner: 'you' });
    expect([shelf.get('a'), shelf.get('a', 'me'), shelf.get('a', 'you')]).toEqual([undefined, 'mine', 'yours']);
    expect([shelf.all('me'), shelf.put('b', 'more', { owner: 'me' })]).toEqual([['mine'], false]);
    expect([shelf.delete('a'), shelf.delete('a', 'me'), shelf.get('a', 'you')]).toEqual([false, true, 'yours']);
  });
});

describe('pageOf', () => {
  it('goes through a list page by page', () => {
    expect(pageOf([1, 2, 3], '2', null)).toEqual({ items: [1, 2], nextPageToken: 'p2' });
    expect(pageOf([1, 2, 3], null, 'p2')).toEqual({ items: [3], nextPageToken: undefined });
    expect(() => pageOf([1], '-1', null)).toThrow('page_size');
    expect(() => pageOf([1], null, 'x')).toThrow('Page token');
  });
});

describe('routeOf', () => {
  it('reads every path it knows', () => {
    expect(routeOf('/v1beta/models/a%2Fb:generateContent')).toEqual({
      kind: 'model-method',
      collection: 'models',
      model: 'a/b',
      method: 'generateContent',
    });
    expect(routeOf('/v1/tunedModels/x%3AstreamGenerateContent')).toMatchObject({
      collection: 'tunedModels',
      method: 'streamGenerateContent',
    });
    expect(routeOf('/v1beta/models/')).toEqual({ kind: 'models', name: undefined });
    expect(routeOf('/v1beta/openai/chat/completions')).toEqual({ kind: 'openai-chat' });
    expect(routeOf('/v1beta/interactions/i/cancel')).toEqual({ kind: 'interactions', id: 'i', cancel: true });
    for (const path of [
      '/',
      '/v2/models',
      '/v1beta',
      '/v1beta/files/a/b',
      '/v1beta/openai/chat',
      '/upload/files',
      '/v1beta/a/b/c/d',
    ]) {
      expect(routeOf(path)).toEqual({ kind: 'unknown' });
    }
  });
});
