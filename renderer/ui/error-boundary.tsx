import { TriangleAlert } from 'lucide-react';
import { Component, type ReactNode } from 'react';
import { t } from '../messages/t.ts';
import { Button } from './button.tsx';
import { Empty } from './empty.tsx';

type Props = { readonly children: ReactNode };
type State = { readonly error: Error | null };

/** Keeps a failure of one pane in that pane: says what happened and offers to draw it again. */
export class ErrorBoundary extends Component<Props, State> {
  override readonly state: State = { error: null };

  /** Remembers what was thrown while drawing. */
  static getDerivedStateFromError(error: unknown): State {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  /** Draws the children, or the failure. */
  override render(): ReactNode {
    if (this.state.error === null) return this.props.children;
    return (
      <Empty
        icon={TriangleAlert}
        fact={t('boundary.fact')}
        why={t('boundary.why', { message: this.state.error.message })}
        action={
          <Button size="s" onClick={() => this.setState({ error: null })}>
            {t('boundary.again')}
          </Button>
        }
      />
    );
  }
}
