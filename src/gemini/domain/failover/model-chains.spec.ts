import { expect, it } from 'vitest';
import { ModelChains } from './model-chains.js';

function after(entries: string, model: string): readonly string[] {
  return ModelChains.parse(entries === '' ? [] : entries.split(',')).after(model);
}

it('gives nobody another model unasked', () => {
  expect(after('', 'pro')).toEqual([]);
  expect(after('pro>flash', 'lite')).toEqual([]);
});

it('reads a chain for one model, alone and not joined to others', () => {
  expect(after('pro>flash>lite', 'pro')).toEqual(['flash', 'lite']);
  expect(after('pro>flash,flash>lite', 'pro')).toEqual(['flash']);
  expect(after('pro>flash', 'models/pro')).toEqual(['flash']);
  expect(after('models/pro>models/flash', 'pro')).toEqual(['flash']);
  expect(after('pro>pro>flash>flash', 'pro')).toEqual(['flash']);
  expect(after('tunedModels/mine>flash', 'tunedModels/mine')).toEqual(['flash']);
});

it('reads a chain for any model, in any of its ways', () => {
  for (const entries of ['*>flash>lite', 'flash,lite', '*,flash,lite', '*>flash,lite', '*>flash,*>lite']) {
    expect(after(entries, 'pro')).toEqual(['flash', 'lite']);
  }
  expect(after('pro>big,flash,lite', 'pro')).toEqual(['big']);
  expect(after('*>flash', 'gemini-embedding-001')).toEqual([]);
  expect(after('gemini-embedding-001>e2', 'gemini-embedding-001')).toEqual(['e2']);
});

it('goes on behind a model of the chain, then before it', () => {
  expect(after('pro,flash,lite', 'flash')).toEqual(['lite', 'pro']);
  expect(after('pro,flash,lite', 'pro')).toEqual(['flash', 'lite']);
});

it('prefers the most exact head', () => {
  const entries = 'gemini-*>a,gemini-2.5-*>b,gemini-2.5-pro>c,*>d';
  expect(after(entries, 'gemini-2.5-pro')).toEqual(['c']);
  expect(after(entries, 'gemini-2.5-flash')).toEqual(['b']);
  expect(after(entries, 'gemini-3-pro')).toEqual(['a']);
  expect(after(entries, 'other')).toEqual(['d']);
});

it('refuses what it cannot mean, and names it', () => {
  const many = Array.from({ length: 17 }, (_, i) => `m${i}`);
  for (const bad of ['a>', '>a', '', 'a>*', 'a*b>c', '**>a', `a>${many.join('>')}`]) {
    expect(() => ModelChains.parse([bad])).toThrow(`"${bad}"`);
  }
  expect(() => ModelChains.parse(['a>b', 'a>c'])).toThrow('already');
  expect(() => ModelChains.parse(many)).toThrow('longer than 16');
});
