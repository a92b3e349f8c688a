import { type PipeTransform } from '@nestjs/common';
import { type z } from 'zod';
import { gatewayError } from '../kernel/error-codes.js';

/** Validates a body or query against a schema and hands on the parsed value; names every field at fault. */
export class SchemaPipe<T> implements PipeTransform<unknown, T> {
  constructor(private readonly schema: z.ZodType<T>) {}

  transform(value: unknown): T {
    const parsed = this.schema.safeParse(value ?? {});
    if (parsed.success) return parsed.data;
    const issues = parsed.error.issues.slice(0, 5);
    const text = issues.map(({ path, message }) => `${path.length === 0 ? 'body' : path.join('.')}: ${message}`);
    throw gatewayError('BAD_REQUEST', text.join('; '), { param: issues[0]?.path.join('.') ?? '' });
  }
}
