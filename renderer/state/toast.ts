import { createStore, type StoreApi } from 'zustand/vanilla';
import { isWireError, toWire } from '../../shared/errors.ts';

/** A sentence at the foot of the window, with an action while it stands. */
export type Toast = {
  /** Tells one toast from the next. */
  readonly id: number;
  readonly text: string;
  readonly tone: 'plain' | 'danger';
  readonly action?: { readonly label: string; readonly run: () => void };
};

/** The one toast that stands, if any. */
export type ToastState = {
  readonly toast: Toast | null;
  /** Shows a sentence for ten seconds in place of the one before. */
  readonly show: (text: string, action?: Toast['action']) => void;
  /** Shows what a failure says. Accepts anything thrown. */
  readonly fail: (error: unknown) => void;
  readonly dismiss: () => void;
};

/** Makes the store of the toast. */
export function createToastStore(): StoreApi<ToastState> {
  return createStore<ToastState>()((set, get) => ({
    toast: null,
    show: (text, action) =>
      set({
        toast: {
          id: (get().toast?.id ?? 0) + 1,
          text,
          tone: 'plain',
          ...(action === undefined ? {} : { action }),
        },
      }),
    fail: (error) =>
      set({ toast: { id: (get().toast?.id ?? 0) + 1, text: messageOf(error), tone: 'danger' } }),
    dismiss: () => set({ toast: null }),
  }));
}

function messageOf(error: unknown): string {
  return isWireError(error) ? error.message : toWire(error).message;
}
