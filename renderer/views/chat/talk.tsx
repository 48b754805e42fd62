import type { JSX } from 'react';
import { usePreferences, useConversations, useTalk } from '../../state/stores.ts';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Welcome } from '../welcome/welcome.tsx';
import { ChatHead } from './chat-head.tsx';
import { Composer } from './composer.tsx';
import { RawView } from './raw-view.tsx';
import { StepsView } from './steps-view.tsx';
import { TalkLog } from './talk-log.tsx';
import { TalkScroll } from './talk-scroll.tsx';

/** Props of {@link Talk}. */
export type TalkProps = {
  readonly onImport: () => void;
  readonly onToggle: (side: 'left' | 'right') => void;
};

/** The centre: head, the talk in the chosen view, composer. An agent nothing was said to gets the welcome. */
export function Talk({ onImport, onToggle }: TalkProps): JSX.Element {
  const view = usePreferences((state) => state.view);
  const loaded = useTalk((state) => state.loaded);
  const conversationId = useTalk((state) => state.conversation_id);
  const silent = useTalk(
    (state) => state.messages.length === 0 && state.outgoing.length === 0 && state.run === null,
  );
  const first = useConversations((state) => state.conversations.length <= 1);
  const welcome = loaded && silent && first;
  return (
    <>
      <ChatHead onToggle={onToggle} views={!welcome} />
      {!loaded && (
        <div className="scroll">
          <Skeleton lines={4} />
        </div>
      )}
      {welcome && <Welcome onImport={onImport} />}
      {loaded && !welcome && (
        <TalkScroll key={conversationId}>
          {view === 'chat' && <TalkLog />}
          {view === 'steps' && <StepsView />}
          {view === 'raw' && <RawView />}
        </TalkScroll>
      )}
      <Composer key={`composer-${conversationId}`} />
    </>
  );
}
