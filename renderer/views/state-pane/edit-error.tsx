import { CircleAlert, Unplug } from 'lucide-react';
import type { JSX } from 'react';
import { useConnection } from '../../state/stores.ts';
import { Icon } from '../../ui/icon.tsx';

/** Why what was written in an editor was not saved: a fault of its own, or a backend that is away for now. */
export function EditError({ message }: { readonly message: string }): JSX.Element {
  const silent = useConnection((state) => state.kind) === 'silent';
  return (
    <div className={`blk-error ${silent ? 'warn' : ''}`} role="alert">
      <Icon icon={silent ? Unplug : CircleAlert} size={14} />
      <span className="wrap">{message}</span>
    </div>
  );
}
