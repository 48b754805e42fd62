import { X } from 'lucide-react';
import type { JSX, ReactNode } from 'react';
import { t } from '../../messages/t.ts';
import { IconButton } from '../../ui/icon-button.tsx';

/** What the panes of the details are told. */
export type DetailProps = {
  /** Opens another thing here. */
  readonly onOpen: (id: string) => void;
  readonly onClose: () => void;
};

/** Props of {@link DetailHead}. */
export type DetailHeadProps = {
  readonly title: string;
  /** Shown short; whole on hover. */
  readonly id: string;
  readonly onClose: () => void;
  /** Buttons before Close. */
  readonly children?: ReactNode;
};

/** What is open, its id, and what can be done with it. */
export function DetailHead({ title, id, onClose, children }: DetailHeadProps): JSX.Element {
  return (
    <div className="head">
      <h2 className="cut" dir="auto" title={title}>
        {title}
      </h2>
      <span className="mono t3 cut act-id" title={id}>
        {id.slice(0, id.indexOf('-') + 9)}
      </span>
      <span className="grow" />
      {children}
      <IconButton icon={X} label={t('close')} onClick={onClose} />
    </div>
  );
}

/** Props of {@link Facts}: names and values in one row of cells. */
export type FactsProps = {
  readonly facts: readonly { readonly name: ReactNode; readonly value: ReactNode }[];
};

/** A few facts side by side. */
export function Facts({ facts }: FactsProps): JSX.Element {
  return (
    <dl className="act-facts">
      {facts.map(({ name, value }, at) => (
        <div key={at}>
          <dt className="cut">{name}</dt>
          <dd className="cut">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
