import type { JSX } from 'react';
import { t } from '../../messages/t.ts';
import { useAgent, useAgents } from '../../state/stores.ts';
import './context.css';
import { FloorParts } from './floor-notice.tsx';

/** Under a request that was too long: what its fixed part is made of now, and where each part is made smaller. */
export function FloorCure(): JSX.Element | null {
  const agent = useAgent();
  const overview = useAgents((state) => state.context);
  if (agent === null || overview === null) return null;
  if (overview.floor > overview.floor_limit) return <FloorParts agent={agent} parts={overview.parts} />;
  return overview.problem === null ? <span className="block t12 ok">{t('context.fits')}</span> : null;
}
