import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stage, setStage } from './support/boot.js';

let stage: Stage;
beforeAll(async () => {
  stage = await setStage();
});
afterAll(() => stage.close());

describe('the native surface', () => {
  it('answers', async () => {
    const response = await fetch(`${stage.node.url}/v1beta/models/gemini-2.5-flash:generateContent`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-goog-api-key': 'k' },
      body: '{"contents":[{"parts":[{"text":"Hello"}]}]}',
    });
    expect(response.status).toBe(200);
  });
});
