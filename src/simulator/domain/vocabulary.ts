type Words = readonly [string, ...string[]];

/** What the simulated sentences are about. Accents and other scripts are there to exercise multi-byte text. */
export const SUBJECTS: Words = [
  'the harbour',
  'a patient gardener',
  'the café in Zürich',
  'this approach',
  'the lighthouse keeper',
  'a naïve estimate',
  'the second draft',
  'the train to 東京',
  'an old map',
  'the orchestra',
  'each small step',
  'the river',
  'a good question',
  'the observatory',
  'the library',
  'a quiet morning',
];

export const VERBS: Words = [
  'follows',
  'explains',
  'balances',
  'carries',
  'measures',
  'repeats',
  'improves',
  'reaches',
  'outlasts',
  'describes',
  'connects',
  'surprises',
  'rewards',
  'shelters',
  'keeps',
  'questions',
];

export const OBJECTS: Words = [
  'the usual pattern',
  'a longer journey',
  'its neighbours',
  'the evidence at hand',
  'a simple rule',
  'the changing tide',
  'several smaller parts',
  'the original plan',
  'an honest answer',
  'the São Paulo office',
  'a second opinion',
  'the path between them',
  'what was promised',
  'every careful reader',
  'the edge of the map',
  'a well-kept secret',
];

export const ENDINGS: Words = [
  'without any hurry',
  'when the weather turns',
  'for reasons that become clear later',
  'as the older notes suggest',
  'even on a crowded day',
  'within a single afternoon',
  'once the first doubt is gone',
  'and leaves room for more',
  '— or so it seems —',
  'by roughly 3.5 % a year',
  'long before the déjà vu sets in',
  'with a little help ☕',
];

export const LINKS: Words = [
  'In short,',
  'Meanwhile,',
  'As a result,',
  'Even so,',
  'For example,',
  'Later on,',
  'First of all,',
  'Besides,',
];

export const HEADINGS: Words = ['Overview', 'In brief', 'What matters', 'Eine kurze Übersicht'];

/** Short words for JSON fields and call arguments. */
export const NOUNS: Words = [
  'harbour',
  'orchard',
  'Zürich',
  'lantern',
  'meadow',
  'compass',
  'Kyoto',
  'granite',
  'willow',
  'ember',
];
