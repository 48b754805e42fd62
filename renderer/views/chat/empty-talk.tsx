import { MessageCircle } from 'lucide-react';
import type { JSX } from 'react';
import { t } from '../../messages/t.ts';
import { useAgent } from '../../state/stores.ts';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { useSay } from '../welcome/use-say.ts';

/** What stands in one more conversation before anything was said: that memory is shared, and a way to see it. */
export function EmptyTalk(): JSX.Element {
  const name = useAgent()?.name ?? '';
  const say = useSay();
  return (
    <div className="scroll empty-talk">
      <Empty
        icon={MessageCircle}
        fact={t('chat.empty')}
        why={t('chat.empty.why', { name })}
        action={
          <Button size="s" onClick={() => say(t('welcome.sample.know'))}>
            {t('chat.empty.act', { name })}
          </Button>
        }
      />
    </div>
  );
}
