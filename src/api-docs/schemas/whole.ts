import { type Json } from '../domain/operation.js';

/** An object that has all of these members and no other. */
export const whole = (properties: Json, rest: Json = {}): Json => ({
  type: 'object',
  required: Object.keys(properties),
  properties,
  additionalProperties: false,
  ...rest,
});
