import { X } from 'lucide-react';
import type { JSX, ReactNode } from 'react';
import { t } from '../../messages/t.ts';
import { IconButton } from '../../ui/icon-button.tsx';

/** Props of {@link DetailHead}: `about` is said after the title. */
export type DetailHeadProps = {
  readonly title: string;
  readonly about: string;
  readonly children?: ReactNode;
  readonly onClose: () => void;
};

/** Head of what stands beside the table; in a narrow window it can be closed. */
export function DetailHead({ title, about, children, onClose }: DetailHeadProps): JSX.Element {
  return (
    <div className="head">
      <h2 className="cut" title={title}>
        {title}
      </h2>
      <span className="t12 t3 cut" title={about}>
        {about}
      </span>
      <span className="grow" />
      {children}
      <IconButton icon={X} label={t('close')} className="only-narrow" onClick={onClose} />
    </div>
  );
}
