import { topLevelMembers } from './json-scan.js';

/** The path of a native call, for another model; everything else stays as it is. */
export function retargetPath(target: string, model: string): string {
  const resource = model.includes('/') ? model : `models/${model}`;
  return target.replace(/\/(?:models|tunedModels)\/[^/:]+:/, `/${resource}:`);
}

/** The body of an OpenAI call, for another model; every other byte stays as it is. */
export function retargetBody(body: Buffer, model: string): Buffer {
  const span = topLevelMembers(body, ['model'])?.get('model');
  if (span === undefined) return body;
  return Buffer.concat([body.subarray(0, span.start), Buffer.from(JSON.stringify(model)), body.subarray(span.end)]);
}
