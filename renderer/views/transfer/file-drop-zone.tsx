import { FileInput } from 'lucide-react';
import { useEffect, useRef, useState, type JSX } from 'react';
import { createPortal } from 'react-dom';
import { t } from '../../messages/t.ts';
import { Icon } from '../../ui/icon.tsx';

/** Props of {@link FileDropZone}. */
export type FileDropZoneProps = {
  /** Gets the files dropped anywhere in the window. */
  readonly onFiles: (files: readonly File[]) => void;
};

/** Makes the whole window take dropped files, and says so while one is held over it. */
export function FileDropZone({ onFiles }: FileDropZoneProps): JSX.Element | null {
  const [over, setOver] = useState(false);
  // Each element under the pointer enters and leaves for itself; only the last leave is one from the window.
  const depth = useRef(0);
  useEffect(() => {
    const abort = new AbortController();
    const listen = (
      type: 'dragenter' | 'dragover' | 'dragleave' | 'drop',
      act: (event: DragEvent) => void,
    ): void => {
      const whenFiles = (event: DragEvent): void => {
        if (event.dataTransfer?.types.includes('Files') !== true) return;
        event.preventDefault();
        act(event);
      };
      window.addEventListener(type, whenFiles, { signal: abort.signal });
    };
    const setDepth = (value: number): void => {
      depth.current = Math.max(0, value);
      setOver(depth.current > 0);
    };
    listen('dragenter', () => setDepth(depth.current + 1));
    listen('dragover', () => undefined);
    listen('dragleave', () => setDepth(depth.current - 1));
    listen('drop', (event) => {
      setDepth(0);
      onFiles([...(event.dataTransfer?.files ?? [])]);
    });
    return () => abort.abort();
  }, [onFiles]);
  if (!over) return null;
  return createPortal(
    <div className="drop-over" aria-hidden="true">
      <div>
        <Icon icon={FileInput} size={20} />
        <b>{t('import.drop')}</b>
        <span className="t2">{t('import.drop.why')}</span>
      </div>
    </div>,
    document.body,
  );
}
