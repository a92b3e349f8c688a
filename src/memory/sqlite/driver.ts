import type * as Driver from 'sqlite3';

let quiet: typeof Driver | undefined;

/**
 * The driver of SQLite, for TypeORM and for the upkeep; loaded here and not before: without it the node still boots. TypeORM
 * would have it write out the values of every statement, what people have stored among them, for the stack of an error that
 * may come of it: that costs more than many a statement, and stacks are logged. Rejects where it is not there.
 */
export async function loadDriver(): Promise<typeof Driver> {
  if (quiet !== undefined) return quiet;
  const { default: driver } = await import('sqlite3');
  const made = Object.create(driver, { verbose: { value: () => made } }) as typeof Driver;
  quiet = made;
  return made;
}
