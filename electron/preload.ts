import { contextBridge, ipcRenderer } from 'electron';
import { CALL_CHANNEL, EVENT_CHANNEL } from './shell/channels.ts';

// Exposes two functions and nothing else; names and inputs are checked in the main process.
contextBridge.exposeInMainWorld('memoir', {
  call: (name: string, input: unknown): Promise<unknown> => ipcRenderer.invoke(CALL_CHANNEL, name, input),
  on: (listener: (envelope: unknown) => void): (() => void) => {
    const hear = (_event: unknown, envelope: unknown): void => listener(envelope);
    ipcRenderer.on(EVENT_CHANNEL, hear);
    return () => ipcRenderer.removeListener(EVENT_CHANNEL, hear);
  },
});
