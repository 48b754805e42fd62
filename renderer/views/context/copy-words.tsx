import { Check, Copy } from 'lucide-react';
import { useEffect, useState, type JSX } from 'react';
import { AppError } from '../../../shared/errors.ts';
import { t } from '../../messages/t.ts';
import { attempt } from '../../state/attempt.ts';
import { useStores } from '../../state/stores.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';

/** How long it is said that a text was copied, in ms. */
const SAID_MS = 2000;

/** Copies a text that may have to be read first; `copied` for a moment once it is on the clipboard. */
export function useCopy(read: () => string | Promise<string>): {
  readonly copied: boolean;
  readonly copy: () => void;
} {
  const stores = useStores();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), SAID_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  const put = async (): Promise<void> => {
    const text = await read();
    try {
      await navigator.clipboard.writeText(text);
    } catch (cause) {
      throw new AppError('unsupported', t('context.copyFailed'), { cause });
    }
    setCopied(true);
  };
  return { copied, copy: () => attempt(stores, put) };
}

/** Copies a text; says so for a moment. `label` names what is copied. */
export function CopyWords({ text, label }: { readonly text: string; readonly label: string }): JSX.Element {
  const { copied, copy } = useCopy(() => text);
  return (
    <Button kind="ghost" size="s" aria-label={label} onClick={copy}>
      <Icon icon={copied ? Check : Copy} size={14} />
      <span aria-live="polite">{t(copied ? 'context.copied' : 'context.copyPart')}</span>
    </Button>
  );
}
