import { Injectable } from '@nestjs/common';
import { type Finding, type Vital, vitals } from '../watchdog/index.js';
import { refusedKeys } from './domain/quota/key-trouble.js';
import { Targets } from './targets.service.js';

/** Refused keys that are named one by one. */
const NAMED = 3;

/** Keys of the node's own that Gemini does not take: only a person can mend that. */
@vitals.contribute()
@Injectable()
export class KeysVital implements Vital {
  readonly name = 'keys';

  constructor(private readonly targets: Targets) {}

  read(): Finding | undefined {
    const states = this.targets.keyStates();
    const refused = refusedKeys(states);
    const [first] = refused;
    if (first === undefined) return undefined;
    const { length: keys } = states.keys;
    const all = refused.length === keys;
    const list = refused.slice(0, NAMED).map(({ id, fault }) => `${id} (${fault})`);
    const more = refused.length > NAMED ? ` and ${refused.length - NAMED} more` : '';
    return {
      severity: all ? 'unhealthy' : 'degraded',
      cause: 'configuration',
      evidence: { refused: refused.length, keys, key: first.id, fault: first.fault },
      reason: `Gemini refuses ${refused.length} of ${keys} keys: ${list.join(', ')}${more}.`,
      kind: 'needs_you',
      ...(all ? {} : { doing: 'Others serve.' }),
      advice: `Replace the key in GEMINI_API_KEY whose SHA-256 hash begins with ${first.id}.`,
    };
  }
}
