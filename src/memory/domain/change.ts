/** What a column of the store can hold. */
export type Cell = string | number | null;

/** A row, or some of its columns, under the names of the entity's properties. */
export type Row = Readonly<Record<string, Cell>>;

/**
 * What a write does to one row: afterwards it stands there as given (`put`, every column), or it is gone (`remove`,
 * the columns of its key). To make a change twice is to make it once.
 */
export type Change = { readonly table: string; readonly put: Row } | { readonly table: string; readonly remove: Row };
