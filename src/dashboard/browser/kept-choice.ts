declare const localStorage: { getItem(key: string): string | null; setItem(key: string, value: string): void };

/** What the reader chose before; null where nothing was kept, or the browser keeps nothing. */
export function keptChoice(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** Keeps a choice for the next time, where the browser lets it. */
export function keepChoice(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Then it holds until the page is left.
  }
}
