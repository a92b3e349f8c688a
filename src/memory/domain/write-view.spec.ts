import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applied } from './test-tables.js';
import { type Row } from './change.js';
import { type Need, type RowView, type Write } from './write.js';
import { WriteView } from './write-view.js';

const keyColumns = (): string[] => ['space', 'key'];
const numbers = Array.from({ length: 1000 }, (_, n) => n + 1);

function write<T>(decide: (view: RowView) => T, needs: Need[] = []): Write<T> {
  return { needs, numbers: 1, bytes: 1, decide };
}

function need(space: string, key: string): Need {
  return { table: 't', where: { space, key }, columns: ['space', 'key', 'value'] };
}

describe('WriteView', () => {
  it('shows each write what those before it have changed', () => {
    const here = need('', 'a');
    const view = new WriteView(keyColumns, [{ need: here, rows: [{ space: '', key: 'a', value: 1 }] }], numbers);
    const increment = write(
      (rows) => {
        const value = Number(rows.find('t', here.where)?.['value']) + 1;
        rows.put('t', { ...here.where, value });
        return value;
      },
      [here],
    );
    expect([view.attempt(increment), view.attempt(increment)]).toEqual([{ value: 2 }, { value: 3 }]);
    expect(view.changes()).toEqual([{ table: 't', put: { space: '', key: 'a', value: 3 } }]);
  });

  it('keeps nothing of a write that throws, whatever it did', () => {
    const view = new WriteView(
      keyColumns,
      [{ need: need('', 'a'), rows: [{ space: '', key: 'a', value: 1 }] }],
      numbers,
    );
    view.attempt(
      write((rows) => {
        rows.put('t', { space: '', key: 'b', value: 2 });
      }),
    );
    const error = new Error('no');
    const failing = write((rows) => {
      rows.remove('t', { space: '', key: 'a' });
      rows.put('t', { space: '', key: 'b', value: 9 });
      rows.remove('t', { space: '', key: 'b' });
      rows.put('t', { space: '', key: 'c', value: 9 });
      throw error;
    });
    expect(view.attempt(failing)).toEqual({ error });
    expect(view.find('t', { space: '', key: 'a' })).toMatchObject({ value: 1 });
    expect(view.find('t', { space: '', key: 'c' })).toBeUndefined();
    expect(view.changes()).toEqual([{ table: 't', put: { space: '', key: 'b', value: 2 } }]);
  });

  it('finds the rows of a need, those that came and without those that went', () => {
    const all: Need = { table: 't', where: { space: 's' }, columns: ['space', 'key'] };
    const rows = ['a', 'b'].map((key) => ({ space: 's', key }));
    const view = new WriteView(keyColumns, [{ need: all, rows }], numbers);
    view.attempt(
      write((v) => {
        v.remove('t', { space: 's', key: 'a' });
        v.put('t', { space: 's', key: 'c' });
        v.put('t', { space: 'other', key: 'd' });
      }),
    );
    expect(view.rows(all).map(({ key }) => key)).toEqual(['b', 'c']);
  });

  it('gives no more numbers than were said', () => {
    const view = new WriteView(keyColumns, [], [7, 8]);
    expect(view.attempt(write((v) => [v.number(), v.number()]))).toEqual({ value: [7, 8] });
    expect(view.attempt(write((v) => v.number()))).toMatchObject({ error: expect.any(RangeError) as unknown });
  });

  it('comes to what the writes would have come to one by one (property)', () => {
    const step = fc.record({
      key: fc.constantFrom('a', 'b', 'c'),
      act: fc.constantFrom('put', 'remove', 'add'),
      fails: fc.boolean(),
    });
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', 'b', 'c')),
        fc.array(fc.array(step, { maxLength: 4 })),
        (given, writes) => {
          const start = new Map<string, Row>(given.map((key) => [key, { space: '', key, value: 0 }]));
          const model = new Map(start);
          const loaded = ['a', 'b', 'c'].map((key) => {
            const row = start.get(key);
            return { need: need('', key), rows: row === undefined ? [] : [row] };
          });
          const view = new WriteView(keyColumns, loaded, numbers);
          for (const [n, steps] of writes.entries()) {
            const before = new Map(model);
            const outcome = view.attempt(
              write((v) => {
                for (const { key, act, fails } of steps) {
                  const where = { space: '', key };
                  const value = act === 'put' ? n + 1 : Number(v.find('t', where)?.['value'] ?? 0) + 10;
                  if (act === 'remove') {
                    v.remove('t', where);
                    model.delete(key);
                  } else {
                    v.put('t', { ...where, value });
                    model.set(key, { ...where, value });
                  }
                  if (fails) throw new Error('no');
                }
              }),
            );
            if (!('error' in outcome)) continue;
            model.clear();
            for (const [key, row] of before) model.set(key, row);
          }
          expect(applied(start, view.changes())).toEqual(model);
          // To make the changes twice is to make them once.
          expect(applied(applied(start, view.changes()), view.changes())).toEqual(model);
        },
      ),
    );
  });
});
