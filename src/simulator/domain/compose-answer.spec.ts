import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Answer, type Candidate } from './answer.js';
import { type AnswerFault } from './answer-fault.js';
import { composeAnswer } from './compose-answer.js';
import { type JsonObject } from './json.js';
import { ModelTable } from './model-table.js';
import { nativeConversation } from './native-request.js';
import { wordCount } from './prose.js';

const models = new ModelTable();

function ask(text: string, more: JsonObject = {}, options: { model?: string; fault?: AnswerFault } = {}): Answer {
  return answer({ contents: [{ role: 'user', parts: [{ text }] }], ...more }, options);
}

function answer(
  body: JsonObject,
  { model = 'gemini-2.5-flash', fault }: { model?: string; fault?: AnswerFault } = {},
): Answer {
  const facts = models.find('models', model)!;
  return composeAnswer(nativeConversation(model, body), facts, { id: 'r1', voice: model, cachedTokens: 0, fault });
}

function first(of: Answer): Candidate {
  return of.candidates[0]!;
}

function textOf(of: Answer, index = 0): string {
  return of.candidates[index]!.pieces.map((piece) => (piece.kind === 'text' ? piece.text : '')).join('');
}

function prefilled(question: string, partial: string, options: { model?: string; fault?: AnswerFault } = {}): Answer {
  return answer(
    {
      contents: [
        { role: 'user', parts: [{ text: question }] },
        { role: 'model', parts: [{ text: partial }] },
      ],
    },
    options,
  );
}

describe('answers', () => {
  it('depend on the model, the history and the system instruction, and on nothing else', () => {
    expect(textOf(ask('hi'))).toBe(textOf(ask('hi')));
    const others = [
      ask('ho'),
      ask('hi', {}, { model: 'gemini-2.5-pro' }),
      ask('hi', { systemInstruction: { parts: [{ text: 'Be brief' }] } }),
    ];
    expect(new Set([textOf(ask('hi')), ...others.map((other) => textOf(other))]).size).toBe(4);
    expect(textOf(ask('hi', { systemInstruction: { parts: [{ text: 'You are Ada, a poet.' }] } }))).toMatch(
      /^\[simulated\] Ada here\./,
    );
  });

  it('stop at stop sequences, at the token limit and at what a directive says', () => {
    const full = textOf(ask('hi'));
    const stop = full.split(' ')[9]!;
    expect(textOf(ask('hi', { generationConfig: { stopSequences: [stop] } }))).toBe(full.slice(0, full.indexOf(stop)));
    const short = ask('hi', { generationConfig: { maxOutputTokens: 10 } });
    expect(first(short).finish).toBe('MAX_TOKENS');
    expect(textOf(short)).toBe(full.slice(0, 40));
    expect(first(ask('x #safety')).finish).toBe('SAFETY');
    expect(wordCount(textOf(ask('x #words=40 #recitation')))).toBe(20);
    expect(ask('x #blocked')).toMatchObject({ blockReason: 'PROHIBITED_CONTENT', candidates: [] });
    expect(textOf(ask('say #echo'))).toBe('[simulated] say #echo');
  });

  it('have several candidates, thoughts, JSON and enums on demand', () => {
    const two = ask('hi', { generationConfig: { candidateCount: 2 } });
    expect(textOf(two, 0)).not.toBe(textOf(two, 1));
    expect(first(ask('hi', { generationConfig: { thinkingConfig: { includeThoughts: true } } })).pieces[0]?.kind).toBe(
      'thought',
    );
    const schema = { type: 'OBJECT', properties: { n: { type: 'INTEGER' } }, required: ['n'] };
    const json = ask('hi', { generationConfig: { responseMimeType: 'application/json', responseSchema: schema } });
    expect(JSON.parse(textOf(json))).toEqual({ n: expect.any(Number) as number });
    const one = ask('hi', {
      generationConfig: { responseMimeType: 'text/x.enum', responseSchema: { type: 'STRING', enum: ['only'] } },
    });
    expect(textOf(one)).toBe('only');
  });

  it('refuse what is too long, and partial answers and tokens where the model takes none', () => {
    expect(() => ask('x'.repeat(4 * 1_048_577))).toThrow(
      'The input token count (1048577) exceeds the maximum number of tokens allowed (1048576).',
    );
    expect(() => prefilled('q', 'a', { model: 'gemini-3.5-flash' })).toThrow(
      'Requests ending with a model turn are not supported.',
    );
    expect(() => ask('x', { continuationToken: 't' })).toThrow('not supported');
    expect(() => ask('x', { continuationToken: 'lt1-a-b-c' }, { model: 'gemini-4-argon' })).toThrow(
      'continuation token is invalid',
    );
  });
});

