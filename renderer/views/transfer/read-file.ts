import { AppError } from '../../../shared/errors.ts';
import { formatNumber, t } from '../../messages/t.ts';

/** What an import takes at most, in bytes. */
export const FILE_BYTES = 512 * 1024 * 1024;

/** An agent file as it was read: not yet looked into. */
export type ReadFile = { readonly name: string; readonly bytes: number; readonly text: string };

/** Reads a file as text. Fails with `unsupported` when it is empty or too large, or cannot be read. */
export async function readAgentFile(file: File): Promise<ReadFile> {
  if (file.size > FILE_BYTES) {
    const sizes = { size: sizeWords(file.size), limit: sizeWords(FILE_BYTES) };
    throw refusal(t('import.failed.large'), t('import.failed.large.kept', sizes));
  }
  const text = await readText(file);
  if (text.trim() === '') throw refusal(t('import.failed.empty'), t('import.failed.empty.kept'));
  return { name: file.name, bytes: file.size, text };
}

/** A size as people read it: "12 KB", "3.4 MB". */
export function sizeWords(bytes: number): string {
  const megabytes = bytes / 1024 / 1024;
  if (megabytes < 1) return t('import.size.kb', { count: Math.max(1, Math.round(bytes / 1024)) });
  return t('import.size.mb', { count: formatNumber(Number(megabytes.toFixed(megabytes < 10 ? 1 : 0))) });
}

async function readText(file: File): Promise<string> {
  try {
    return await file.text();
  } catch (cause) {
    throw refusal(t('import.failed.read'), t('import.failed.read.kept'), cause);
  }
}

/** A failure whose message is the cure; `details.title` says in a few words what happened. */
function refusal(title: string, message: string, cause?: unknown): AppError {
  return new AppError('unsupported', message, {
    details: { title },
    ...(cause === undefined ? {} : { cause }),
  });
}
