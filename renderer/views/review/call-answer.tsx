import { useId, type JSX } from 'react';
import type { Approval, ApprovalDecision } from '../../../shared/contract/approvals.ts';
import { t } from '../../messages/t.ts';
import { AnswerForm } from './answer-form.tsx';
import { ArgumentsEditor } from './arguments-editor.tsx';
import type { ReadCall } from './call-words.ts';
import type { CallAnswer } from './kept-answer.ts';

/** Props of {@link CallAnswerForm}. */
export type CallAnswerFormProps = {
  readonly approval: Approval;
  readonly read: ReadCall;
  readonly answer: CallAnswer;
  readonly busy: boolean;
  readonly failure: string | null;
  readonly onChange: (answer: CallAnswer) => void;
  readonly onAnswer: (decision: ApprovalDecision) => void;
  readonly onCancel: () => void;
};

/** The answer to a waiting call that takes words: other arguments, why it is denied, or what the app would say. */
export function CallAnswerForm(props: CallAnswerFormProps): JSX.Element {
  const { approval, read, answer, busy, failure, onChange, onAnswer, onCancel } = props;
  const shared = { busy, failure, onCancel };
  const approval_id = approval.id;
  switch (answer.mode) {
    case 'edit':
      return (
        <ArgumentsEditor
          {...shared}
          name={approval.name}
          args={read.args}
          edit={answer}
          onChange={onChange}
          onApprove={(args) => onAnswer({ approval_id, decision: 'approve', arguments: args })}
        />
      );
    case 'deny':
      return (
        <AnswerForm
          {...shared}
          label={t('review.denyWhy')}
          act={t('review.deny')}
          text={answer.reason}
          onChange={(reason) => onChange({ mode: 'deny', reason })}
          onAct={() => onAnswer(denial(approval_id, answer.reason))}
        />
      );
    case 'return':
      return (
        <AnswerForm
          {...shared}
          label={t('review.result', { name: approval.name })}
          act={t('review.sendAnswer')}
          rows={3}
          text={answer.result}
          onChange={(result) => onChange({ ...answer, result })}
          onAct={() =>
            onAnswer({
              approval_id,
              decision: 'return',
              result: answer.result,
              status: answer.failed ? 'error' : 'success',
            })
          }
        >
          <FailedBox failed={answer.failed} onChange={(failed) => onChange({ ...answer, failed })} />
        </AnswerForm>
      );
  }
}

/** A denial, with its reason when there is one. */
export function denial(approval_id: string, reason: string): ApprovalDecision {
  const said = reason.trim();
  return { approval_id, decision: 'deny', ...(said === '' ? {} : { reason: said }) };
}

type FailedBoxProps = { readonly failed: boolean; readonly onChange: (failed: boolean) => void };

function FailedBox({ failed, onChange }: FailedBoxProps): JSX.Element {
  const id = useId();
  return (
    <span className="row g1 t12">
      <input id={id} type="checkbox" checked={failed} onChange={({ target }) => onChange(target.checked)} />
      <label htmlFor={id}>{t('review.failed')}</label>
    </span>
  );
}
