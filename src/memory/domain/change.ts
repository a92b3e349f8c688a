/** A row by the property names of its entity. */
export type Row = Readonly<Record<string, string | number | null>>;

/** One row put over what was there, or removed by its key; done twice it is as done once. */
export type Change = { readonly table: string; readonly put: Row } | { readonly table: string; readonly remove: Row };
