import type { Event } from 'electron';

/** An event of Electron's, with the fields it carries. */
export function preventable<Fields extends object>(fields: Fields): Event<Fields> {
  let defaultPrevented = false;
  const event = {
    ...fields,
    preventDefault: () => {
      defaultPrevented = true;
    },
  };
  Object.defineProperty(event, 'defaultPrevented', { get: () => defaultPrevented });
  return event as Event<Fields>;
}
