import type { frame as english } from '../en/frame.ts';
import type { Translated } from '../entry.ts';

/** Texts of the frame: its columns and the way around it. */
export const frame = {
  'frame.hideLeft': 'Agenten und Gespräche verbergen',
  'frame.hideLeftHint': 'Agenten und Gespräche verbergen, Strg B',
  'frame.width.left': 'Breite von Agenten und Gesprächen',
  'frame.width.right': 'Breite des Zustands',
  'frame.pixels': { one: '{count} Bildpunkt', other: '{count} Bildpunkte' },
  'frame.skip.composer': 'Zum Nachrichtenfeld springen',
  'frame.skip.page': 'Zur Seite springen',
  'frame.nothingToUndo': 'Es gibt keine Änderung im Gedächtnis, die man zurücknehmen könnte.',
  'address.noAgent':
    'Der Agent dieser Adresse ist nicht hier; vielleicht liegt er im Papierkorb. Das ist der Anfang.',
  'address.noConversation':
    'Dieses Gespräch ist nicht hier; vielleicht liegt es im Papierkorb. Das ist der Anfang.',
  'address.noEntry': 'Der Eintrag dieser Adresse ist nicht hier; vielleicht liegt er im Papierkorb.',
} as const satisfies Translated<typeof english>;
