import { useState, type JSX, type KeyboardEvent } from 'react';
import { t } from '../../messages/t.ts';
import { Button } from '../../ui/button.tsx';
import { TextArea } from '../../ui/text-field.tsx';
import { EditError } from '../state-pane/edit-error.tsx';
import { type CallArguments, readArguments } from './call-preview.ts';
import { argumentsOf, fieldsOf } from './edited-arguments.ts';
import type { CallAnswer } from './kept-answer.ts';
import { useAnswerKeys } from './use-answer-keys.ts';

type Edit = Extract<CallAnswer, { mode: 'edit' }>;

/** Props of {@link ArgumentsEditor}: `args` are the model's own, `null` when they are no JSON object. */
export type ArgumentsEditorProps = {
  readonly name: string;
  readonly args: CallArguments | null;
  readonly edit: Edit;
  readonly busy: boolean;
  /** What the backend says against them: which argument does not fit the tool, and how. */
  readonly failure: string | null;
  readonly onChange: (edit: Edit) => void;
  readonly onApprove: (args: Record<string, unknown>) => void;
  readonly onCancel: () => void;
};

/**
 * The arguments of a call as a person would have them: texts in plain fields, all of them as JSON where asked for. Ctrl or
 * Cmd+Enter approves, Esc cancels.
 */
export function ArgumentsEditor(props: ArgumentsEditorProps): JSX.Element {
  const { name, edit, busy, onChange, onApprove, onCancel } = props;
  const args = props.args ?? {};
  const [unreadable, setUnreadable] = useState<string | null>(null);
  const change = (next: Edit): void => {
    setUnreadable(null);
    onChange(next);
  };
  /** What is written, or `null` after saying why it can not be read. */
  const read = (): Record<string, unknown> | null => {
    if (edit.json !== null) {
      const written = readArguments(edit.json);
      if (written === null) setUnreadable(t('review.notJson'));
      return written;
    }
    const edited = argumentsOf(edit.fields, args);
    if (edited.ok) return edited.args;
    setUnreadable(t('review.notJsonOf', { name: edited.name, message: edited.message }));
    return null;
  };
  const approve = (): void => {
    const written = read();
    if (written !== null) onApprove(written);
  };
  const toggle = (): void => {
    const written = read();
    if (written === null) return;
    const isJson = edit.json !== null;
    change({
      mode: 'edit',
      fields: isJson ? fieldsOf(written) : edit.fields,
      json: isJson ? null : JSON.stringify(written, null, 2),
    });
  };
  const { cancel, onKeyDown } = useAnswerKeys(approve, onCancel);
  const failure = unreadable ?? props.failure;
  return (
    <form
      className="answer"
      aria-label={t('review.argumentsOf', { name })}
      onSubmit={(event) => {
        event.preventDefault();
        approve();
      }}
    >
      {edit.json === null ? (
        <Fields args={args} edit={edit} onChange={change} onKeyDown={onKeyDown} />
      ) : (
        <TextArea
          label={t('review.asJson')}
          rows={5}
          autoFocus
          spellCheck={false}
          className="mono"
          value={edit.json}
          onChange={(event) => change({ ...edit, json: event.target.value })}
          onKeyDown={onKeyDown}
        />
      )}
      {failure !== null && <EditError message={failure} />}
      <div className="row">
        <Button type="submit" kind="prim" size="s" disabled={busy}>
          {t('review.approveEdited')}
        </Button>
        <Button kind="ghost" size="s" onClick={cancel}>
          {t('cancel')}
        </Button>
        <span className="grow" />
        {props.args !== null && (
          <button type="button" className="link t12" onClick={toggle}>
            {t(edit.json === null ? 'review.asJson' : 'review.asFields')}
          </button>
        )}
      </div>
    </form>
  );
}

type FieldsProps = {
  readonly args: CallArguments;
  readonly edit: Edit;
  readonly onChange: (edit: Edit) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
};

function Fields({ args, edit, onChange, onKeyDown }: FieldsProps): JSX.Element {
  const names = Object.keys(edit.fields);
  return (
    <>
      {names.length === 0 && <p className="t12 t2">{t('review.noArguments')}</p>}
      {names.map((name, at) => {
        const text = edit.fields[name] ?? '';
        return (
          <TextArea
            key={name}
            label={name}
            autoFocus={at === 0}
            rows={Math.min(8, text.split('\n').length)}
            className={typeof args[name] === 'string' ? '' : 'mono'}
            dir="auto"
            value={text}
            onChange={(event) =>
              onChange({ ...edit, fields: { ...edit.fields, [name]: event.target.value } })
            }
            onKeyDown={onKeyDown}
          />
        );
      })}
    </>
  );
}
