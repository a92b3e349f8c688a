import { appendFileSync, copyFileSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fate, type FileIdentity, identify } from './file-identity.js';

let directory: string;
let path: string;
let open: FileIdentity;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'identity-'));
  path = join(directory, 'file');
  writeFileSync(path, 'x'.repeat(100));
  open = (await identify(path))!;
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

const now = async (): Promise<string> => fate(open, await identify(path));

describe('the identity of a file', () => {
  it('stays while the file only grows, also under another name for a while', async () => {
    expect(await now()).toBe('same');
    appendFileSync(path, 'more');
    renameSync(path, `${path}.away`);
    renameSync(`${path}.away`, path);
    expect(await now()).toBe('same');
  });

  it('tells a file that is gone, another in its place, and one that was cut', async () => {
    copyFileSync(path, `${path}.copy`);
    truncateSync(path, 99);
    expect(await now()).toBe('shrunk');
    renameSync(`${path}.copy`, path);
    expect(await now()).toBe('replaced');
    rmSync(path);
    expect(await now()).toBe('missing');
    rmSync(directory, { recursive: true });
    expect(await now()).toBe('missing');
  });
});
