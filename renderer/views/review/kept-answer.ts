import { useDraft, type Draft } from '../../state/use-draft.ts';

/** An answer somebody began to give about a call. It waits through other pages and a reload. */
export type CallAnswer =
  | { readonly mode: 'edit'; readonly fields: Readonly<Record<string, string>>; readonly json: string | null }
  | { readonly mode: 'deny'; readonly reason: string }
  | { readonly mode: 'return'; readonly result: string; readonly failed: boolean };

/** An answer somebody began to give about an edit; `base_version`: what the text is to be merged with. */
export type EditAnswer =
  | { readonly mode: 'edit'; readonly text: string; readonly base_version: number | null }
  | { readonly mode: 'reject'; readonly reason: string };

/** The answer about a call that was begun, if any. */
export function useCallAnswer(id: string): Draft<CallAnswer> {
  return useDraft(`review:${id}`, isCallAnswer);
}

/** The answer about an edit that was begun, if any. */
export function useEditAnswer(id: string): Draft<EditAnswer> {
  return useDraft(`review:${id}`, isEditAnswer);
}

type Fields = Readonly<Record<string, unknown>>;

function isCallAnswer(kept: unknown): kept is CallAnswer {
  if (typeof kept !== 'object' || kept === null) return false;
  const { mode, fields, json, reason, result, failed } = kept as Fields;
  if (mode === 'deny') return typeof reason === 'string';
  if (mode === 'return') return typeof result === 'string' && typeof failed === 'boolean';
  const areTexts =
    typeof fields === 'object' &&
    fields !== null &&
    Object.values(fields).every((text) => typeof text === 'string');
  return mode === 'edit' && areTexts && (json === null || typeof json === 'string');
}

function isEditAnswer(kept: unknown): kept is EditAnswer {
  if (typeof kept !== 'object' || kept === null) return false;
  const { mode, text, base_version, reason } = kept as Fields;
  if (mode === 'reject') return typeof reason === 'string';
  return (
    mode === 'edit' && typeof text === 'string' && (base_version === null || Number.isInteger(base_version))
  );
}
