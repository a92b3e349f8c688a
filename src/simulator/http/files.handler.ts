import { pageOf } from '../domain/page.js';
import { type Reply } from '../domain/wire-script.js';
import { type Call } from './call.js';
import { noSuchFile } from './named-files.js';
import { jsonReply } from './replies.js';
import { type SimulatorState } from './state.js';

/** `files`: list, get and delete; only what is known of a file is kept, not its content. */
export function files(state: SimulatorState, call: Call, id: string | undefined): Reply {
  if (id === undefined) {
    const page = pageOf(state.files.all(call.project), call.query.get('pageSize'), call.query.get('pageToken'));
    const next = page.nextPageToken === undefined ? {} : { nextPageToken: page.nextPageToken };
    return jsonReply({ ...(page.items.length > 0 && { files: page.items }), ...next });
  }
  const name = `files/${id}`;
  const file = state.files.get(name, call.project);
  if (file === undefined) throw noSuchFile(id);
  if (call.verb !== 'DELETE') return jsonReply(file);
  state.files.delete(name, call.project);
  return jsonReply({});
}
