import { expect, it } from 'vitest';
import { ask, many } from './support/asking.js';
import { bootNode } from './support/boot.js';
import { startScripted } from './support/scripted-upstream.js';

it('waits for a first word as long as the count of thoughts grows', async () => {
  const upstream = await startScripted();
  const env = { TTFT_TIMEOUT_MS: '1500ms', TTFT_PER_THINKING_TOKEN: '0ms', GEMINI_BASE_URL: upstream.url };
  const { node } = await bootNode({ ...env, GEMINI_UPSTREAM: 'gemini' });
  try {
    const thinking = many(8, (at) => [{ usageMetadata: { promptTokenCount: 3, thoughtsTokenCount: 20 * at } }, 300]);
    const said = { candidates: [{ content: { parts: [{ text: 'Thought through.' }] } }] };
    upstream.script({ events: [...thinking.flat(), said, { candidates: [{ finishReason: 'STOP' }] }], then: 'end' });
    const response = await ask(node.url, {});
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('Thought through.');
    expect(upstream.bodies).toHaveLength(1);
  } finally {
    await node.drain();
    await upstream.close();
  }
});
