import type { ConnectionProblem } from '../../shared/contract/providers.ts';
import { AppError, type ErrorCode } from '../../shared/errors.ts';
import type { AskFailure } from './ask-json.ts';
import type { ProviderPreset } from './preset.ts';

/** A problem with a code of the model errors. */
export type ModelProblem = ConnectionProblem & { readonly code: ErrorCode };

/** Whom was asked, and with what. */
export type Asked = {
  readonly preset: ProviderPreset;
  readonly base_url: string;
  /** Whether a key was sent. */
  readonly with_key: boolean;
};

/** Says in words why a provider did not answer a question, and what helps. */
export function problemOf(failure: AskFailure, asked: Asked): ModelProblem {
  const { preset, base_url } = asked;
  const host = hostOf(base_url);
  switch (failure.kind) {
    case 'unreachable':
      return preset.is_local
        ? {
            code: 'model_unreachable',
            cause: `Nothing answers at ${base_url}.`,
            cure: `Start ${preset.label}, or correct the address.`,
          }
        : {
            code: 'model_unreachable',
            cause: `${host} cannot be reached.`,
            cure: 'Check the network and the address, then try again.',
          };
    case 'timeout':
      return {
        code: 'model_timeout',
        cause: `${host} did not answer in time.`,
        cure: 'Try again; check the network and the address if it stays so.',
      };
    case 'not_json':
      return notApi(base_url);
    case 'status':
      return problemOfStatus(failure.status ?? 0, asked);
  }
}

/** The same as an error that a call can fail with; `details` hold cause and cure apart. */
export function problemError(problem: ModelProblem): AppError {
  const { code, cause, cure } = problem;
  return new AppError(code, `${cause} ${cure} Nothing was changed.`, { details: { cause, cure } });
}

function problemOfStatus(status: number, { preset, base_url, with_key }: Asked): ModelProblem {
  const host = hostOf(base_url);
  if (status === 401 || status === 403) {
    const page = preset.keys_url === null ? '' : ` from ${preset.keys_url}`;
    return with_key
      ? {
          code: 'model_auth',
          cause: `${host} refused the key (${status}).`,
          cure: `Copy the key again${page} and enter it whole; check that it may use this service.`,
        }
      : {
          code: 'model_auth',
          cause: `${host} wants a key (${status}) and none was sent.`,
          cure: `Enter a key${page}.`,
        };
  }
  if (status === 402) {
    return {
      code: 'model_rate_limit',
      cause: `The key is right, but ${host} says that its credit is used up.`,
      cure: 'Add credit there or choose another provider.',
    };
  }
  if (status === 429) {
    return {
      code: 'model_rate_limit',
      cause: `${host} is limiting requests right now.`,
      cure: 'Wait a little, then try again.',
    };
  }
  if (status >= 500) {
    return {
      code: 'model_error',
      cause: `${host} has a problem of its own (${status}).`,
      cure: 'Try again later.',
    };
  }
  return { ...notApi(base_url), cause: `${host} answered ${status} where its models should be listed.` };
}

function notApi(base_url: string): ModelProblem {
  return {
    code: 'model_bad_response',
    cause: `What answers at ${base_url} is no model's API.`,
    cure: 'Check the address: it usually ends in /v1.',
  };
}

function hostOf(base_url: string): string {
  return URL.canParse(base_url) ? new URL(base_url).host : base_url;
}
