import { describe, expect, it } from 'vitest';
import { curlLine } from '../curl-line.js';
import { toHtml } from '../element.js';
import { chosenOptions, planForm, readPlan, stepsToRun } from './heal-plan.js';
import { advanced, progressList, readOutcome, waiting } from './heal-progress.js';

const step = (name: string, option: string | null): object => ({ name, level: 'light', reason: 'why', option });
const PLAN = {
  cause: 'upstream_outage',
  steps: [step('circuit_breaker_reset', 'reset_circuit_breaker')],
  left_out: [step('http_client_reset', 'reset_http_client'), step('process_left', null)],
};

describe('the plan of a heal', () => {
  it('is no plan when an answer has no lists of steps', () => {
    for (const answer of [undefined, {}, { steps: [] }, '<html>', { steps: 1, left_out: [] }])
      expect(readPlan(answer)).toBeUndefined();
  });

  it('is a form in which what is planned is chosen, and the rest can be where it has an option', () => {
    const html = planForm(readPlan(PLAN)!).map(toHtml).join('');
    expect(html).toContain('What is wrong: upstream outage.');
    expect(html).toContain('<input type="checkbox" name="reset_circuit_breaker" checked="">');
    expect(html).toContain('<input type="checkbox" name="reset_http_client">');
    expect(html).toContain('<li>process left: why</li>');
  });

  it('asks for what is chosen, and for nothing at all when nothing is', () => {
    const plan = readPlan(PLAN)!;
    const options = chosenOptions(plan, { reset_http_client: 'on' });
    expect(options).toEqual({ reset_circuit_breaker: false, reset_http_client: true });
    expect(stepsToRun(plan, options!)).toEqual(['http_client_reset']);
    expect(chosenOptions(plan, {})).toBeUndefined();
    expect(chosenOptions(readPlan({ steps: [], left_out: [] })!, {})).toBeUndefined();
  });
});

describe('a heal as it goes', () => {
  const event = (data: unknown, name = 'heal_progress') => ({ name, data: JSON.stringify(data), id: '' });

  it('advances by the events of its steps, and by nothing else', () => {
    const begun = waiting(['a', 'b']);
    const runs = advanced(begun, event({ step: 'a', state: 'started' }));
    const failed = advanced(runs, event({ step: 'a', state: 'finished', result: 'failed' }));
    expect([...runs]).toEqual([
      ['a', 'started'],
      ['b', 'waits'],
    ]);
    expect(toHtml(progressList(failed))).toContain('<strong>✖ failed</strong> a');
    for (const other of [
      event({ step: 'a', state: 'started' }, 'heal_run'),
      event({ step: 'c', state: 'started' }),
      event({ step: 'a', state: 'toString' }),
      event('x'),
      { name: 'heal_progress', data: '{', id: '' },
    ])
      expect(advanced(begun, other)).toBe(begun);
  });

  it('ends in a sentence, with what steps found', () => {
    const steps = [
      { name: 'a', result: 'ok' },
      { name: 'b_c', result: 'strange', detail: 'It is still late.' },
    ];
    const outcome = readOutcome({ status: 'PARTIAL', verdict: 'not_cured', verdict_reason: 'Still late.', steps });
    expect(outcome?.sentence).toBe('Heal done in part: it did not help. Still late.');
    expect([...outcome!.progress.values()]).toEqual(['ok', 'failed']);
    expect(outcome?.details).toEqual(['b c: It is still late.']);
    expect(readOutcome({ detail: 'no' })).toBeUndefined();
  });
});

it('writes a line for a shell in which nothing is taken for another command', () => {
  expect(curlLine('http://n:1', "/self/heal/runs/a'; reboot '")).toBe(
    `curl -s 'http://n:1/self/heal/runs/a%27; reboot %27' -H "Authorization: Bearer $ADMIN_TOKEN"`,
  );
});