describe('tool calls', () => {
  const tools = [
    {
      functionDeclarations: [
        {
          name: 'get_time',
          parameters: { type: 'OBJECT', properties: { zone: { type: 'STRING' } }, required: ['zone'] },
        },
        { name: 'other' },
      ],
    },
  ];

  it('are made when named, forced or asked for, and signed by newer models', () => {
    expect(first(ask('what does get_time say?', { tools })).pieces).toMatchObject([
      { call: { name: 'get_time', args: { zone: expect.any(String) as string }, signature: undefined } },
    ]);
    expect(first(ask('#call', { tools }, { model: 'gemini-3-pro-preview' })).pieces).toMatchObject([
      { call: { signature: expect.any(String) as string } },
    ]);
    expect(first(ask('get_time and other', { tools })).pieces).toHaveLength(2);
    const any = { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['other'] } };
    expect(first(ask('hi', { tools, toolConfig: any })).pieces).toMatchObject([{ call: { name: 'other' } }]);
    expect(textOf(ask('just talk', { tools }))).not.toBe('');
  });

  it('are followed by a text that uses their result', () => {
    const done = answer({
      tools,
      contents: [
        { role: 'user', parts: [{ text: 'get_time' }] },
        { role: 'model', parts: [{ functionCall: { name: 'get_time', args: {} } }] },
        { role: 'user', parts: [{ functionResponse: { name: 'get_time', response: { now: 'noon' } } }] },
      ],
    });
    expect(textOf(done)).toContain('According to get_time: {"now":"noon"}');
  });
});

describe('continuing', () => {
  it('carries on exactly from any partial answer that is its own', () => {
    const full = textOf(ask('question'));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: full.length }), (cut) => {
        expect(textOf(prefilled('question', full.slice(0, cut)))).toBe(full.slice(cut));
        expect(textOf(prefilled('question', full.slice(0, cut).trimEnd())).trimStart()).toBe(
          full.slice(cut).trimStart(),
        );
      }),
    );
  });

  it('shows every style of carrying on', () => {
    const full = textOf(ask('question #words=60'));
    const partial = full.split(' ').slice(0, 20).join(' ');
    const style = (name: string): string =>
      textOf(prefilled('question #words=60', partial, { fault: { kind: 'prefillStyle', style: name as 'exact' } }));
    const rest = full.slice(partial.length);
    expect(style('trimming')).toBe(rest.trimStart());
    expect(style('overlapping')).toBe(partial.split(' ').slice(-4).join(' ') + rest);
    expect(style('preamble')).toBe(`Sure, continuing: ${rest.trimStart()}`);
    expect(style('restarting')).toBe(full);
    expect(style('unrelated')).not.toContain(rest.slice(0, 20));
    expect(textOf(prefilled('question', 'somebody else said this'))).toMatch(/^ \S/);
  });

  it('resumes from every checkpoint and hop to the same whole text', () => {
    const model = 'gemini-4-argon';
    const question = 'long #words=120 #hop=50 #checkpoint=2';
    const full = textOf(ask('long #words=120 #hop=20000 #checkpoint=2', {}, { model }));
    const hop = ask(question, {}, { model });
    expect(first(hop)).toMatchObject({ finish: 'CONTINUATION', token: expect.any(String) as string });
    let said = textOf(hop);
    for (let token = first(hop).token; token !== undefined;) {
      const next = ask(question, { continuationToken: token }, { model });
      said += textOf(next);
      token = first(next).token;
    }
    expect(wordCount(said)).toBe(wordCount(full));
    let out = '';
    for (const piece of first(hop).pieces) {
      if (piece.kind === 'text') out += piece.text;
      if (piece.kind !== 'text' || piece.checkpoint === undefined) continue;
      expect(said.startsWith(out + textOf(ask(question, { continuationToken: piece.checkpoint }, { model })))).toBe(
        true,
      );
    }
  });
});
