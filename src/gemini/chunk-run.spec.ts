import { expect, it } from 'vitest';
import { ChunkRun } from './chunk-run.js';

/** Chunks in a memory of their own, with what was said in each as a piece of it; `ahead` bytes stand before the first. */
function chunks(ahead: number, ...said: readonly string[]): Buffer[] {
  const bytes = Buffer.from('.'.repeat(ahead) + said.map((words) => `${words.length}\r\n${words}\r\n`).join(''));
  const { buffer } = Uint8Array.from(bytes);
  return said.map((words) => Buffer.from(buffer, bytes.indexOf(words), words.length));
}

it('takes in chunks that lie side by side, and gives them out as they stand', () => {
  const run = new ChunkRun();
  const [one, two, three] = chunks(3, 'one', 'two', 'three') as [Buffer, Buffer, Buffer];
  expect(run.empty).toBe(true);
  expect([run.add(one), run.add(two)]).toEqual([true, true]);
  expect(run.add(one)).toBe(false);
  expect(run.empty).toBe(false);
  expect(run.take().toString()).toBe('3\r\none\r\n3\r\ntwo\r\n');
  expect(run.empty).toBe(true);
  expect(run.add(three)).toBe(true);
  expect(run.take().toString()).toBe('5\r\nthree\r\n');
});

it('does not take the chunk of another memory for the next, wherever in it that stands', () => {
  const run = new ChunkRun();
  const [one] = chunks(0, 'one') as [Buffer];
  const [other] = chunks('3\r\none\r\n'.length, 'other') as [Buffer];
  expect(run.add(one)).toBe(true);
  expect(run.add(other)).toBe(false);
  expect(run.take().toString()).toBe('3\r\none\r\n');
  expect(run.add(other)).toBe(true);
  expect(run.take().toString()).toBe('5\r\nother\r\n');
});
