import { PanelLeft } from 'lucide-react';
import type { CSSProperties, JSX, ReactNode } from 'react';
import { t } from '../../messages/t.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { Sash } from './sash.tsx';
import { useColumnFocus } from './use-column-focus.ts';
import { useColumns } from './use-columns.ts';
import './frame.css';

/**
 * The grid of the window, with the lines between its columns. `frame.css` shows a line where a page has that column
 * open. The children are drawn by the caller, so moving a line draws none of them again.
 */
export function Columns({ children }: { readonly children: ReactNode }): JSX.Element {
  const { widths, widest, resize, reset, hide } = useColumns();
  useColumnFocus();
  const style = { '--left': `${widths.left}px`, '--right': `${widths.right}px` } as CSSProperties;
  return (
    <div className="app" style={style}>
      {children}
      <span className="hide-left">
        <IconButton
          icon={PanelLeft}
          label={t('frame.hideLeft')}
          title={t('frame.hideLeftHint')}
          onClick={() => hide('left')}
        />
      </span>
      {(['left', 'right'] as const).map((side) => (
        <Sash
          key={side}
          side={side}
          width={widths[side]}
          widest={widest[side]}
          onResize={(width) => resize(side, width)}
          onReset={() => reset(side)}
          onHide={() => hide(side)}
        />
      ))}
    </div>
  );
}
