import type { JSX } from 'react';
import { PartDetail } from './part-detail.tsx';
import { RequestDetail } from './request-detail.tsx';
import type { ContextPaneProps } from './shown.ts';
import { SummaryDetail } from './summary-detail.tsx';

/** Props of {@link DetailPane}. */
export type DetailPaneProps = ContextPaneProps & { readonly onClose: () => void };

/** The exact words of what was chosen. */
export function DetailPane(props: DetailPaneProps): JSX.Element {
  const { shown, place, overview, onClose } = props;
  switch (shown.kind) {
    case 'part':
      return <PartDetail key={shown.part} {...props} part={shown.part} />;
    case 'request':
      return <RequestDetail place={place} overview={overview} onClose={onClose} />;
    case 'summary':
      return (
        <SummaryDetail key={shown.summary_id} place={place} summary_id={shown.summary_id} onClose={onClose} />
      );
  }
}
