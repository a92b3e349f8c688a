/** How the page is coloured: as the system is, or as the reader has chosen. */
export const THEMES = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

/** Where the browser keeps the choice. */
export const THEME_KEY = 'l104-theme';

/** The choice that was kept; `auto` for none, or one that nobody can have made. */
export function themeOf(kept: string | null): Theme {
  return THEMES.find((theme) => theme === kept) ?? 'auto';
}

/**
 * A program that colours the page before anything of it is drawn, and so comes first and stands by itself; the choice of
 * a reader whose browser keeps nothing is that of the system.
 */
export const EARLY_THEME = `try {
  const kept = localStorage.getItem('${THEME_KEY}');
  if (kept === 'light' || kept === 'dark') document.documentElement.setAttribute('data-theme', kept);
} catch {}
`;
