import { useEffect } from 'react';
import type { Bridge } from '../../../shared/client.ts';
import { fromWire } from '../../../shared/errors.ts';
import type { OpenedFile, ShellMethod } from '../../../shared/shell.ts';
import type { BridgeHost } from '../../backend.ts';
import { attempt } from '../../state/attempt.ts';
import { useStores } from '../../state/stores.ts';

const TAKE: ShellMethod = 'shell.take_file';

/** Hands on the files the system opened with the desktop app, as if they had been dropped. In a browser there are none. */
export function useOpenedFiles(onFiles: (files: readonly File[]) => void): void {
  const stores = useStores();
  useEffect(() => {
    const bridge = (window as unknown as BridgeHost).memoir;
    if (bridge === undefined) return undefined;
    const take = (): void =>
      attempt(stores, async () => {
        const files = await takeAll(bridge);
        if (files.length > 0) onFiles(files);
      });
    const stop = bridge.on((message) => {
      if ('shell' in message && message.shell === 'file') take();
    });
    // Those that were opened before this page was there.
    take();
    return stop;
  }, [stores, onFiles]);
}

async function takeAll(bridge: Bridge): Promise<File[]> {
  const files: File[] = [];
  for (;;) {
    const answer = await bridge.call(TAKE, {});
    if (!answer.ok) throw fromWire(answer.error);
    const file = answer.output as OpenedFile | null;
    if (file === null) return files;
    files.push(new File([file.text], file.name));
  }
}
