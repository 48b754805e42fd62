import { useState, type JSX } from 'react';
import { usePreferences, useConversations, useTalk } from '../../state/stores.ts';
import { Skeleton } from '../../ui/skeleton.tsx';
import { BranchOrigin } from '../branches/branch-origin.tsx';
import { ForkDialog } from '../branches/fork-dialog.tsx';
import { ModelNotice } from '../connect/model-notice.tsx';
import { Suggestions } from '../welcome/suggestions.tsx';
import { Welcome } from '../welcome/welcome.tsx';
import { ChatHead } from './chat-head.tsx';
import { EmptyTalk } from './empty-talk.tsx';
import { Composer } from './composer.tsx';
import { RawView } from './raw-view.tsx';
import { StepsView } from './steps-view.tsx';
import { TalkLog } from './talk-log.tsx';
import { TalkPlace } from './talk-place.ts';
import { SpokenAnswers } from './spoken-answers.tsx';
import { TalkScroll } from './talk-scroll.tsx';

/** Props of {@link Talk}. */
export type TalkProps = {
  readonly onImport: () => void;
  readonly onToggle: (side: 'left' | 'right') => void;
};

/** The centre: head, the talk in the chosen view, composer. An agent nothing was said to gets the welcome. */
export function Talk({ onImport, onToggle }: TalkProps): JSX.Element {
  const conversationId = useTalk((state) => state.conversation_id);
  const stage = useStage();
  const first = useConversations((state) => state.conversations.length <= 1);
  return (
    <>
      <ChatHead onToggle={onToggle} views={stage !== 'silent' || !first} />
      <BranchOrigin />
      <ModelNotice />
      {stage === 'loading' && (
        <div className="scroll">
          <Skeleton lines={4} />
        </div>
      )}
      {stage === 'silent' && (first ? <Welcome onImport={onImport} /> : <EmptyTalk />)}
      {stage === 'said' && <Said key={conversationId} />}
      {stage === 'said' && first && <Suggestions />}
      <SpokenAnswers key={`spoken-${conversationId}`} />
      <Composer key={`composer-${conversationId}`} />
      <ForkDialog />
    </>
  );
}

/** Whether the talk is still read, nothing was said in it, or something was. */
function useStage(): 'loading' | 'silent' | 'said' {
  return useTalk(({ loaded, messages, outgoing, queue, run }) => {
    if (!loaded) return 'loading';
    const count = messages.length + outgoing.length + queue.length;
    return count === 0 && run === null ? 'silent' : 'said';
  });
}

/** What was said, in the chosen view. */
function Said(): JSX.Element {
  const view = usePreferences((state) => state.view);
  const [place] = useState(() => new TalkPlace());
  return (
    <>
      <TalkScroll place={place}>
        {view === 'chat' && <TalkLog place={place} />}
        {view === 'steps' && <StepsView place={place} />}
        {view === 'raw' && <RawView place={place} />}
      </TalkScroll>
    </>
  );
}
