import { contextBridge, ipcRenderer } from 'electron';
import { CALL_CHANNEL, EVENT_CHANNEL } from './shell/channels.ts';

// Exposes two functions and nothing else; who calls, names and inputs are checked in the main process.
contextBridge.exposeInMainWorld(
  'memoir',
  Object.freeze({
    call: (name: string, input: unknown): Promise<unknown> => ipcRenderer.invoke(CALL_CHANNEL, name, input),
    on: (listener: (message: unknown) => void): (() => void) => {
      const hear = (_event: unknown, message: unknown): void => listener(message);
      ipcRenderer.on(EVENT_CHANNEL, hear);
      return () => ipcRenderer.removeListener(EVENT_CHANNEL, hear);
    },
  }),
);
