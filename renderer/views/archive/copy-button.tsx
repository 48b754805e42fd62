import { Check, Copy } from 'lucide-react';
import { useEffect, useState, type JSX } from 'react';
import { AppError } from '../../../shared/errors.ts';
import { t } from '../../messages/t.ts';
import { attempt } from '../../state/attempt.ts';
import { useStores } from '../../state/stores.ts';
import { IconButton } from '../../ui/icon-button.tsx';

/** How long the tick stands, in milliseconds. */
const TICK_MS = 2000;

/** Props of {@link CopyButton}: `label` names what is copied. */
export type CopyButtonProps = { readonly text: string; readonly label?: string };

/** Copies a text; shows a tick when it is on the clipboard and says so when it could not be put there. */
export function CopyButton({ text, label }: CopyButtonProps): JSX.Element {
  const stores = useStores();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), TICK_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
    } catch (cause) {
      throw new AppError('unsupported', t('archive.copyFailed'), { cause });
    }
    setCopied(true);
  };
  return (
    <IconButton
      icon={copied ? Check : Copy}
      label={copied ? t('archive.copied') : (label ?? t('archive.copy'))}
      onClick={() => attempt(stores, copy)}
    />
  );
}
