import { createHash } from 'node:crypto';
import { type Json, type JsonObject, objectOf, textOf } from '../domain/json.js';
import { RpcError } from '../domain/rpc-error.js';
import { type BodyReply } from '../domain/body-script.js';
import { type Reply } from '../domain/wire-script.js';
import { type Call, parseJson } from './call.js';
import { headersReply, jsonReply } from './replies.js';
import { type SimulatorState } from './state.js';
import { type UploadSession } from './upload-session.js';

const GRANULARITY = { 'x-goog-upload-chunk-granularity': '8388608' };
const KEEP_MS = 48 * 3_600_000;

/** The upload protocol: resumable (start, upload, query, cancel, finalize) and multipart. */
export function upload(state: SimulatorState, call: Call): Reply {
  const protocol = header(call, 'x-goog-upload-protocol');
  const command = header(call, 'x-goog-upload-command');
  const id = call.query.get('upload_id');
  if (id !== null) return continueUpload(state, call, { id, command });
  if (protocol === 'multipart' || call.headers['content-type']?.startsWith('multipart/related') === true)
    return multipart(state, call);
  if (protocol !== 'resumable' || command !== 'start') {
    throw new RpcError('INVALID_ARGUMENT', 'Upload protocol must be resumable or multipart.');
  }
  const body = objectBody(call);
  const mimeType = header(call, 'x-goog-upload-header-content-type');
  const session = newSession(state, objectOf(body.file) ?? {}, mimeType);
  state.uploads.put(session.id, session, { owner: call.project, evict: true });
  const url = `${state.url}/upload/v1beta/files?upload_id=${session.id}&upload_protocol=resumable`;
  return headersReply({
    'x-goog-upload-url': url,
    'x-goog-upload-control-url': url,
    ...GRANULARITY,
    ...status('active'),
  });
}

function continueUpload(state: SimulatorState, call: Call, at: { id: string; command: string }): Reply {
  const session = state.uploads.get(at.id, call.project);
  if (session === undefined) throw new RpcError('NOT_FOUND', 'Upload has already been terminated or does not exist.');
  const commands = at.command.split(',').map((word) => word.trim());
  const size = { 'x-goog-upload-size-received': String(session.received) };
  if (commands.includes('query')) return headersReply({ ...size, ...GRANULARITY, ...status('active') });
  if (commands.includes('cancel')) {
    state.uploads.delete(at.id, call.project);
    return headersReply(status('cancelled'));
  }
  if (commands.includes('upload')) {
    if (Number(header(call, 'x-goog-upload-offset') || 0) !== session.received) {
      throw new RpcError(
        'INVALID_ARGUMENT',
        `Upload offset does not match the ${session.received} bytes received so far.`,
      );
    }
    session.hash.update(call.body);
    session.received += call.body.length;
  }
  if (!commands.includes('finalize')) return headersReply(status('active'));
  state.uploads.delete(at.id, call.project);
  return withHeaders(jsonReply({ file: keepFile(state, call.project, session) }), status('final'));
}

/** The form one popular client uses: a JSON part that describes the file, then the file. */
function multipart(state: SimulatorState, call: Call): Reply {
  const boundary = /boundary="?([^";]+)"?/.exec(call.headers['content-type'] ?? '')?.[1];
  const parts = boundary === undefined ? [] : partsOf(call.body, `--${boundary}`);
  const [description, content] = parts;
  if (description === undefined || content === undefined)
    throw new RpcError('INVALID_ARGUMENT', 'Multipart body is malformed.');
  const described = parseJson(description.content);
  if (described instanceof RpcError) throw described;
  const session = newSession(state, objectOf(described.file) ?? {}, content.type);
  session.hash.update(content.content);
  session.received = content.content.length;
  return jsonReply({ file: keepFile(state, call.project, session) });
}

function partsOf(body: Buffer, delimiter: string): readonly { type: string; content: Buffer }[] {
  const parts: { type: string; content: Buffer }[] = [];
  let at = body.indexOf(delimiter);
  while (at >= 0 && parts.length < 2) {
    const start = at + delimiter.length + 2;
    const next = body.indexOf(`\r\n${delimiter}`, start);
    const blank = body.indexOf('\r\n\r\n', start);
    if (next < 0 || blank < 0 || blank > next) break;
    const type = /content-type:\s*([^\r\n;]+)/i.exec(body.toString('latin1', start, blank))?.[1] ?? '';
    parts.push({ type: type.trim(), content: body.subarray(blank + 4, next) });
    at = next + 2;
  }
  return parts;
}

function newSession(state: SimulatorState, file: JsonObject, mimeType: string): UploadSession {
  const id = state.nextId('u');
  const type = textOf(file.mimeType) ?? (mimeType === '' ? 'application/octet-stream' : mimeType);
  return { id, file, mimeType: type, hash: createHash('sha256'), received: 0 };
}

function keepFile(state: SimulatorState, owner: string, session: UploadSession): Json {
  const name = textOf(session.file.name) ?? `files/${state.nextId('f')}`;
  const created = state.isoNow();
  const file: JsonObject = {
    name,
    ...(session.file.displayName !== undefined && { displayName: session.file.displayName }),
    mimeType: session.mimeType,
    sizeBytes: String(session.received),
    createTime: created,
    updateTime: created,
    expirationTime: state.isoNow(KEEP_MS),
    sha256Hash: Buffer.from(session.hash.digest('hex')).toString('base64'),
    uri: `${state.url}/v1beta/${name}`,
    state: 'ACTIVE',
    source: 'UPLOADED',
  };
  if (!state.files.put(name, file, { owner, weight: session.received })) {
    throw new RpcError('RESOURCE_EXHAUSTED', 'You have exceeded your file storage quota.');
  }
  return file;
}

function objectBody(call: Call): JsonObject {
  const body = parseJson(call.body);
  if (body instanceof RpcError) throw body;
  return body;
}

function withHeaders(reply: BodyReply, headers: Readonly<Record<string, string>>): BodyReply {
  return { ...reply, headers };
}

function status(value: string): Record<string, string> {
  return { 'x-goog-upload-status': value };
}

function header(call: Call, name: string): string {
  const value = call.headers[name];
  return typeof value === 'string' ? value : '';
}
