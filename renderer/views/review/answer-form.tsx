import type { JSX, ReactNode } from 'react';
import { t } from '../../messages/t.ts';
import { Button } from '../../ui/button.tsx';
import { TextArea } from '../../ui/text-field.tsx';
import { EditError } from '../state-pane/edit-error.tsx';
import { useAnswerKeys } from './use-answer-keys.ts';

/** Props of {@link AnswerForm}: `act` is on the button; an empty text may be sent unless `needed`. */
export type AnswerFormProps = {
  readonly label: string;
  readonly hint?: string;
  readonly act: string;
  readonly text: string;
  readonly busy: boolean;
  readonly failure: string | null;
  readonly needed?: boolean;
  readonly rows?: number;
  readonly onChange: (text: string) => void;
  readonly onAct: () => void;
  readonly onCancel: () => void;
  /** Beside the buttons. */
  readonly children?: ReactNode;
};

/** Words that go with a decision, and the decision. Ctrl or Cmd+Enter sends, Esc cancels. */
export function AnswerForm(props: AnswerFormProps): JSX.Element {
  const { label, hint, act, text, busy, failure, needed = false, rows = 2 } = props;
  const { onChange, onAct, onCancel, children } = props;
  const missing = needed && text === '';
  const send = (): void => {
    if (!missing) onAct();
  };
  const { cancel, onKeyDown } = useAnswerKeys(send, onCancel);
  return (
    <form
      className="answer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <TextArea
        label={label}
        rows={rows}
        autoFocus
        dir="auto"
        value={text}
        {...(hint === undefined ? {} : { hint })}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={onKeyDown}
      />
      {failure !== null && <EditError message={failure} />}
      <div className="row">
        <Button type="submit" kind="prim" size="s" disabled={busy || missing}>
          {act}
        </Button>
        <Button kind="ghost" size="s" onClick={cancel}>
          {t('cancel')}
        </Button>
        <span className="grow" />
        {children}
      </div>
    </form>
  );
}
