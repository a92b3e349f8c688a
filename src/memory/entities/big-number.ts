import { type ValueTransformer } from 'typeorm';

/** Whole numbers of 64 bits that drivers give back as number or text; ours stay below 2^53. */
export const bigNumber: ValueTransformer = {
  to: (value: number | null) => value,
  from: (value: number | string | null) => (value === null ? null : Number(value)),
};
