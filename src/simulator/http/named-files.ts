import { type Json, objectOf } from '../domain/json.js';
import { RpcError } from '../domain/rpc-error.js';
import { type Call, jsonOf } from './call.js';
import { type SimulatorState } from './state.js';

/** The address of a file, as uploads answer with it. */
const FILE_URI = /^https?:\/\/[^/]+\/v1(?:beta|alpha)?\/files\/([\w-]+)$/;

/** Google's word for a file of another project, which is the same as for one that is not there. */
export function noSuchFile(id: string): RpcError {
  return new RpcError('PERMISSION_DENIED', `You do not have permission to access the File ${id} or it may not exist.`);
}

/** Refuses a request whose body names a file that the project of its key does not have. */
export function requireFiles(state: SimulatorState, call: Call): void {
  if (call.body.includes('files')) requireIn(state, call.project, jsonOf(call));
}

function requireIn(state: SimulatorState, project: string, value: Json | undefined): void {
  if (typeof value === 'string') {
    const id = FILE_URI.exec(value)?.[1];
    if (id !== undefined && state.files.get(`files/${id}`, project) === undefined) throw noSuchFile(id);
    return;
  }
  for (const [field, member] of Object.entries(Array.isArray(value) ? value : (objectOf(value) ?? {}))) {
    // What is said of a file does not use it.
    if (field !== 'text') requireIn(state, project, member as Json | undefined);
  }
}
