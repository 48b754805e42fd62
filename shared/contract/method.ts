import { z } from 'zod';
import type { ErrorCode } from '../errors.ts';

/** A method of Memoir: what it takes, what it gives, how it fails. Its name is its key in the contract. */
export type Method<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> = {
  /** One sentence in the product's words. */
  readonly summary: string;
  readonly input: Input;
  readonly output: Output;
  /** Codes this method answers with, beside `invalid_input` and `internal` which any may. */
  readonly errors: readonly ErrorCode[];
};

/** Declares a method; the generics carry its exact shapes. */
export function method<Input extends z.ZodType, Output extends z.ZodType>(
  spec: Method<Input, Output>,
): Method<Input, Output> {
  return spec;
}

/** A prefixed id such as `agent-3f2c...`. */
export const id = (prefix: string): z.ZodString =>
  z
    .string()
    .regex(
      new RegExp(`^${prefix}-[0-9a-f-]{36}$`),
      `must look like ${prefix}-123e4567-e89b-42d3-8456-426614174000`,
    );

/** UTC text of fixed width: `2026-11-21T14:00:00.000000Z`. */
export const timestamp = z.string();

/** Any JSON object. */
export const json_object = z.record(z.string(), z.unknown());

/** Version of a mutable row, from 1; an update names the version it read. */
export const version = z.number().int().min(1);

/** An answer without content. */
export const nothing = z.object({});
