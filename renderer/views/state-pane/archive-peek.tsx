import { useEffect, useState, type JSX } from 'react';
import type { Passage } from '../../../shared/contract/archive.ts';
import { t } from '../../messages/t.ts';
import { attemptQuietly } from '../../state/attempt.ts';
import { useAgent, useConnection, useMemory, useStores } from '../../state/stores.ts';
import { Time } from '../../ui/time.tsx';
import { routeHref } from '../frame/route.ts';

/** Entries shown. */
const LAST = 3;

/** Characters of an entry that hovering shows. */
const MOST_HOVERED = 500;

/** How much the archive holds and what was filed last, with the way to its page. */
export function ArchivePeek(): JSX.Element | null {
  const agent = useAgent();
  const total = useMemory((state) => state.archive_total);
  const passages = useLastPassages(agent?.id ?? null);
  if (agent === null || total === null) return null;
  return (
    <section className="blk" role="region" aria-label={t('archive.peek')}>
      <div className="blk-h">
        <h3>{t('archive.peek')}</h3>
        <span className="grow" />
        <span className="t12 t3 num">{t('archive.count', { count: total })}</span>
        {total > 0 && (
          <a className="link t12 end" href={routeHref('archive')}>
            {t('archive.open')}
          </a>
        )}
      </div>
      {total === 0 && <p className="t3">{t('archive.none', { name: agent.name })}</p>}
      {passages.map((passage) => (
        <p key={passage.id} className="row">
          <span className="cut grow" dir="auto" title={passage.text.slice(0, MOST_HOVERED)}>
            {passage.text}
          </span>
          <Time at={passage.created_at} className="t11 t3 num" />
        </p>
      ))}
    </section>
  );
}

function useLastPassages(agentId: string | null): readonly Passage[] {
  const stores = useStores();
  const revision = useMemory((state) => state.archive_revision);
  // A new answer of the connection means entries may have come unseen.
  const info = useConnection((state) => state.info);
  const [passages, setPassages] = useState<readonly Passage[]>([]);
  useEffect(() => {
    if (agentId === null) return undefined;
    let stale = false;
    attemptQuietly(stores, async () => {
      const answer = await stores.client.call('archive.list', { agent_id: agentId, limit: LAST });
      if (!stale) setPassages(answer.passages);
    });
    return () => {
      stale = true;
    };
  }, [stores, agentId, revision, info]);
  return passages;
}
