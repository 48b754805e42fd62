import {
  contract,
  type InputOf,
  type MethodName,
  type OutputOf,
  type ParsedInputOf,
} from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { invalidInput } from './input-problems.ts';

/** Who calls: a person in the ADE, or a program through the REST API. Recorded with every change. */
export type CallContext = { readonly actor: 'user' | 'api' };

/** The function behind one method. */
export type Handler<Name extends MethodName> = (
  input: ParsedInputOf<Name>,
  context: CallContext,
) => Promise<OutputOf<Name>>;

/** A function for every method of the contract; forgetting one does not compile. */
export type Handlers = { readonly [Name in MethodName]: Handler<Name> };

/** The only door into the backend: parses what comes in, calls, parses what goes out. Rejects with `AppError`. */
export type Dispatch = <Name extends MethodName>(
  name: Name,
  input: InputOf<Name>,
  context?: CallContext,
) => Promise<OutputOf<Name>>;

/** Whether a name read from a wire is a method. */
export function isMethodName(name: string): name is MethodName {
  return Object.hasOwn(contract, name);
}

/** Calls of a method after which its shapes are compiled to code: that takes as long as many plain parses. */
const PLAIN_CALLS = 20;

/** Makes the door. A name outside the contract is `not_found`; input of the wrong shape is `invalid_input`. */
export function createDispatch(handlers: Handlers): Dispatch {
  const calls = new Map<MethodName, number>();
  return async (name, input, context = { actor: 'user' }) => {
    if (!isMethodName(name)) throw new AppError('not_found', `There is no method named ${String(name)}.`);
    const { input: shape, output } = contract[name];
    const count = (calls.get(name) ?? 0) + 1;
    calls.set(name, count);
    const how = { jitless: count <= PLAIN_CALLS };
    const parsed = shape.safeParse(input, how);
    if (!parsed.success) throw invalidInput(name, parsed.error);
    const handler = handlers[name] as (input: unknown, context: CallContext) => Promise<unknown>;
    return output.parse(await handler(parsed.data, context), how) as OutputOf<typeof name>;
  };
}
