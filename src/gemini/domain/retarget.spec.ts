import { expect, it } from 'vitest';
import { retargetBody, retargetPath } from './retarget.js';

it('changes the model in a path and nothing else', () => {
  expect(retargetPath('/v1beta/models/a:streamGenerateContent?alt=sse&x=models/a:y', 'b')).toBe(
    '/v1beta/models/b:streamGenerateContent?alt=sse&x=models/a:y',
  );
  expect(retargetPath('/v1beta/tunedModels/mine:generateContent', 'b')).toBe('/v1beta/models/b:generateContent');
});

it('changes the model in a body and no other byte', () => {
  const body = Buffer.from('{ "messages":[{"role":"model","model":"a"}] ,"model" : "a", "x":1.0}');
  expect(retargetBody(body, 'b"c').toString()).toBe(
    '{ "messages":[{"role":"model","model":"a"}] ,"model" : "b\\"c", "x":1.0}',
  );
  expect(retargetBody(Buffer.from('{"messages":[]}'), 'b').toString()).toBe('{"messages":[]}');
});
