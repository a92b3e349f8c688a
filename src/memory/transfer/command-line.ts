/** A database command with its options. */
export type DatabaseCommand =
  | { readonly verb: 'migrate' }
  | { readonly verb: 'check'; readonly deep: boolean; readonly json: boolean }
  | { readonly verb: 'export'; readonly path: string | undefined; readonly resume: boolean }
  | { readonly verb: 'import'; readonly path: string; readonly resume: boolean; readonly skipBad: boolean };

const OPTIONS: Record<string, readonly string[]> = {
  'db:migrate': [],
  'db:check': ['--deep', '--json'],
  'db:export': ['--resume'],
  'db:import': ['--resume', '--skip-bad'],
};

/** Reads `db:export data.jsonl --resume` and the like; or says what makes no sense. */
export function readDatabaseCommand([name = '', ...rest]: readonly string[]):
  DatabaseCommand | { readonly problem: string } {
  const known = OPTIONS[name];
  if (known === undefined)
    return { problem: `${name.slice(0, 40)} is no command; there are ${Object.keys(OPTIONS).join(', ')}` };
  const options = rest.filter((argument) => argument.startsWith('--'));
  const [path, ...more] = rest.filter((argument) => !argument.startsWith('--'));
  const unknown = options.find((option) => !known.includes(option));
  if (unknown !== undefined) return { problem: `${name} has no option ${unknown.slice(0, 40)}` };
  if (more.length > 0) return { problem: `${name} takes one file` };
  const resume = options.includes('--resume');
  switch (name) {
    case 'db:export':
      if (resume && (path === undefined || path === '-'))
        return { problem: 'db:export --resume needs the name of the file' };
      return { verb: 'export', path: path === '-' ? undefined : path, resume };
    case 'db:import':
      if (path === undefined) return { problem: 'db:import needs the name of a file, or - for standard input' };
      return { verb: 'import', path, resume, skipBad: options.includes('--skip-bad') };
    default:
      if (path !== undefined) return { problem: `${name} takes no file` };
      return name === 'db:check'
        ? { verb: 'check', deep: options.includes('--deep'), json: options.includes('--json') }
        : { verb: 'migrate' };
  }
}
