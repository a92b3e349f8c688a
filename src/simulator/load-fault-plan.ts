import { readFile, stat } from 'node:fs/promises';
import { type ParsedFaultPlan, parseFaultPlan } from './fault-plan.schema.js';

const MAX_FILE_BYTES = 1_000_000;

/** Reads a fault plan from a JSON file; a file that cannot be read is a problem like any other. */
export async function loadFaultPlan(path: string): Promise<ParsedFaultPlan> {
  try {
    const { size } = await stat(path);
    if (size > MAX_FILE_BYTES) return { problems: [`${path}: larger than ${MAX_FILE_BYTES} bytes`] };
    return parseFaultPlan(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    return { problems: [`${path}: ${error instanceof Error ? error.message : String(error)}`] };
  }
}
